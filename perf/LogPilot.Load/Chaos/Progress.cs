using System.Diagnostics;

namespace LogPilot.Load.Chaos;

/// <summary>Watches a number that should grow.</summary>
/// <param name="read">The number now.</param>
/// <param name="patience">What does not change for so long will not change any more.</param>
internal sealed class Progress(Func<int> read, TimeSpan patience)
{
    private int _last = -1;
    private long _changed;

    /// <summary>The number now, and whether it will not change any more.</summary>
    public bool HasStopped(out int number)
    {
        number = read();
        if (number != _last)
        {
            _last = number;
            _changed = Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(_changed) > patience;
    }
}
