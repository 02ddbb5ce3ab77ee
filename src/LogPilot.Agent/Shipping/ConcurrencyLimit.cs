namespace LogPilot.Agent.Shipping;

/// <summary>How a request was for the host that it went to.</summary>
internal enum RequestLoad
{
    /// <summary>Nothing can be said, such as when nobody was reached.</summary>
    Unknown,

    /// <summary>It was taken.</summary>
    Borne,

    /// <summary>It was too much: refused for want of capacity, or not answered in time.</summary>
    TooMuch,
}

/// <summary>
/// How many requests a host has in flight at a time: one more for each round trip while it keeps up, half as many when it does
/// not. One owner.
/// </summary>
/// <remarks>
/// Additive increase and multiplicative decrease, since that is what lets agents that do not know of each other share a cluster
/// fairly: https://www.cse.wustl.edu/~jain/papers/ftp/cong_av.pdf. It begins with one request, as after a start of all agents at
/// once it should.
/// </remarks>
internal sealed class ConcurrencyLimit(int max, TimeProvider time)
{
    private readonly LatencyBaseline _latencies = new(time);
    private int _borne;
    private bool _wasFull;
    private int _decreases;

    /// <summary>Requests that may be in flight.</summary>
    public int Limit { get; private set; } = 1;

    public int InFlight { get; private set; }

    public bool HasRoom => InFlight < Limit;

    /// <summary>One more request is in flight. Returns what <see cref="Leave"/> wants to know of its beginning.</summary>
    public int Enter()
    {
        InFlight++;
        _wasFull |= !HasRoom;
        return _decreases;
    }

    /// <summary>A request is not in flight any more.</summary>
    /// <param name="entered">What <see cref="Enter"/> said.</param>
    /// <param name="requestBytes">Its size.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="load">How it was for the host.</param>
    public void Leave(int entered, long requestBytes, TimeSpan elapsed, RequestLoad load)
    {
        InFlight--;
        if (load == RequestLoad.Unknown)
        {
            return;
        }

        if (load == RequestLoad.Borne && !_latencies.IsHigh(requestBytes, elapsed))
        {
            Increase();
        }
        else if (entered == _decreases)
        {
            // A request that was in flight at the last decrease tells of the time before it, which is no reason for another one.
            _decreases++;
            Limit = Math.Max(1, Limit / 2);
            Restart();
        }
    }

    private void Increase()
    {
        if (++_borne < Limit)
        {
            return;
        }

        // Room that nobody uses says nothing about a host that has to bear more.
        Limit += _wasFull && Limit < max ? 1 : 0;
        Restart();
    }

    private void Restart()
    {
        _borne = 0;
        _wasFull = false;
    }
}
