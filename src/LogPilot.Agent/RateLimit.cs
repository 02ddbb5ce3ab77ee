namespace LogPilot.Agent;

/// <summary>Lets one event of each cause through in a period and counts the others, so that a failure that repeats cannot flood the agent's log.</summary>
internal sealed class RateLimit(TimeProvider time, TimeSpan period)
{
    // Causes may carry names from outside, such as an index: past this many the table starts afresh instead of growing.
    private const int CausesMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Since, long Suppressed)> _causes = [];

    /// <summary>Whether this event is to be told now; <paramref name="suppressed"/> is how many of its cause were not, since the last one that was.</summary>
    public bool Allows(string cause, out long suppressed)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_causes.TryGetValue(cause, out var known) && time.GetElapsedTime(known.Since, now) < period)
            {
                _causes[cause] = (known.Since, known.Suppressed + 1);
                suppressed = 0;
                return false;
            }

            if (_causes.Count >= CausesMax)
            {
                _causes.Clear();
            }

            suppressed = known.Suppressed;
            _causes[cause] = (now, 0);
            return true;
        }
    }
}
