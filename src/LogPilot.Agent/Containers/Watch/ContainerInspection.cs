namespace LogPilot.Agent.Containers.Watch;

/// <summary>
/// A runtime's answer about one container, with the two times that tell one life of it from the next, in the runtime's own form.
/// </summary>
internal sealed record ContainerInspection(ContainerSnapshot Snapshot, string StartedAt, string FinishedAt)
{
    /// <summary>
    /// Whether a life of the container has ended since <paramref name="earlier"/>, although it may run
    /// again.
    /// </summary>
    public bool EndedSince(ContainerInspection earlier) =>
        earlier.Snapshot.State != ContainerState.Ended
        && (FinishedAt != earlier.FinishedAt
            || (earlier.Snapshot.State == ContainerState.Running && StartedAt != earlier.StartedAt));
}
