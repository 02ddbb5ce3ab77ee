using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>What the watch of the engine says in the agent's log.</summary>
internal static partial class DockerWatchLog
{
    [LoggerMessage(100, LogLevel.Information,
        "Docker Engine {Version} at {Host} is connected; speaking API version {ApiVersion}.")]
    public static partial void EngineConnected(ILogger logger, string version, string host, Version apiVersion);

    [LoggerMessage(101, LogLevel.Warning, "{Failure} Trying again until it answers.")]
    public static partial void EngineAway(ILogger logger, string failure);

    [LoggerMessage(102, LogLevel.Information, "All {Count} containers of the Docker Engine are known.")]
    public static partial void ContainersKnown(ILogger logger, int count);

    [LoggerMessage(103, LogLevel.Warning,
        "Container {Container} could not be inspected and is tried again with the next list. {Failure}")]
    public static partial void InspectionFailed(ILogger logger, string container, string failure);

    [LoggerMessage(104, LogLevel.Warning,
        "DOCKER_API_VERSION={Wanted} is older than the Docker Engine accepts; speaking {ApiVersion}. Unset it, or set it to at least that.")]
    public static partial void ApiVersionRaised(ILogger logger, Version wanted, Version apiVersion);
}
