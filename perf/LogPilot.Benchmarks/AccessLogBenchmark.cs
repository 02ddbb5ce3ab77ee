using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Benchmarks;

/// <summary>
/// What does it cost to make fields of a line of an access log, by what the line is? The expression is fluentd's, compiled by
/// .NET, and it ends with the places of the groups: nothing is escaped and no JSON is written.
/// </summary>
[MemoryDiagnoser]
public partial class AccessLogBenchmark
{
    private readonly AccessLogFormat _nginx = AccessLogFormat.Nginx();
    private readonly AccessLogFormat _apache2 = AccessLogFormat.Apache2();
    private readonly FieldWriter _fields = new();
    private byte[] _line = [];

    [Params("combined", "forwarded", "no access log")]
    public string Line { get; set; } = "";

    [GlobalSetup]
    public void Prepare() => _line = Encoding.UTF8.GetBytes(Line switch
    {
        "combined" => SampleLines.CombinedLog,
        "forwarded" => SampleLines.CombinedLog + " \"198.51.100.7\"",
        _ => "2026-01-01 12:34:56 INFO [main] com.example.shop.OrderService - order 4711 of customer 42 is paid, 3 items, 129.90 EUR",
    });

    [Benchmark(Baseline = true)]
    public int Nginx() => Run(_nginx);

    [Benchmark]
    public int Apache2() => Run(_apache2);

    [Benchmark]
    public int FluentdExpression()
    {
        var match = Fluentd().Match(Encoding.UTF8.GetString(_line));
        var length = 0;
        for (var group = 1; match.Success && group < match.Groups.Count; group++)
        {
            length += match.Groups[group].Length;
        }

        return length;
    }

    private int Run(AccessLogFormat format)
    {
        _fields.Clear();
        format.TryParse(_line, _fields);
        return _fields.Members.Length;
    }

    [GeneratedRegex(
        @"^(?<remote>[^ ]*) (?<host>[^ ]*) (?<user>[^ ]*) \[(?<time>[^\]]*)\] ""(?<method>\S+)(?: +(?<path>[^""]*?)(?: +\S*)?)?"" "
        + @"(?<code>[^ ]*) (?<size>[^ ]*)(?: ""(?<referer>[^""]*)"" ""(?<agent>[^""]*)""(?:\s+(?<http_x_forwarded_for>[^ ]+))?)?$")]
    private static partial Regex Fluentd();
}
