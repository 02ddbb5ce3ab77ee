namespace LogPilot.Agent.Containers.Watch;

/// <summary>
/// What the watch asks of a container runtime. Each call throws <see cref="RuntimeException"/> if the runtime cannot be asked, and
/// may simply be made again. Safe for concurrent use.
/// </summary>
internal interface IRuntimeClient : IDisposable
{
    Uri Host { get; }

    /// <summary>Returns once the runtime has answered anything at all: what costs it nothing, and needs no lock.</summary>
    Task PingAsync(CancellationToken stopping);

    /// <summary>Learns what the runtime is; to be called again when it may have been replaced.</summary>
    Task<RuntimeInfo> ConnectAsync(CancellationToken stopping);

    /// <summary>
    /// Opens the stream of container events, beginning with those the runtime remembers since <paramref name="sinceNano"/>,
    /// nanoseconds since 1970. The caller disposes of it.
    /// </summary>
    /// <returns>Null if the runtime tells no events, so that only its list shows what has happened.</returns>
    Task<IContainerEvents?> OpenEventsAsync(long sinceNano, CancellationToken stopping);

    /// <summary>All containers, those that have ended too.</summary>
    Task<IReadOnlyList<ContainerListing>> ListAsync(CancellationToken stopping);

    /// <summary>One container as it is now; null if the runtime does not have it any more, which is final.</summary>
    Task<ContainerInspection?> InspectAsync(string containerId, CancellationToken stopping);
}
