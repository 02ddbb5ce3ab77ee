namespace LogPilot.Agent.Containers.Docker;

/// <summary>
/// Which repetitions of a fault are worth a line in the log: each kind at once, then at most once per
/// interval.
/// </summary>
internal sealed class FaultNotices(TimeSpan interval)
{
    private readonly Dictionary<DockerFault, DateTimeOffset> _said = [];

    /// <summary>Whether to say it now; then it counts as said.</summary>
    public bool Due(DockerFault fault, DateTimeOffset now)
    {
        if (_said.TryGetValue(fault, out var last) && now - last < interval)
        {
            return false;
        }

        _said[fault] = now;
        return true;
    }
}
