namespace LogPilot.Agent.Containers.Docker;

/// <summary>Which version of the API to speak with an engine.</summary>
internal static class DockerApiVersion
{
    /// <summary>
    /// The newest version that the agent was written for. Engine 29 refuses anything below 1.44, and no
    /// newer version changes what the agent reads.
    /// </summary>
    public static readonly Version Newest = new(1, 44);

    /// <summary>
    /// The newest version that the engine, the agent and the user's limit allow, but never one that the
    /// engine refuses as too old: calls this basic have kept their shape, so an engine of the future is
    /// better tried than given up.
    /// </summary>
    public static Version Choose(Version engine, Version? engineMin, Version? userMax)
    {
        var chosen = engine < Newest ? engine : Newest;
        chosen = userMax is not null && userMax < chosen ? userMax : chosen;
        return engineMin is not null && chosen < engineMin ? engineMin : chosen;
    }
}
