namespace LogPilot.Agent;

/// <summary>
/// How long to wait before each further attempt at what just failed: a pure sequence of pauses that neither waits nor reads a clock.
/// </summary>
/// <remarks>
/// The ceiling doubles from <c>min</c> to <c>max</c>, and each pause is drawn from its upper half ("equal jitter"): many agents
/// that lost the same server spread out, while none of them comes back at once, as full jitter would let it.
/// One owner: not safe for concurrent use, but any number of schedules may share <see cref="Random.Shared"/>.
/// </remarks>
internal sealed class RetrySchedule
{
    private readonly TimeSpan _min;
    private readonly TimeSpan _max;
    private readonly Random _jitter;
    private TimeSpan _ceiling;

    public RetrySchedule(TimeSpan min, TimeSpan max, Random jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(min, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        _min = min;
        _max = max;
        _jitter = jitter;
        _ceiling = min;
    }

    /// <summary>The pause before the next attempt, never longer than the maximum.</summary>
    public TimeSpan Next()
    {
        var pause = _ceiling / 2 * (1 + _jitter.NextDouble());

        // Compared by halves, since doubling a maximum near TimeSpan.MaxValue would overflow.
        _ceiling = _ceiling > _max / 2 ? _max : _ceiling * 2;
        return pause;
    }

    /// <summary>An attempt has succeeded: the next failure starts again with the shortest pause.</summary>
    public void Reset() => _ceiling = _min;
}
