using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Records;

namespace LogPilot.Benchmarks;

/// <summary>What does it cost to make a raw line the content of a JSON string, by what stands in it?</summary>
[MemoryDiagnoser]
public class JsonTextBenchmark
{
    private byte[] _text = [];
    private byte[] _target = [];

    [Params("plain", "quotes", "utf8", "control", "invalid")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        const int Length = 160;
        var text = Text switch
        {
            "quotes" => "{\"key\":\"value\",\"n\":1}",
            "utf8" => "größer als €5 — 日本語 ",
            "control" => "\u001b[31mred\u001b[0m\t",
            _ => "a line of an application ",
        };
        _text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, (Length / text.Length) + 1)))[..Length];
        if (Text == "invalid")
        {
            _text[Length / 2] = 0xff;
        }

        _target = new byte[Length * JsonText.ExpansionMax];
    }

    [Benchmark]
    public int Write() => JsonText.Write(_text, _target);
}
