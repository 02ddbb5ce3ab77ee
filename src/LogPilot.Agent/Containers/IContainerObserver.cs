namespace LogPilot.Agent.Containers;

/// <summary>
/// Hears of containers from the watches of the runtimes, one call at a time from each. Calls repeat after every reconciliation, so each must be
/// idempotent.
/// </summary>
internal interface IContainerObserver
{
    /// <summary>The container exists and looks like this now: new, restarted, renamed, ended, or only confirmed.</summary>
    void Seen(ContainerSnapshot container);

    /// <summary>The container is gone from the runtime. What it wrote is still to be drained.</summary>
    void Removed(string containerId);
}
