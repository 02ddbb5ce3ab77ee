using System.Diagnostics;

namespace LogPilot.Load.Chaos;

/// <summary>Watches a number that should grow.</summary>
/// <param name="read">The number now.</param>
internal sealed class Progress(Func<int> read)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private int _last = -1;
    private long _changed;

    /// <summary>The number now, and whether it has not changed for so long that it will not any more.</summary>
    public bool HasStopped(out int number)
    {
        number = read();
        if (number != _last)
        {
            _last = number;
            _changed = Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(_changed) > Deadline;
    }
}
