using System.Diagnostics;

namespace LogPilot.Load.Faults;

/// <summary>Says which request fails and how: one kind of fault for a while, then another, as outages come.</summary>
internal sealed class FaultWeather(int seed)
{
    private const double ShareOfCalm = 0.3;
    private const double ShareOfFaults = 0.6;
    private const int MillisecondsMin = 50;
    private const int MillisecondsMax = 1000;

    private static readonly Fault[] Kinds = Enum.GetValues<Fault>();

    // What is said in front of a cluster that is away.
    private static readonly Fault[] KindsOfAbsence =
        [Fault.TooMany, Fault.Unavailable, Fault.ProxyPage, Fault.ResetBefore, Fault.Silence];

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly int[] _counts = new int[Kinds.Length];

    // As a pack of cards: each kind comes up before one comes again, so that a short run has all of them.
    private readonly Queue<Fault> _next = [];
    private Fault _current;
    private long _changed = Stopwatch.GetTimestamp();
    private TimeSpan _lasts;
    private bool _isOver;
    private bool _isAway;

    /// <summary>How often each fault happened.</summary>
    public string Counts
    {
        get
        {
            lock (_gate)
            {
                return string.Join(", ", Kinds.Select(kind => $"{kind} {_counts[(int)kind]}"));
            }
        }
    }

    /// <summary>The fate of the next request.</summary>
    public Fault Next()
    {
        lock (_gate)
        {
            if (_isAway)
            {
                return Count(KindsOfAbsence[_random.Next(KindsOfAbsence.Length)]);
            }

            if (!_isOver && Stopwatch.GetElapsedTime(_changed) >= _lasts)
            {
                _changed = Stopwatch.GetTimestamp();
                _lasts = TimeSpan.FromMilliseconds(_random.Next(MillisecondsMin, MillisecondsMax));
                _current = _random.NextDouble() < ShareOfCalm ? Fault.None : NextKind();
            }

            return Count(_random.NextDouble() < ShareOfFaults ? _current : Fault.None);
        }
    }

    /// <summary>A number below a limit, from the same seed.</summary>
    public int Draw(int limit)
    {
        lock (_gate)
        {
            return _random.Next(limit);
        }
    }

    /// <summary>No more faults.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _isAway = false;
            _current = Fault.None;
        }
    }

    /// <summary>Every request fails, and nothing of it is stored.</summary>
    public void GoAway()
    {
        lock (_gate)
        {
            _isAway = true;
        }
    }

    private Fault Count(Fault fault)
    {
        _counts[(int)fault]++;
        return fault;
    }

    private Fault NextKind()
    {
        if (!_next.TryDequeue(out var fault))
        {
            var kinds = Kinds[1..];
            _random.Shuffle(kinds);
            Array.ForEach(kinds, _next.Enqueue);
            fault = _next.Dequeue();
        }

        return fault;
    }
}
