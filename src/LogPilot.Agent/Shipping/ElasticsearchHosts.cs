namespace LogPilot.Agent.Shipping;

/// <summary>A request's place at a host, which has to be given back.</summary>
/// <param name="Host">Where the request goes.</param>
/// <param name="Entered">What the host's <see cref="ConcurrencyLimit"/> said.</param>
internal readonly record struct RequestPlace(ElasticsearchHost Host, int Entered);

/// <summary>The addresses of a cluster, and which of them the next request goes to. Safe for concurrent use.</summary>
/// <remarks>
/// The one with the fewest requests in flight, as long as it bears more, so that one that is slow to answer does not gather all
/// senders. One that failed is left alone for a while, and then a single request finds out whether it works again.
/// </remarks>
internal sealed class ElasticsearchHosts
{
    private readonly ElasticsearchHost[] _hosts;
    private readonly TimeProvider _time;

    // Guards all below, and what the hosts have in flight.
    private readonly Lock _gate = new();
    private TaskCompletionSource _returned = NewSignal();
    private int _turn;

    public ElasticsearchHosts(ElasticsearchOptions options, int requestsMax, TimeProvider time)
    {
        _time = time;
        _hosts = [.. options.Hosts.Select(address => new ElasticsearchHost(address, options, requestsMax, time))];
        ArgumentOutOfRangeException.ThrowIfZero(_hosts.Length);
    }

    /// <summary>A place for one request; waits while no host is to have another one.</summary>
    public async Task<RequestPlace> TakeAsync(CancellationToken stopping)
    {
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            if (TryTake(out var place, out var pause, out var returned))
            {
                return place;
            }

            // Woken by whichever comes first; the other must not stay behind.
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            await Task.WhenAny(returned, Task.Delay(pause, _time, woken.Token));
            await woken.CancelAsync();
        }
    }

    /// <summary>Gives a place back, with what was seen on it.</summary>
    public void Return(RequestPlace place, long requestBytes, TimeSpan elapsed, RequestLoad load)
    {
        lock (_gate)
        {
            place.Host.Concurrency.Leave(place.Entered, requestBytes, elapsed, load);
            _returned.SetResult();
            _returned = NewSignal();
        }
    }

    private bool TryTake(out RequestPlace place, out TimeSpan pause, out Task returned)
    {
        lock (_gate)
        {
            ElasticsearchHost? best = null;
            pause = Timeout.InfiniteTimeSpan;
            returned = _returned.Task;
            _turn = (_turn + 1) % _hosts.Length;
            for (var i = 0; i < _hosts.Length; i++)
            {
                var host = _hosts[(_turn + i) % _hosts.Length];
                var remaining = host.Backoff.Remaining;
                if (remaining > TimeSpan.Zero)
                {
                    // A timer counts whole milliseconds, so anything shorter would return at once.
                    remaining += TimeSpan.FromMilliseconds(1);
                    pause = pause == Timeout.InfiniteTimeSpan || remaining < pause ? remaining : pause;
                }
                else if (HasRoom(host) && (best is null || Rank(host) < Rank(best)))
                {
                    best = host;
                }
            }

            place = best is null ? default : new RequestPlace(best, best.Concurrency.Enter());
            return best is not null;
        }
    }

    private static bool HasRoom(ElasticsearchHost host) =>
        host.Backoff.HasFailed ? host.Concurrency.InFlight == 0 : host.Concurrency.HasRoom;

    /// <summary>The lowest is taken: one that failed and is to be tried again, else the idlest.</summary>
    private static int Rank(ElasticsearchHost host) => host.Backoff.HasFailed ? -1 : host.Concurrency.InFlight;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
