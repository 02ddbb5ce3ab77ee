namespace LogPilot.Agent.Containers.Watch;

/// <summary>An open stream of container events; one reader at a time.</summary>
internal interface IContainerEvents : IDisposable
{
    /// <summary>
    /// Waits for the next event, without a deadline because a quiet host has none. Throws
    /// <see cref="RuntimeException"/> when the stream has ended or broken, and it is of no use after that.
    /// </summary>
    ValueTask<ContainerEvent> NextAsync(CancellationToken stopping);
}
