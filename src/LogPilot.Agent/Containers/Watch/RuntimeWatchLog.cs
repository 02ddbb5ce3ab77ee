using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Containers.Watch;

/// <summary>What the watch of a runtime says in the agent's log.</summary>
internal static partial class RuntimeWatchLog
{
    [LoggerMessage(100, LogLevel.Information,
        "{Runtime} at {Host} is connected; speaking API version {ApiVersion}.")]
    public static partial void Connected(ILogger logger, string runtime, string host, string apiVersion);

    [LoggerMessage(101, LogLevel.Warning, "{Failure} Trying again until it answers.")]
    public static partial void Away(ILogger logger, string failure);

    [LoggerMessage(102, LogLevel.Information, "All {Count} containers of {Runtime} are known.")]
    public static partial void ContainersKnown(ILogger logger, int count, string runtime);

    [LoggerMessage(103, LogLevel.Warning,
        "Container {Container} could not be inspected and is tried again with the next list. {Failure}")]
    public static partial void InspectionFailed(ILogger logger, string container, string failure);

    [LoggerMessage(104, LogLevel.Warning, "{Notice}")]
    public static partial void Notice(ILogger logger, string notice);

    [LoggerMessage(105, LogLevel.Information,
        "What listens at {Host} does not serve CRI v1, as the containerd of a Docker Engine may do. It is asked again.")]
    public static partial void NotServed(ILogger logger, string host);
}
