using System.Threading.Channels;

namespace LogPilot.Agent.Tests.Support;

/// <summary>A clock that moves only when a test says so, with timers that fire as it passes them.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly Channel<bool> _started = Channel.CreateUnbounded<bool>();
    private DateTimeOffset _now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, and fires on the way what is due, in order.</summary>
    public void Advance(TimeSpan by)
    {
        var target = GetUtcNow() + by;
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _now = target;
        }
    }

    /// <summary>
    /// Waits until somebody waits: for one more timer to be started than this method has returned for.
    /// </summary>
    public Task TimerStartedAsync() => _started.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>
    /// Moves the clock by a step whenever somebody waits, until a task is done, which must have a deadline
    /// of its own.
    /// </summary>
    public async Task AdvanceUntilAsync(Task done, TimeSpan step)
    {
        // Looks without taking: a wait that is given up must not swallow the next timer.
        while (await Task.WhenAny(done, _started.Reader.WaitToReadAsync().AsTask()) != done)
        {
            _started.Reader.TryRead(out _);
            Advance(step);
        }

        await done;
    }

    private ManualTimer? TakeDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            if (next is not null)
            {
                _now = next.Due > _now ? next.Due : _now;
                next.Rearm(_timers);
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback();

        public void Rearm(List<ManualTimer> timers)
        {
            Due += _period;
            if (_period <= TimeSpan.Zero)
            {
                timers.Remove(this);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                Due = time._now + dueTime;
                time._timers.Add(this);
            }

            time._started.Writer.TryWrite(true);
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
