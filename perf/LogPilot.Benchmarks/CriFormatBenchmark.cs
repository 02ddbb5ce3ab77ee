using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Lines;

namespace LogPilot.Benchmarks;

/// <summary>What does it cost to take a line of a CRI runtime apart, in UTC and in the zone of the node?</summary>
[MemoryDiagnoser]
public class CriFormatBenchmark
{
    private byte[] _line = [];

    [Params("Z", "+08:00")]
    public string Zone { get; set; } = "";

    [GlobalSetup]
    public void Prepare() => _line = Encoding.UTF8.GetBytes(
        $"{SampleLines.Time.TrimEnd('Z')}{Zone} stdout F {SampleLines.AccessLog.Replace("\\\"", "\"", StringComparison.Ordinal)}");

    [Benchmark]
    public int TryParse() => CriFormat.TryParse(_line, out var line) ? line.Text.Length : throw new InvalidOperationException("no line");
}
