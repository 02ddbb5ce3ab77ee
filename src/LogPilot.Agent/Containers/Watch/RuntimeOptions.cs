namespace LogPilot.Agent.Containers.Watch;

/// <summary>How a container runtime is reached and watched.</summary>
internal abstract record RuntimeOptions
{
    /// <summary>The address of its socket.</summary>
    public abstract Uri Host { get; init; }

    /// <summary>Nobody has named the runtime: if what has its socket does not serve as one, that is no fault.</summary>
    public bool IsOptional { get; init; }

    /// <summary>How often the list is compared with what the events said, <c>LOGPILOT_RECONCILE_INTERVAL</c>.</summary>
    public TimeSpan ReconcileInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the list is asked for where there are no events: as often as kubelet does (its PLEG).</summary>
    public TimeSpan ListInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two attempts to reach the runtime.</summary>
    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one answer may take, the event stream excepted. A runtime under load takes seconds; one that hangs on a
    /// container's lock never answers, and must not take the watch with it.
    /// </summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the runtime is asked whether it still answers: the stream of events of one that hangs is as silent as
    /// that of one where nothing happens. Half of the shortest lag that health can be told to notice.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the answer to that may take. A healthy runtime needs a millisecond, and one that is only slow must not be taken
    /// for one that hangs: to connect again costs it an inspection of every container.
    /// </summary>
    public TimeSpan PingDeadline { get; init; } = TimeSpan.FromSeconds(10);
}
