using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;

namespace LogPilot.Benchmarks;

/// <summary>What does it cost to join stack traces, beside reading their lines one by one?</summary>
[MemoryDiagnoser]
public class RecordJoinerBenchmark
{
    private const int Records = 100;

    private static readonly LineOptions Options = new();

    private static readonly byte[] File = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(
        "2026-11-24 10:15:32.123 ERROR [main] c.e.App - request failed\n"
            + "java.lang.IllegalStateException: cannot pay\n"
            + "\tat com.example.Pay.pay(Pay.java:42)\n\tat com.example.App.main(App.java:7)\n"
            + "Caused by: java.net.SocketTimeoutException: timed out\n\t... 12 more\n",
        Records)));

    private readonly RawReader _lines = new(Options);

    private readonly RecordJoiner _records = new(
        new RawReader(Options),
        new MultilineRule(Pattern),
        new LinePattern(new BoundedRegex(Pattern, RegexDialect.Go, TimeProvider.System)),
        Options,
        TimeProvider.System);

    private static string Pattern => @"^\s|^Caused by:|^java\.";

    [Benchmark(Baseline = true)]
    public int Lines() => Read(_lines);

    [Benchmark]
    public int Join() => Read(_records);

    private static int Read(ILineReader reader)
    {
        reader.Seek(0);
        var found = 0;
        while (reader.TryFind(File.AsSpan((int)reader.Position), ChunkEnd.Open, out _))
        {
            reader.Take();
            found++;
        }

        return found;
    }
}
