using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Containers.Watch;

/// <summary>
/// Tells an observer of every container of a runtime, for as long as the agent runs: connects, lists,
/// listens, and begins again when the runtime goes away.
/// </summary>
internal sealed class RuntimeWatchLoop
{
    /// <summary>
    /// Short, since an engine that restarts is back within a second and its first containers with it.
    /// </summary>
    private static readonly TimeSpan ReconnectDelayMin = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest pause while a local engine is down: to try its socket costs microseconds, and containers
    /// that a starting engine runs first can be gone within half a second.
    /// </summary>
    private static readonly TimeSpan LocalDelayMax = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan NoticeInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How far a new stream reaches back behind the last event of the old one: the engine stamps events
    /// before it sends them, so two may arrive in the other order.
    /// </summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    private readonly IRuntimeClient _client;
    private readonly RuntimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ContainerRoster _roster;
    private readonly RateLimit _notices;
    private long _lastEventNano;
    private bool _isNoRuntime;

    public RuntimeWatchLoop(
        IRuntimeClient client, RuntimeOptions options, IContainerObserver observer, TimeProvider time, ILogger logger)
    {
        _client = client;
        _options = options;
        _time = time;
        _logger = logger;
        _roster = new ContainerRoster(observer);
        _notices = new RateLimit(time, NoticeInterval);
        Status = new RuntimeWatchStatus(time.GetUtcNow());
    }

    public RuntimeWatchStatus Status { get; }

    /// <summary>
    /// Runs until it is stopped, and then returns; a runtime that is away is waited for. Throws only what
    /// the observer throws.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var delayMax = _options.ReconnectDelayMax;
        var delayMin = delayMax < ReconnectDelayMin ? delayMax : ReconnectDelayMin;
        var schedule = new RetrySchedule(delayMin, delayMax, Random.Shared);
        _lastEventNano = Nanoseconds(_time.GetUtcNow());
        try
        {
            while (true)
            {
                var (held, fault) = await WatchOnceAsync(stopping);

                // A connection that held for a while was a good one. One that breaks at once must not be
                // made ten times a second, since each costs the engine a list and an inspection of every
                // container.
                if (held > delayMax)
                {
                    schedule.Reset();
                }

                var pause = schedule.Next();
                var down = fault is RuntimeFault.NoSocket || (fault is RuntimeFault.Refused && _client.Host.Scheme == "unix");
                await Task.Delay(down && pause > LocalDelayMax ? LocalDelayMax : pause, _time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>
    /// Watches until the connection is lost, and returns how long it held, zero if there was none, and why
    /// it ended.
    /// </summary>
    private async Task<(TimeSpan Held, RuntimeFault Fault)> WatchOnceAsync(CancellationToken stopping)
    {
        var session = new RuntimeWatchSession(_client, _options, _roster, Status, _time, _notices, _logger);
        var failure = await session.RunAsync(_lastEventNano - (Overlap.Ticks * TimeSpan.NanosecondsPerTick), stopping);

        // From the first event on, the engine's clock counts, should it differ from the one here.
        _lastEventNano = session.LastEventNano > 0 ? session.LastEventNano : _lastEventNano;
        _roster.Disconnected();

        var now = _time.GetUtcNow();
        var isConnected = Status.State.Connected;
        if (_options.IsOptional && !isConnected && (_isNoRuntime || failure.Fault == RuntimeFault.NotServed))
        {
            // One that is starting may serve it soon; others never will, and come and go as they like.
            if (!_isNoRuntime)
            {
                RuntimeWatchLog.NotServed(_logger, _client.Host.OriginalString);
            }

            _isNoRuntime = true;
            Status.NotServed(now);
            return (TimeSpan.Zero, failure.Fault);
        }

        _isNoRuntime = false;
        if (_notices.Allows(failure.Fault.ToString(), out _))
        {
            RuntimeWatchLog.Away(_logger, failure.Message);
        }

        var held = isConnected ? now - Status.State.Since : TimeSpan.Zero;

        // An engine that hangs has been away since it answered last, not since that was noticed.
        Status.Disconnected(failure.Fault == RuntimeFault.TimedOut ? session.LastAnswerAt : now, failure.Message);
        return (held, failure.Fault);
    }

    private static long Nanoseconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
