namespace LogPilot.Agent.Shipping;

/// <summary>
/// Until when something that failed is left alone. Failures reported while it is left alone are the same failure seen by
/// another sender, so they do not lengthen the pause. Safe for concurrent use.
/// </summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly RetrySchedule _schedule = new(min, max < min ? min : max, Random.Shared);
    private long _failedAt;
    private TimeSpan _pause;

    /// <summary>How long to leave it alone from now on; zero or less when it may be tried.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
            {
                return RemainingNow();
            }
        }
    }

    /// <summary>Whether it failed and has not worked since.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_gate)
            {
                return _pause > TimeSpan.Zero;
            }
        }
    }

    /// <summary>It failed: returns how long to leave it alone.</summary>
    public TimeSpan Fail()
    {
        lock (_gate)
        {
            var remaining = RemainingNow();
            if (remaining > TimeSpan.Zero)
            {
                return remaining;
            }

            _failedAt = time.GetTimestamp();
            _pause = _schedule.Next();
            return _pause;
        }
    }

    /// <summary>It worked: true if it had failed before.</summary>
    public bool Succeed()
    {
        lock (_gate)
        {
            var failed = _pause > TimeSpan.Zero;
            _pause = TimeSpan.Zero;
            _schedule.Reset();
            return failed;
        }
    }

    private TimeSpan RemainingNow() =>
        _pause == TimeSpan.Zero ? TimeSpan.Zero : _pause - time.GetElapsedTime(_failedAt);
}
