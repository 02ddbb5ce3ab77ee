using LogPilot.Agent.Containers;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Containers;

public sealed class RuntimeWatchLoopTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // More than any pause, since a first attempt may fail on a connection that the engine has just closed.
    private static readonly TimeSpan ReconnectStep = TimeSpan.FromSeconds(1);

    private readonly FakeDocker _docker = new();
    private readonly RecordingObserver _observer = new();
    private readonly RecordingLogger _logger = new();
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly DockerClient _client;
    private readonly RuntimeWatchLoop _loop;
    private Task _running = Task.CompletedTask;

    public RuntimeWatchLoopTests()
    {
        var options = new DockerOptions { Host = _docker.Host, ReconcileInterval = Minute };
        _client = new DockerClient(options);
        _loop = new RuntimeWatchLoop(_client, options, _observer, _time, _logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Assert.False(_observer.Overlapped);
        _client.Dispose();
        _stop.Dispose();
        await _docker.DisposeAsync();
    }

    [Fact]
    public async Task RunAsync_ContainersBeforeStart_ReportsEachWithItsState()
    {
        _docker.Put("a");
        _docker.Put("b", state: "created");
        _docker.Put("c", state: "exited");

        Start();

        var calls = new List<string>(await _observer.TakeUntilAsync("Seen c Ended"));
        await CompleteAsync();
        calls.AddRange(_observer.Take());
        Assert.Equal(["Seen a Running", "Seen b Created", "Seen c Ended"], calls.Order());
        Assert.True(_loop.Status.State.Connected);
    }

    [Fact]
    public async Task RunAsync_ListAnsweredLate_HearsEventsMeanwhile()
    {
        var late = new TaskCompletionSource();
        _docker.Script("/containers/json", FakeAnswer.Ok("[]").After(late.Task));
        Start();
        await _docker.RequestedAsync("/containers/json");

        _docker.Put("a", state: "created");
        _docker.Emit("create", "a");

        await _observer.TakeUntilAsync("Seen a Created");
        late.SetResult();
        await CompleteAsync();
        Assert.Empty(_observer.Take());
    }

    [Fact]
    public async Task RunAsync_ShortLife_ReportsCreatedEndedRemoved()
    {
        await StartCompleteAsync();

        _docker.Put("a", state: "created");
        _docker.Emit("create", "a");
        await _observer.TakeUntilAsync("Seen a Created");
        _docker.Drop("a");
        _docker.Emit("start", "a");
        _docker.Emit("die", "a");
        _docker.Emit("destroy", "a");

        var calls = await _observer.TakeUntilAsync("Removed a");
        Assert.Equal(["Seen a Ended", "Removed a"], calls);
    }

    [Fact]
    public async Task RunAsync_StartRenameDie_FollowsEach()
    {
        await StartCompleteAsync();

        _docker.Put("a");
        _docker.Emit("start", "a");
        await _observer.TakeUntilAsync("Seen a Running");
        _docker.Put("a", name: "other");
        _docker.Emit("rename", "a");
        await _observer.TakeUntilAsync("Seen a Running");
        var renamed = _observer.Last["a"].Name;
        _docker.Put("a", state: "exited");
        _docker.Emit("die", "a");

        await _observer.TakeUntilAsync("Seen a Ended");
        Assert.Equal("other", renamed);
    }

    [Fact]
    public async Task RunAsync_SlowInspection_DoesNotHoldUpOthers()
    {
        await StartCompleteAsync();
        var late = new TaskCompletionSource();
        _docker.Script("/containers/slow/json", FakeAnswer.Of(404, "").After(late.Task));
        _docker.Emit("create", "slow");
        await _docker.RequestedAsync("/containers/slow/json");

        _docker.Put("b");
        _docker.Emit("start", "b");

        Assert.Equal(["Seen b Running"], await _observer.TakeUntilAsync("Seen b Running"));
        late.SetResult();
        await _observer.TakeUntilAsync("Removed slow");
    }

    [Fact]
    public async Task RunAsync_InspectionFailsOnce_TriesAgain()
    {
        await StartCompleteAsync();
        _docker.Put("a");
        _docker.Script("/containers/a/json", FakeAnswer.Of(500, "busy"), FakeAnswer.Cut("{\"Id\":\"a\"}"));

        _docker.Emit("start", "a");

        await _time.AdvanceUntilAsync(_observer.TakeUntilAsync("Seen a Running"), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task RunAsync_InspectionFailsForGood_SaysSoAndAsksWithNextList()
    {
        await StartCompleteAsync();
        _docker.Put("a");
        _docker.Script("/containers/a/json", [.. Enumerable.Repeat(FakeAnswer.Ok("garbage"), 3)]);

        _docker.Emit("start", "a");

        await _time.AdvanceUntilAsync(_observer.TakeUntilAsync("Seen a Running"), TimeSpan.FromSeconds(30));
        Assert.Contains(_logger.Entries, entry => entry.Id == 103 && entry.Text.Contains("Container a ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_EventsMissed_ReconcilesByList()
    {
        _docker.Put("a");
        await StartCompleteAsync();
        _docker.Drop("a");
        _docker.Put("b");

        _time.Advance(Minute);

        var calls = await _observer.TakeUntilAsync("Seen b Running");
        Assert.Equal(["Seen a Ended", "Removed a", "Seen b Running"], calls);
    }

    [Fact]
    public async Task RunAsync_StreamEnds_ResumesFromLastEventAndListsAgain()
    {
        await StartCompleteAsync();
        await _docker.RequestedAsync("/events");
        _docker.Put("a");
        _docker.Emit("start", "a");
        await _observer.TakeUntilAsync("Seen a Running");
        _docker.ForgetEvents();
        _docker.Drop("a");
        _docker.Put("b");

        _docker.EndStreams();

        var heard = _observer.TakeUntilAsync("Seen b Running");
        await _time.AdvanceUntilAsync(heard, ReconnectStep);
        Assert.Equal(["Seen a Ended", "Removed a", "Seen b Running"], await heard);

        // The last event's second, less one for those that overtook each other.
        Assert.Contains("since=1699999999.001000000&", await _docker.RequestedAsync("/events"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_GarbageInStream_Reconnects()
    {
        await StartCompleteAsync();

        _docker.SendRaw("{\"Type\":nonsense}\n");
        _docker.ForgetEvents();
        _docker.Put("a");

        await _time.AdvanceUntilAsync(_observer.TakeUntilAsync("Seen a Running"), ReconnectStep);
    }

    [Fact]
    public async Task RunAsync_EngineKilledAndStarted_ReportsRestartWhileAway()
    {
        _docker.Put("a", started: "1");
        await StartCompleteAsync();
        await _docker.KillAsync();
        _docker.Put("a", started: "3", finished: "2");
        _docker.Start();

        var heard = _observer.TakeUntilAsync("Seen a Ended");
        await _time.AdvanceUntilAsync(heard, ReconnectStep);

        Assert.Equal("Seen a Running", (await _observer.TakeUntilAsync("Seen a Running"))[^1]);
    }

    [Fact]
    public async Task RunAsync_EngineAway_WaitsAndSaysSoOncePerMinute()
    {
        await _docker.KillAsync();
        File.Delete(_docker.SocketPath);
        Start();
        for (var second = 0; second < 90; second += 5)
        {
            await _time.TimerStartedAsync();
            Assert.False(_loop.Status.State.Connected);
            Assert.Contains("no such socket", _loop.Status.State.Error, StringComparison.Ordinal);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(2, _logger.Entries.Count(entry => entry.Id == 101));
        _docker.Put("a");
        _docker.Start();
        await _time.AdvanceUntilAsync(_observer.TakeUntilAsync("Seen a Running"), TimeSpan.FromSeconds(5));
        Assert.True(_loop.Status.State.Connected);
        Assert.Null(_loop.Status.State.Error);
    }

    [Fact]
    public async Task RunAsync_EngineAwayForLong_StillTriesFourTimesASecond()
    {
        await _docker.KillAsync();
        Start();

        for (var i = 0; i < 20; i++)
        {
            await _time.TimerStartedAsync();
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        await _time.TimerStartedAsync();
        Assert.Contains("nobody listens", _loop.Status.State.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ObserverThrows_Throws()
    {
        _docker.Put("a");
        var options = new DockerOptions { Host = _docker.Host };
        var loop = new RuntimeWatchLoop(_client, options, new BrokenObserver(), _time, _logger);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => loop.RunAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Equal("a bug", exception.Message);
    }

    [Fact]
    public async Task RunAsync_Stopped_Returns()
    {
        await StartCompleteAsync();

        await _stop.CancelAsync();

        await _running.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private void Start() => _running = _loop.RunAsync(_stop.Token);

    private async Task StartCompleteAsync()
    {
        Start();
        await CompleteAsync();
        _observer.Take();
    }

    /// <summary>
    /// The waits for the next ping and the next reconciliation: the latter begins after the list has been handed over; what it
    /// asked for is then answered.
    /// </summary>
    private async Task CompleteAsync()
    {
        await _time.TimerStartedAsync();
        await _time.TimerStartedAsync();
        Assert.True(SpinWait.SpinUntil(() => _loop.Status.State.Complete, TimeSpan.FromSeconds(10)));
    }

    /// <summary>An observer with a bug.</summary>
    private sealed class BrokenObserver : IContainerObserver
    {
        public void Seen(ContainerSnapshot container) => throw new InvalidOperationException("a bug");

        public void Removed(string containerId) => throw new InvalidOperationException("a bug");
    }
}
