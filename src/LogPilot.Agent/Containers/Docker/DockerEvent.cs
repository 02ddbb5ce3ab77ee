namespace LogPilot.Agent.Containers.Docker;

/// <summary>
/// Something that happened to a container, at a time in nanoseconds since 1970 by the engine's clock.
/// </summary>
internal readonly record struct DockerEvent(string ContainerId, string Action, long TimeNano)
{
    /// <summary>The container and its files are gone.</summary>
    public const string Destroy = "destroy";

    /// <summary>
    /// What the engine is asked to tell: the events after which a container looks different. Left out are
    /// those that change nothing here (<c>pause</c>, <c>attach</c>, <c>resize</c>) and above all
    /// <c>exec_*</c>, since every exec probe sends three.
    /// </summary>
    public const string Filters =
        """{"type":["container"],"event":["create","start","restart","rename","die","destroy"]}""";
}
