using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Shipping;

namespace LogPilot.Benchmarks;

/// <summary>What does the answer for a batch of 2,500 items cost, when all is well and when one item is not?</summary>
[MemoryDiagnoser]
public class BulkAnswerBenchmark
{
    private const int Items = 2500;

    private readonly BulkVerdicts _verdicts = new();
    private byte[] _answer = [];

    [Params(false, true)]
    public bool HasError { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        const string Stored = "{\"create\":{\"status\":201}}";
        const string Refused = "{\"create\":{\"status\":429,\"error\":{\"type\":\"es_rejected_execution_exception\",\"reason\":\"queue is full\"}}}";
        var items = Enumerable.Repeat(Stored, Items - 1).Append(HasError ? Refused : Stored);
        _answer = Encoding.ASCII.GetBytes($"{{\"errors\":{(HasError ? "true" : "false")},\"items\":[{string.Join(',', items)}]}}");
    }

    [Benchmark(OperationsPerInvoke = Items)]
    public async Task<int> ReadAsync()
    {
        using var body = new MemoryStream(_answer);
        var outcome = await BulkAnswerReader.ReadAsync(body, Items, _verdicts, CancellationToken.None);
        return outcome == BulkAnswerOutcome.Unreadable ? throw new InvalidOperationException("no answer") : _verdicts.Count;
    }
}
