using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Lines;

namespace LogPilot.Benchmarks;

/// <summary>What does it cost to take a line of the json-file driver apart, by what stands in it?</summary>
[MemoryDiagnoser]
public class JsonFileFormatBenchmark
{
    private byte[] _line = [];

    [Params("plain", "escapes", "utf8", "attributes", "16 KiB")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var text = Text switch
        {
            "escapes" => string.Concat(Enumerable.Repeat("\\\"key\\\":\\u003c\\\\path\\t", 8)),
            "utf8" => string.Concat(Enumerable.Repeat("größer als €5 — 日本語 ", 4)),
            "16 KiB" => new string('x', 16 * 1024),
            _ => SampleLines.AccessLog,
        };
        var attributes = Text == "attributes" ? ",\"attrs\":{\"tag\":\"web\"}" : "";
        _line = Encoding.UTF8.GetBytes(
            $"{{\"log\":\"{text}\\n\",\"stream\":\"stdout\"{attributes},\"time\":\"{SampleLines.Time}\"}}");
    }

    [Benchmark]
    public int TryParse() => JsonFileFormat.TryParse(_line, out var line) ? line.Text.Length : throw new InvalidOperationException("no line");
}
