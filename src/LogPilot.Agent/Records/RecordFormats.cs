using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Records;

/// <summary>The formats as they are declared.</summary>
internal static class RecordFormats
{
    private static readonly TimeFormat AccessLogTime = Compile("%d/%b/%Y:%H:%M:%S %z");

    /// <summary>Makes the format of a log; null if its lines stay as they are.</summary>
    /// <param name="agent">The other fields of the log's documents.</param>
    /// <param name="rested">Called when an expression was so slow that it rests now.</param>
    public static IRecordFormat? Create(
        LogFormat declared, AgentFields agent, TimeProvider time, Action rested) => declared.Kind switch
        {
            LogFormatKind.Json => new JsonFormat(declared.TimeKey, new FieldNames(agent)),
            LogFormatKind.Csv when declared.Keys is { } keys => new CsvFormat(keys, declared.TimeKey, new FieldNames(agent)),
            LogFormatKind.Nginx => AccessLogFormat.Nginx(NamesOf(AccessLogNames.Nginx, agent)),
            LogFormatKind.Apache2 => AccessLogFormat.Apache2(NamesOf(AccessLogNames.Apache2, agent)),
            LogFormatKind.ApacheError => new ApacheErrorFormat(new FieldNames(agent)),
            LogFormatKind.Regexp => new RegexpFormat(
                new BoundedRegex(declared.Pattern!, RegexDialect.Ruby, time, rested), new FieldNames(agent)),
            _ => null,
        };

    /// <summary>The name as <c>log.parse_error</c> has it.</summary>
    public static byte[] NameOf(LogFormatKind kind) => kind switch
    {
        LogFormatKind.Json => [.. "json"u8],
        LogFormatKind.Csv => [.. "csv"u8],
        LogFormatKind.Nginx => [.. "nginx"u8],
        LogFormatKind.Apache2 => [.. "apache2"u8],
        LogFormatKind.ApacheError => [.. "apache_error"u8],
        LogFormatKind.Regexp => [.. "regexp"u8],
        _ => [],
    };

    /// <summary>How the text of a record's time is read; null if it has none.</summary>
    public static TimeFormat? TimeFormatOf(LogFormat declared) => declared switch
    {
        { TimeFormat: { } strftime } => Compile(strftime),
        { Kind: LogFormatKind.Nginx or LogFormatKind.Apache2 } => AccessLogTime,
        { Kind: LogFormatKind.ApacheError or LogFormatKind.Regexp } or { TimeKey: not null } => TimeFormat.Any,
        _ => null,
    };

    /// <summary>Why a time format cannot be used, and null if it can.</summary>
    public static string? ErrorOfTimeFormat(string strftime) => TimeFormat.TryCompile(strftime, out _, out var reason) ? null : reason;

    private static AccessLogNames NamesOf(AccessLogNames names, AgentFields agent) =>
        (agent.Shape == DocumentShape.Ecs ? AccessLogNames.Ecs : names).Beside(new FieldNames(agent));

    private static TimeFormat Compile(string strftime) => TimeFormat.TryCompile(strftime, out var format, out var reason)
        ? format
        : throw new ArgumentException(reason, nameof(strftime));
}
