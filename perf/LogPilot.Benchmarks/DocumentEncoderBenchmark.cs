using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;

namespace LogPilot.Benchmarks;

/// <summary>What does it cost to write a line into a batch as action and document?</summary>
[MemoryDiagnoser]
public class DocumentEncoderBenchmark
{
    private static readonly DocumentTarget Target = new(true, null, 9);

    private readonly Batch _batch = new(1024 * 1024);
    private readonly RecordIds _ids = new("4f2d", "web\0web", 0);
    private readonly byte[] _time = Encoding.ASCII.GetBytes(SampleLines.Time);
    private readonly byte[] _text = Encoding.ASCII.GetBytes(SampleLines.AccessLog);
    private readonly DocumentEncoder _encoder = new(
        Target,
        "web",
        "yyyy.MM.dd",
        "/var/lib/docker/containers/4f2d/4f2d-json.log",
        new AgentFields(DocumentShape.LogPilot,
        [
            RecordField.Text("index", "web"), RecordField.Text("topic", "web"),
            RecordField.Text("environment", "load"), RecordField.Text("docker_container", "web"),
        ]));

    private long _offset;

    /// <summary>Json-file text is copied as it is; raw text has to be escaped.</summary>
    [Params(true, false)]
    public bool IsEscaped { get; set; }

    [GlobalSetup]
    public void Prepare() => _batch.Reset(Target);

    [Benchmark]
    public bool TryWrite()
    {
        var line = new Line { Text = _text, Time = _time, Start = _offset, End = _offset + 208, IsEscaped = IsEscaped };
        _offset += 208;
        var record = new Record { Time = _time };
        if (_encoder.TryWrite(_batch, line, record, _ids, 1))
        {
            return true;
        }

        _batch.Reset(Target);
        return _encoder.TryWrite(_batch, line, record, _ids, 1);
    }
}
