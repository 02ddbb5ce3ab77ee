using LogPilot.Agent.Tracking;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent;

/// <summary>
/// Forces checkpoints to disk, at intervals and at the end. The disk may take its time, and the pipeline does not wait for it.
/// </summary>
/// <param name="options">Where the checkpoints are, and how often they are forced to disk.</param>
/// <param name="force">Returns when everything written before is on the disk. Called from any thread, one call at a time.</param>
/// <param name="totals">What was read may have moved checkpoints, too: lines have got their day, and empty ones were passed.</param>
internal sealed class CheckpointSync(
    TrackingOptions options, Action force, AgentTotals totals, TimeProvider time, ILogger log)
{
    /// <summary>What the disk gets at a stop whose deadline the server has used up; a healthy one needs milliseconds.</summary>
    public static readonly TimeSpan LastWaitMin = TimeSpan.FromSeconds(1);

    private long _startedAt = time.GetTimestamp();
    private long _bytesRead;
    private bool _hasMoved;
    private Task _running = Task.CompletedTask;

    /// <summary>When <see cref="Beat"/> has something to do, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long NextDue => (_hasMoved || totals.BytesRead != _bytesRead) && _running.IsCompleted
        ? _startedAt + (long)(options.SyncInterval.TotalSeconds * time.TimestampFrequency)
        : long.MaxValue;

    /// <summary>Ranges have come back from the sink, so checkpoints may have moved.</summary>
    public void Moved() => _hasMoved = true;

    /// <summary>Begins to force to disk what has moved, if that is due.</summary>
    public void Beat()
    {
        if (time.GetTimestamp() >= NextDue)
        {
            _startedAt = time.GetTimestamp();
            _bytesRead = totals.BytesRead;
            _hasMoved = false;
            _running = Task.Run(TryForce);
        }
    }

    /// <summary>The pipeline has ended: checkpoints are on disk when this returns, unless the disk takes longer.</summary>
    /// <param name="waitMax">The rest of the stop's deadline.</param>
    public void Last(TimeSpan waitMax)
    {
        var last = Task.Run(LastAsync);
        using var ended = new CancellationTokenSource();
        var patience = Task.Delay(waitMax > LastWaitMin ? waitMax : LastWaitMin, time, ended.Token);
        if (Task.WhenAny(last, patience).GetAwaiter().GetResult() == patience)
        {
            log.StillSyncing(options.StateDirectory);
        }

        ended.Cancel();
    }

    private async Task LastAsync()
    {
        await _running.ConfigureAwait(false);
        TryForce();
    }

    private void TryForce()
    {
        try
        {
            force();
        }
        catch (IOException failure)
        {
            log.CannotSync(options.StateDirectory, failure.Message);
        }
    }
}
