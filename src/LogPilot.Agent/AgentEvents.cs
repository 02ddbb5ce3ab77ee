using Microsoft.Extensions.Logging;

namespace LogPilot.Agent;

/// <summary>The events of the agent as a whole in its log, 610 to 699.</summary>
internal static partial class AgentEvents
{
    [LoggerMessage(610, LogLevel.Error, "{Owner}: {Error}; {Fix}")]
    public static partial void DeclarationRejected(this ILogger log, string owner, string error, string fix);

    [LoggerMessage(611, LogLevel.Warning, "{Owner}: {Notice}")]
    public static partial void DeclarationNotice(this ILogger log, string owner, string notice);

    [LoggerMessage(612, LogLevel.Warning,
        "container {Name}: log {Log} is not collected, since its log driver {Driver} writes no file; start it with the driver json-file")]
    public static partial void DriverHasNoFile(this ILogger logger, string name, string log, string driver);

    [LoggerMessage(613, LogLevel.Error,
        "{Path} is not read yet, since its position cannot be kept in {Directory}: {Reason}; free space there")]
    public static partial void CannotKeepCheckpoint(this ILogger log, string path, string directory, string reason);

    [LoggerMessage(614, LogLevel.Error,
        "the checkpoints in {Directory} cannot be forced to disk: {Reason}; after a power cut lines may be sent again")]
    public static partial void CannotSync(this ILogger log, string directory, string reason);

    [LoggerMessage(615, LogLevel.Error, "{Bytes} bytes of {Path} of {Owner} are lost: {Reason}")]
    public static partial void Lost(this ILogger log, long bytes, string path, string owner, string reason);

    [LoggerMessage(616, LogLevel.Warning,
        "the checkpoints in {Directory} are not on disk yet, and the stop's deadline is over; only a power cut now makes lines be sent again")]
    public static partial void StillSyncing(this ILogger log, string directory);

    [LoggerMessage(617, LogLevel.Warning,
        "a regular expression of log {Name} of {Owner} is too slow and rests; until it goes on its lines match nothing: simplify it")]
    public static partial void ExpressionRests(this ILogger log, string name, string owner);

    [LoggerMessage(618, LogLevel.Warning, "TZ={Zone} of {Owner} is not used: {Reason}; times without a zone are read as UTC")]
    public static partial void ZoneUnknown(this ILogger log, string zone, string owner, string reason);
}
