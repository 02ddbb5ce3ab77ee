using LogPilot.Agent.Shipping;
using Microsoft.Extensions.Logging;

namespace LogPilot.Aot.Commands;

/// <summary>The events of start and stop in the agent's log, 620 to 639.</summary>
internal static partial class HostEvents
{
    [LoggerMessage(620, LogLevel.Debug, "up to {Limit} files can be open")]
    public static partial void DescriptorLimit(this ILogger log, long limit);

    [LoggerMessage(621, LogLevel.Warning,
        "{Count} checkpoints were damaged and are not used: the lines of their files may be sent again")]
    public static partial void CheckpointsDamaged(this ILogger log, int count);

    [LoggerMessage(622, LogLevel.Information, "output {Output} is ready: _type {TypeName}, {TimeDigits} digits of a second")]
    public static partial void Connected(this ILogger log, OutputKind output, string typeName, int timeDigits);

    [LoggerMessage(623, LogLevel.Information, "stopping: what was read is delivered first")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(624, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(625, LogLevel.Critical, "{Reason}")]
    public static partial void StateUnusable(this ILogger log, string reason);
}
