using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Tracking;

/// <summary>The events of this folder in the agent's log, 500 to 599.</summary>
internal static partial class TrackingEvents
{
    [LoggerMessage(500, LogLevel.Information, "{Path}: {Count} positions of the old agent taken over")]
    public static partial void RegistryImported(this ILogger log, string path, int count);

    [LoggerMessage(501, LogLevel.Error,
        "{Path} cannot be read: {Reason}; files that the old agent has shipped are shipped again")]
    public static partial void RegistryUnreadable(this ILogger log, string path, string reason);
}
