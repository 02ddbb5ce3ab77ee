using LogPilot.Agent.Containers;
using LogPilot.Agent.Containers.Cri;
using LogPilot.Agent.Containers.Watch;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Containers;

/// <summary>The watch of a runtime that tells no events, and of one that nobody has named.</summary>
public sealed class EventlessWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // More than any pause before it is connected again.
    private static readonly TimeSpan ReconnectStep = TimeSpan.FromSeconds(10);

    private readonly ScriptedRuntime _runtime = new();
    private readonly RecordingObserver _observer = new();
    private readonly RecordingLogger _logger = new();
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private RuntimeWatchLoop? _loop;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Assert.False(_observer.Overlapped);
        _stop.Dispose();
        _runtime.Dispose();
    }

    [Fact]
    public async Task RunAsync_ContainersComeEndAndGo_EachListTellsWhatHasHappened()
    {
        _runtime.Answer(Container("a", ContainerState.Running));
        Start(new CriOptions());
        await _observer.TakeUntilAsync("Seen a Running");

        _runtime.Answer(Container("a", ContainerState.Ended), Container("b", ContainerState.Running));
        var second = await TakeUntilAsync("Seen b Running");
        _runtime.Answer(Container("b", ContainerState.Running));
        var third = await TakeUntilAsync("Removed a");

        Assert.Contains("Seen a Ended", second);
        Assert.DoesNotContain("Seen b Ended", third);
    }

    [Fact]
    public async Task RunAsync_OptionalRuntimeServesNoInterface_IsNoFault()
    {
        _runtime.Fail(RuntimeFault.NotServed);
        Start(new CriOptions { IsOptional = true });
        await AskAgainAsync();

        _runtime.Fail(RuntimeFault.NoSocket);
        await AskAgainAsync();

        Assert.Null(_loop!.Status.State.Error);
        Assert.Single(_logger.Entries);
    }

    [Fact]
    public async Task RunAsync_OptionalRuntimeServesLater_IsWatchedLikeAnyOther()
    {
        _runtime.Fail(RuntimeFault.NotServed);
        Start(new CriOptions { IsOptional = true });
        await AskAgainAsync();
        _runtime.Answer(Container("a", ContainerState.Running));
        await TakeUntilAsync("Seen a Running");

        _runtime.Fail(RuntimeFault.NoSocket);
        // List and ping of the connection that breaks, and then those of the next attempts.
        await AskAgainAsync();
        await AskAgainAsync();
        Assert.Equal("It fails with NoSocket.", _loop!.Status.State.Error);
    }

    [Fact]
    public async Task RunAsync_NamedRuntimeServesNoInterface_IsAFault()
    {
        _runtime.Fail(RuntimeFault.NotServed);
        Start(new CriOptions());

        await AskAgainAsync();
        Assert.Equal("It fails with NotServed.", _loop!.Status.State.Error);
    }

    [Fact]
    public async Task RunAsync_ContainerThatCannotBeInspected_IsNamedOnceAMinute()
    {
        _runtime.Answer(Container("a", ContainerState.Running), Container("b", ContainerState.Running));
        _runtime.InspectionFailure = new RuntimeException(RuntimeFault.Rejected, "It is refused.");
        Start(new CriOptions());

        // The third time for one of the two containers, with three tries each time.
        while (_runtime.Inspections <= 12)
        {
            await _time.AdvanceUntilAsync(_runtime.AskedAgainAsync(), Second);
        }

        Assert.Equal(2, _logger.Entries.Count(entry => entry.Text.Contains("It is refused.", StringComparison.Ordinal)));
    }

    private static ContainerInspection Container(string id, ContainerState state) =>
        new(new ContainerSnapshot { Id = id, Name = $"k8s_{id}", State = state }, "1", state == ContainerState.Ended ? "2" : "0");

    private void Start(CriOptions options)
    {
        _loop = new RuntimeWatchLoop(_runtime, options, _observer, _time, _logger);
        _running = _loop.RunAsync(_stop.Token);
    }

    private Task AskAgainAsync() => _time.AdvanceUntilAsync(_runtime.AskedAgainAsync(), ReconnectStep);

    private async Task<IReadOnlyList<string>> TakeUntilAsync(string call)
    {
        var calls = _observer.TakeUntilAsync(call);
        await _time.AdvanceUntilAsync(calls, ReconnectStep);
        return await calls;
    }
}
