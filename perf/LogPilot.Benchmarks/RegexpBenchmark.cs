using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Benchmarks;

/// <summary>
/// What does it cost to make fields of a line by an expression, with and without the engine that does not backtrack,
/// and how much does it allocate? A line that does not match needs no groups and so allocates nothing.
/// </summary>
[MemoryDiagnoser]
public class RegexpBenchmark
{
    private const string Pattern =
        @"^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?<level>[A-Z]+) \[(?<thread>[^\]]*)\] (?<logger>\S+) - (?<text>.*)$";

    private readonly FieldWriter _fields = new();
    private BoundedRegex _regex = null!;
    private RegexpFormat _format = null!;
    private byte[] _line = [];

    [Params(false, true)]
    public bool Backtracking { get; set; }

    [Params("match", "utf8", "no match", "16 KiB")]
    public string Line { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        _regex = new BoundedRegex(Backtracking ? "(?=2)" + Pattern : Pattern, RegexDialect.Ruby, TimeProvider.System);
        _format = new RegexpFormat(_regex, new FieldNames(new AgentFields(DocumentShape.LogPilot, [])));
        const string Start = "2026-01-01 12:34:56 INFO [main] com.example.shop.OrderService - ";
        _line = Encoding.UTF8.GetBytes(Line switch
        {
            "utf8" => Start + "größer als €5: order 4711 of customer 42 is paid",
            "no match" => "\tat com.example.shop.OrderService.pay(OrderService.java:815) ~[shop.jar:1.0] and more",
            "16 KiB" => Start + new string('x', 16 * 1024),
            _ => Start + "order 4711 of customer 42 is paid, 3 items, 129.90 EUR",
        });
    }

    [Benchmark(Baseline = true)]
    public bool TryParse()
    {
        _fields.Clear();
        return _format.TryParse(_line, _fields);
    }

    [Benchmark]
    public bool IsMatch() => _regex.IsMatch(_line);
}
