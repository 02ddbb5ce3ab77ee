namespace LogPilot.Agent.Containers.Docker;

/// <summary>How the Docker Engine is reached and watched.</summary>
internal sealed record DockerOptions
{
    /// <summary><c>DOCKER_HOST</c>: <c>unix://PATH</c> or <c>tcp://HOST:PORT</c>; Docker's own default.</summary>
    public Uri Host { get; init; } = new("unix:///var/run/docker.sock");

    /// <summary>The newest API version to speak, <c>DOCKER_API_VERSION</c>; null to take what the engine offers.</summary>
    public Version? ApiVersionMax { get; init; }

    /// <summary>How often the list is compared with what the events said, <c>LOGPILOT_RECONCILE_INTERVAL</c>.</summary>
    public TimeSpan ReconcileInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest pause between two attempts to reach the engine.</summary>
    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one answer may take, the event stream excepted. An engine under load takes seconds; one that hangs on a
    /// container's lock never answers, and must not take the watch with it.
    /// </summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the engine is asked whether it still answers: the stream of events of an engine that hangs is as silent as
    /// that of one where nothing happens. Half of the shortest lag that health can be told to notice.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the answer to that may take. A healthy engine needs a millisecond, and one that is only slow must not be taken
    /// for one that hangs: to connect again costs it an inspection of every container.
    /// </summary>
    public TimeSpan PingDeadline { get; init; } = TimeSpan.FromSeconds(10);
}
