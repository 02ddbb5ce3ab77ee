using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Containers;

/// <summary>An engine that hangs: its event stream is silent, as it is when nothing happens.</summary>
public sealed class DockerPingTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeDocker _docker = new();
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly DockerOptions _options;
    private readonly DockerClient _client;
    private readonly RuntimeWatchLoop _loop;
    private Task _running = Task.CompletedTask;

    public DockerPingTests()
    {
        // Long enough for the first answer of a process that has just begun on a busy machine.
        _options = new DockerOptions { Host = _docker.Host, PingDeadline = TimeSpan.FromSeconds(2) };
        _client = new DockerClient(_options);
        _loop = new RuntimeWatchLoop(_client, _options, new RecordingObserver(), _time, new RecordingLogger());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
        _client.Dispose();
        _stop.Dispose();
        await _docker.DisposeAsync();
    }

    [Fact]
    public async Task RunAsync_EngineHangs_IsAwaySinceItsLastAnswer()
    {
        var connectedAt = _time.GetUtcNow();
        await StartConnectedAsync();
        _docker.Script("/_ping", FakeAnswer.Ok("OK"), NoAnswer);

        _time.Advance(_options.PingInterval);
        await _time.TimerStartedAsync();
        Assert.True(_loop.Status.State.Connected);
        _time.Advance(_options.PingInterval);

        // The pause before the next attempt.
        await _time.TimerStartedAsync();
        var state = _loop.Status.State;
        Assert.Equal((false, connectedAt + _options.PingInterval), (state.Connected, state.Since));
        Assert.Contains("no answer to /_ping", state.Error, StringComparison.Ordinal);
    }

    // Other calls have the patience that an engine under load needs.
    [Fact]
    public async Task RunAsync_EngineHangsAtTheStart_IsKnownByItsPing()
    {
        _docker.Script("/_ping", NoAnswer);

        _running = _loop.RunAsync(_stop.Token);

        await _time.TimerStartedAsync();
        Assert.Contains("no answer to /_ping", _loop.Status.State.Error, StringComparison.Ordinal);
    }

    // A proxy before the engine may forbid the call: whoever refuses does not hang.
    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task RunAsync_PingIsRefused_StaysConnected(int status)
    {
        await StartConnectedAsync();
        _docker.Script("/_ping", FakeAnswer.Of(status, "no"));

        _time.Advance(_options.PingInterval);

        await _time.TimerStartedAsync();
        Assert.True(_loop.Status.State.Connected);
    }

    private static FakeAnswer NoAnswer => FakeAnswer.Ok("OK").After(new TaskCompletionSource().Task);

    /// <summary>Until the waits for the next ping and for the next list have begun.</summary>
    private async Task StartConnectedAsync()
    {
        _running = _loop.RunAsync(_stop.Token);
        await _time.TimerStartedAsync();
        await _time.TimerStartedAsync();
    }
}
