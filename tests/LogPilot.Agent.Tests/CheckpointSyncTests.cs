using LogPilot.Agent.Tests.Support;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests;

public sealed class CheckpointSyncTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TrackingOptions Options = new() { SyncInterval = TimeSpan.FromSeconds(1) };

    private readonly ManualTime _time = new();
    private readonly RecordingLogger _log = new();
    private readonly AgentTotals _totals = new();

    // The disk answers while it is set.
    private readonly ManualResetEventSlim _disk = new(initialState: true);
    private readonly SemaphoreSlim _forced = new(0);
    private readonly CheckpointSync _sync;

    public CheckpointSyncTests() => _sync = new CheckpointSync(Options, Force, _totals, _time, _log);

    public void Dispose()
    {
        _disk.Dispose();
        _forced.Dispose();
    }

    [Fact]
    public void Beat_NothingHasMoved_IsNeverDue()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _sync.Beat();

        Assert.Equal((long.MaxValue, 0), (_sync.NextDue, _forced.CurrentCount));
    }

    [Fact]
    public async Task Beat_MovedAndRead_ForcesOnceAnInterval()
    {
        _sync.Moved();
        _sync.Beat();
        Assert.Equal(_time.GetTimestamp() + TimeSpan.TicksPerSecond, _sync.NextDue);

        _time.Advance(TimeSpan.FromSeconds(1));
        await BeatAndForceAsync();
        Assert.Equal(long.MaxValue, _sync.NextDue);
        _totals.BytesRead = 7;
        Assert.Equal(_time.GetTimestamp() + TimeSpan.TicksPerSecond, _sync.NextDue);
        _sync.Beat();
        _time.Advance(TimeSpan.FromSeconds(1));
        await BeatAndForceAsync();

        Assert.Equal((long.MaxValue, 0), (_sync.NextDue, _forced.CurrentCount));
    }

    // What moves while the disk works may have come too late for it.
    [Fact]
    public async Task Beat_MovedWhileTheDiskWorks_ForcesAgain()
    {
        _disk.Reset();
        _sync.Moved();
        _time.Advance(TimeSpan.FromSeconds(1));
        _sync.Beat();
        _sync.Moved();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(long.MaxValue, _sync.NextDue);

        _disk.Set();
        Assert.True(await _forced.WaitAsync(Patience));
        Assert.True(SpinWait.SpinUntil(() => _sync.NextDue != long.MaxValue, Patience));

        await BeatAndForceAsync();
    }

    [Fact]
    public async Task Last_DiskIsBusyWithTheOneBefore_ForcesOnceMoreBehindIt()
    {
        _disk.Reset();
        _sync.Moved();
        _time.Advance(TimeSpan.FromSeconds(1));
        _sync.Beat();
        var last = Task.Run(() => _sync.Last(TimeSpan.FromSeconds(20)));
        await _time.TimerStartedAsync();

        _disk.Set();
        await last.WaitAsync(Patience);

        Assert.Equal(2, _forced.CurrentCount);
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task Last_DiskHangs_ReturnsAtTheDeadlineAndSaysSo()
    {
        _disk.Reset();
        var last = Task.Run(() => _sync.Last(TimeSpan.FromSeconds(20)));
        await _time.TimerStartedAsync();

        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(last.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await last.WaitAsync(Patience);

        Assert.Contains("not on disk yet", Assert.Single(_log.Entries).Text);
        _disk.Set();
        Assert.True(await _forced.WaitAsync(Patience));
    }

    [Fact]
    public async Task Last_DeadlineIsOver_GivesTheDiskAMoment()
    {
        _disk.Reset();
        var last = Task.Run(() => _sync.Last(TimeSpan.FromSeconds(-3)));
        await _time.TimerStartedAsync();
        _time.Advance(CheckpointSync.LastWaitMin - TimeSpan.FromMilliseconds(1));

        _disk.Set();
        await last.WaitAsync(Patience);

        Assert.Equal(1, _forced.CurrentCount);
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public void Last_DiskFails_SaysSoAndReturns()
    {
        var sync = new CheckpointSync(Options, () => throw new IOException("broken"), _totals, _time, _log);

        sync.Last(TimeSpan.FromSeconds(20));

        Assert.Contains("broken", Assert.Single(_log.Entries).Text);
    }

    private async Task BeatAndForceAsync()
    {
        _sync.Beat();
        Assert.True(await _forced.WaitAsync(Patience));
        _ = SpinWait.SpinUntil(() => _sync.NextDue != long.MaxValue, TimeSpan.FromMilliseconds(1));
    }

    private void Force()
    {
        _disk.Wait();
        _forced.Release();
    }
}
