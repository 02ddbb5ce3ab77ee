using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>How the Docker Engine is reached and watched.</summary>
internal sealed record DockerOptions : RuntimeOptions
{
    /// <summary><c>DOCKER_HOST</c>: <c>unix://PATH</c> or <c>tcp://HOST:PORT</c>; Docker's own default.</summary>
    public override Uri Host { get; init; } = new("unix:///var/run/docker.sock");

    /// <summary>The newest API version to speak, <c>DOCKER_API_VERSION</c>; null to take what the engine offers.</summary>
    public Version? ApiVersionMax { get; init; }
}
