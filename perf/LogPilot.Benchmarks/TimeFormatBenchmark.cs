using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Benchmarks;

/// <summary>What does the time in a record cost, beside the base library, which needs it as characters?</summary>
[MemoryDiagnoser]
public class TimeFormatBenchmark
{
    private const string Iso = "2026-11-24T10:00:00.123456+08:00";
    private const string AccessLog = "24/Nov/2026:10:00:00 +0800";
    private const string Local = "2026-11-24 10:00:00,123";

    private readonly byte[] _iso = Encoding.ASCII.GetBytes(Iso);
    private readonly byte[] _accessLog = Encoding.ASCII.GetBytes(AccessLog);
    private readonly byte[] _local = Encoding.ASCII.GetBytes(Local);
    private readonly byte[] _number = Encoding.ASCII.GetBytes("1795514400.1234567");
    private readonly byte[] _syslog = Encoding.ASCII.GetBytes("Nov 24 10:00:00");
    private readonly byte[] _target = new byte[RecordTime.LengthMax];
    private readonly RecordTime _reference = new(1_795_514_400, 123_456_789, 9);
    private readonly ZoneOffsets _newYork = ZoneOffsets.TryFind("EST5EDT", [], out var zone, out _) ? zone : ZoneOffsets.Utc;
    private readonly TimeFormat _isoFormat = Compile("%Y-%m-%dT%H:%M:%S.%N%z");
    private readonly TimeFormat _accessLogFormat = Compile("%d/%b/%Y:%H:%M:%S %z");
    private readonly TimeFormat _syslogFormat = Compile("%b %d %H:%M:%S");

    [Benchmark]
    public bool IsoDeclared() => _isoFormat.TryParse(_iso, _reference, _newYork, out _);

    [Benchmark]
    public bool IsoAny() => TimeFormat.Any.TryParse(_iso, _reference, _newYork, out _);

    [Benchmark]
    public bool IsoParseExact() => DateTimeOffset.TryParseExact(
        Iso, "yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [Benchmark]
    public bool IsoParse() => DateTimeOffset.TryParse(Iso, CultureInfo.InvariantCulture, out _);

    [Benchmark]
    public bool AccessLogDeclared() => _accessLogFormat.TryParse(_accessLog, _reference, _newYork, out _);

    [Benchmark]
    public bool AccessLogAny() => TimeFormat.Any.TryParse(_accessLog, _reference, _newYork, out _);

    [Benchmark]
    public bool AccessLogParseExact() => DateTimeOffset.TryParseExact(
        AccessLog, "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [Benchmark]
    public bool LocalTimeOfZone() => TimeFormat.Any.TryParse(_local, _reference, _newYork, out _);

    [Benchmark]
    public bool SyslogWithoutYear() => _syslogFormat.TryParse(_syslog, _reference, _newYork, out _);

    [Benchmark]
    public bool NumberAny() => TimeFormat.Any.TryParse(_number, _reference, _newYork, out _);

    [Benchmark]
    public int Write() => _reference.Write(_target);

    private static TimeFormat Compile(string strftime) =>
        TimeFormat.TryCompile(strftime, out var format, out var reason) ? format : throw new InvalidOperationException(reason);
}
