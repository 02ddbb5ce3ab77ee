using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>
/// Tells an observer of every container of the engine, for as long as the agent runs: connects, lists,
/// listens, and begins again when the engine goes away.
/// </summary>
internal sealed class DockerWatchLoop
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

    private readonly DockerClient _client;
    private readonly DockerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ContainerRoster _roster;
    private readonly RateLimit _notices;
    private long _lastEventNano;

    public DockerWatchLoop(
        DockerClient client, DockerOptions options, IContainerObserver observer, TimeProvider time, ILogger logger)
    {
        _client = client;
        _options = options;
        _time = time;
        _logger = logger;
        _roster = new ContainerRoster(observer);
        _notices = new RateLimit(time, NoticeInterval);
        Status = new DockerWatchStatus(time.GetUtcNow());
    }

    public DockerWatchStatus Status { get; }

    /// <summary>
    /// Runs until it is stopped, and then returns; an engine that is away is waited for. Throws only what
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
                var down = fault is DockerFault.NoSocket || (fault is DockerFault.Refused && _client.Host.Scheme == "unix");
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
    private async Task<(TimeSpan Held, DockerFault Fault)> WatchOnceAsync(CancellationToken stopping)
    {
        var session = new DockerWatchSession(_client, _options, _roster, Status, _time, _logger);
        var failure = await session.RunAsync(_lastEventNano - (Overlap.Ticks * TimeSpan.NanosecondsPerTick), stopping);

        // From the first event on, the engine's clock counts, should it differ from the one here.
        _lastEventNano = session.LastEventNano > 0 ? session.LastEventNano : _lastEventNano;
        _roster.Disconnected();

        var now = _time.GetUtcNow();
        if (_notices.Allows(failure.Fault.ToString(), out _))
        {
            DockerWatchLog.EngineAway(_logger, failure.Message);
        }

        var held = Status.State is { Connected: true, Since: var since } ? now - since : TimeSpan.Zero;

        // An engine that hangs has been away since it answered last, not since that was noticed.
        Status.Disconnected(failure.Fault == DockerFault.TimedOut ? session.LastAnswerAt : now, failure.Message);
        return (held, failure.Fault);
    }

    private static long Nanoseconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
