using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Records;

namespace LogPilot.Benchmarks;

/// <summary>What does the id of a record cost?</summary>
[MemoryDiagnoser]
public class RecordIdsBenchmark
{
    private readonly RecordIds _ids = new("4f2d", "web\0web", 0);
    private readonly byte[] _time = Encoding.ASCII.GetBytes(SampleLines.Time);
    private readonly byte[] _text = Encoding.ASCII.GetBytes(SampleLines.AccessLog);
    private readonly byte[] _target = new byte[RecordIds.Length];
    private long _offset;

    [Benchmark]
    public byte Write()
    {
        _ids.Write(_offset += 208, _time, _text, _target);
        return _target[0];
    }
}
