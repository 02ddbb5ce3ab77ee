namespace LogPilot.Agent.Containers.Watch;

/// <summary>
/// Something that happened to a container, in Docker's words, at a time in nanoseconds since 1970 by the engine's clock.
/// </summary>
internal readonly record struct ContainerEvent(string ContainerId, string Action, long TimeNano)
{
    /// <summary>The container and its files are gone.</summary>
    public const string Destroy = "destroy";
}
