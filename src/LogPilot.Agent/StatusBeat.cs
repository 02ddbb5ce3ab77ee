using LogPilot.Agent.Files;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent;

/// <summary>Shows at intervals that the pipeline moves, and how far it is.</summary>
internal sealed class StatusBeat(
    TrackingOptions options, CheckpointFile checkpoints, AgentReport report, TimeProvider time)
{
    /// <summary>How often the pipeline moves at least.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShowInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TouchInterval = TimeSpan.FromHours(1);

    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
    private long _shownAt;
    private long _touchedAt = time.GetTimestamp();

    /// <param name="oldestUndelivered">When the oldest document that is not delivered was read, by <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="tailer">Says since when a file waits to be read.</param>
    /// <param name="passes">Their sizes are shown, and their checkpoints kept from being forgotten.</param>
    public void Beat(long? oldestUndelivered, Tailer tailer, FilePasses passes)
    {
        if (_shownAt == 0 || time.GetElapsedTime(_shownAt) >= ShowInterval)
        {
            _shownAt = time.GetTimestamp();
            Show(oldestUndelivered, tailer.OldestUnread);
            passes.ShowUnread();
        }

        if (time.GetElapsedTime(_touchedAt) >= TouchInterval)
        {
            _touchedAt = time.GetTimestamp();
            passes.Touch();
        }
    }

    /// <summary>The pipeline has ended.</summary>
    public void Last() => Show(null, null);

    private void Show(long? oldestUndelivered, long? oldestUnread)
    {
        var sinceBoot = Environment.TickCount64;
        new AgentStatus
        {
            ProcessId = Environment.ProcessId,
            BeatAt = sinceBoot,
            StartedAt = _startedAt,
            OldestUndeliveredAt = SinceBoot(oldestUndelivered),
            OldestUnreadAt = SinceBoot(oldestUnread),
            LagMax = options.HealthLagMax,
            Counts = report.Counts,
            Sink = report.Sink,
            Runtime = report.Runtime,
            Losses = report.Losses,
        }.Write(checkpoints.Status);

        long SinceBoot(long? timestamp) =>
            timestamp is { } since ? Math.Max(1, sinceBoot - (long)time.GetElapsedTime(since).TotalMilliseconds) : 0;
    }
}
