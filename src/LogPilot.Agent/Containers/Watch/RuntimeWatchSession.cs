using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Containers.Watch;

/// <summary>
/// One connection to a runtime: the event stream is opened first and the list is asked for after it, so
/// that no container falls between the two. A runtime without events is asked for its list the more often.
/// </summary>
/// <remarks>
/// Several tasks talk to the runtime at once. What they learn becomes a turn, and <see
/// cref="TakeTurnsAsync"/> alone takes the turns, so the roster and the observer hear one thing at a time
/// and need no lock.
/// </remarks>
internal sealed class RuntimeWatchSession(
    IRuntimeClient client,
    RuntimeOptions options,
    ContainerRoster roster,
    RuntimeWatchStatus status,
    TimeProvider time,
    RateLimit notices,
    ILogger logger)
{
    /// <summary>
    /// Enough that a slow container does not hold up the others, and few enough not to crowd out the
    /// runtime's other callers.
    /// </summary>
    private const int InspectorCount = 8;

    private const int InspectionTries = 3;

    private static readonly TimeSpan InspectionDelayMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan InspectionDelayMax = TimeSpan.FromMilliseconds(500);

    // Bounded so that an observer that falls behind slows the reading of events instead of filling memory.
    private readonly Channel<Action> _turns = Channel.CreateBounded<Action>(256);
    private readonly Channel<string> _inspections = Channel.CreateBounded<string>(InspectorCount);
    private int _idleInspectors = InspectorCount;
    private bool _listed;
    private bool _complete;
    private string _runtime = "";

    /// <summary>The newest event's time; zero if there was none.</summary>
    public long LastEventNano { get; private set; }

    /// <summary>When the runtime last answered whether it still does; when the session began if it never has.</summary>
    public DateTimeOffset LastAnswerAt { get; private set; } = time.GetUtcNow();

    /// <summary>
    /// Watches until there is no connection any more, and returns why. Throws <see
    /// cref="OperationCanceledException"/> when stopped, and what the observer throws.
    /// </summary>
    public async Task<RuntimeException> RunAsync(long sinceNano, CancellationToken stopping)
    {
        try
        {
            await WatchAsync(sinceNano, stopping);
            throw new UnreachableException("A watch ends by an exception.");
        }
        catch (RuntimeException exception)
        {
            return exception;
        }
    }

    private async Task WatchAsync(long sinceNano, CancellationToken stopping)
    {
        // First what needs the least patience: a runtime that hangs is known as such before a slow answer may be given up.
        await client.PingAsync(stopping);
        var runtime = await client.ConnectAsync(stopping);
        _runtime = runtime.Name;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var events = await client.OpenEventsAsync(sinceNano, ending.Token);
        RuntimeWatchLog.Connected(logger, runtime.Name, client.Host.OriginalString, runtime.ApiVersion);
        if (runtime.Notice is { } notice)
        {
            RuntimeWatchLog.Notice(logger, notice);
        }

        status.Connected(time.GetUtcNow());
        var tasks = new List<Task>
        {
            TakeTurnsAsync(ending.Token),
            ListAsync(events is null ? options.ListInterval : options.ReconcileInterval, ending.Token),
            PingAsync(ending.Token),
        };
        if (events is not null)
        {
            tasks.Add(ReadEventsAsync(events, ending.Token));
        }

        for (var i = 0; i < InspectorCount; i++)
        {
            tasks.Add(InspectAsync(ending.Token));
        }

        // None of them ends by itself, so the first that does says why the session is over.
        var first = await Task.WhenAny(tasks);
        await ending.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task TakeTurnsAsync(CancellationToken ending)
    {
        await foreach (var turn in _turns.Reader.ReadAllAsync(ending))
        {
            turn();
            while (_idleInspectors > 0 && roster.TryInspect(out var id))
            {
                _idleInspectors--;
                await _inspections.Writer.WriteAsync(id, ending);
            }

            if (_listed && !_complete && roster.Settled)
            {
                _complete = true;
                status.Completed();
                RuntimeWatchLog.ContainersKnown(logger, roster.Count, _runtime);
            }
        }
    }

    private async Task ReadEventsAsync(IContainerEvents events, CancellationToken ending)
    {
        while (true)
        {
            var happened = await events.NextAsync(ending);
            await _turns.Writer.WriteAsync(() => Hear(happened), ending);
        }
    }

    private void Hear(ContainerEvent happened)
    {
        roster.Heard(happened);
        LastEventNano = Math.Max(LastEventNano, happened.TimeNano);
    }

    private async Task ListAsync(TimeSpan interval, CancellationToken ending)
    {
        while (true)
        {
            // The roster must know of the list before the runtime does: what it hears from then on is not in
            // the list.
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _turns.Writer.WriteAsync(() => Begin(begun), ending);
            await begun.Task.WaitAsync(ending);

            var listings = await client.ListAsync(ending);
            await _turns.Writer.WriteAsync(() => List(listings), ending);
            await Task.Delay(interval, time, ending);
        }
    }

    private async Task PingAsync(CancellationToken ending)
    {
        while (true)
        {
            LastAnswerAt = time.GetUtcNow();
            await Task.Delay(options.PingInterval, time, ending);
            await client.PingAsync(ending);
        }
    }

    private void Begin(TaskCompletionSource begun)
    {
        roster.ListingBegins();
        begun.SetResult();
    }

    private void List(IReadOnlyList<ContainerListing> listings)
    {
        roster.Listed(listings);
        _listed = true;
    }

    private async Task InspectAsync(CancellationToken ending)
    {
        await foreach (var id in _inspections.Reader.ReadAllAsync(ending))
        {
            var answer = await AskAsync(id, ending);
            await _turns.Writer.WriteAsync(() => Answer(id, answer), ending);
        }
    }

    private void Answer(string id, Action<string> answer)
    {
        _idleInspectors++;
        answer(id);
    }

    /// <summary>
    /// Inspects one container and returns what to tell the roster. Repeats what fails quickly; a failure
    /// that stays concerns this container, since one of the connection ends the event stream too.
    /// </summary>
    private async Task<Action<string>> AskAsync(string id, CancellationToken ending)
    {
        var schedule = new RetrySchedule(InspectionDelayMin, InspectionDelayMax, Random.Shared);
        for (var tried = 1; ; tried++)
        {
            try
            {
                var inspection = await client.InspectAsync(id, ending);
                return known => roster.Inspected(known, inspection);
            }
            catch (RuntimeException exception) when (tried == InspectionTries || exception.Fault == RuntimeFault.TimedOut)
            {
                return known =>
                {
                    // Where there are no events, the next list is a second away.
                    if (notices.Allows(known, out _))
                    {
                        RuntimeWatchLog.InspectionFailed(logger, known, exception.Message);
                    }

                    roster.InspectionFailed(known);
                };
            }
            catch (RuntimeException)
            {
                await Task.Delay(schedule.Next(), time, ending);
            }
        }
    }
}
