namespace LogPilot.Agent.Shipping;

/// <summary>What holds deliveries up, in words for an operator. Written by the sink, read by health and status.</summary>
internal sealed class SinkStatus(TimeProvider time)
{
    private sealed record Problem(string Text, DateTimeOffset Since);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Problem> _problems = [];

    /// <summary>A cause that lasts, such as a refused password or an index that takes nothing; the same key again keeps its start.</summary>
    public void Report(string key, string text)
    {
        lock (_gate)
        {
            var since = _problems.TryGetValue(key, out var known) ? known.Since : time.GetUtcNow();
            _problems[key] = new Problem(text, since);
        }
    }

    public void Clear(string key)
    {
        lock (_gate)
        {
            _problems.Remove(key);
        }
    }

    /// <summary>The problem that has lasted longest, or null while deliveries succeed.</summary>
    public (string Text, DateTimeOffset Since)? Oldest()
    {
        lock (_gate)
        {
            var oldest = _problems.Values.MinBy(problem => problem.Since);
            return oldest is null ? null : (oldest.Text, oldest.Since);
        }
    }
}
