namespace LogPilot.Agent.Records.Times;

/// <summary>When the offset of a zone changes, and to what.</summary>
/// <param name="changes">Moments in seconds since 1970, ascending.</param>
/// <param name="offsets">Seconds east of UTC: before the first change, and from each of them on.</param>
/// <param name="rule">What holds after the last change; null if nothing changes any more.</param>
internal sealed class ZoneChanges(long[] changes, int[] offsets, ZoneRule? rule)
{
    public bool IsFixed => changes.Length == 0 && rule is null;

    public int FirstOffset => offsets[0];

    /// <summary>The offset at a moment, and how long it holds.</summary>
    /// <param name="seconds">Since 1970, or as a clock in the zone shows them.</param>
    /// <param name="isLocal">Whether it is what a clock shows.</param>
    public ZoneWindow Find(long seconds, bool isLocal)
    {
        var low = 0;
        var high = changes.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Boundary(isLocal) <= seconds)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        var window = new ZoneWindow(
            low == 0 ? long.MinValue : At(low - 1).Boundary(isLocal),
            low == changes.Length ? long.MaxValue : At(low).Boundary(isLocal),
            offsets[low]);
        if (low == changes.Length && rule is not null)
        {
            rule.Find(seconds, isLocal, ref window, low == 0 ? long.MinValue : changes[low - 1]);
        }

        return window;
    }

    private ZoneChange At(int index) => new(changes[index], offsets[index], offsets[index + 1]);
}

/// <summary>One change of an offset.</summary>
/// <param name="Moment">In seconds since 1970.</param>
/// <param name="Before">Seconds east of UTC until then.</param>
/// <param name="Behind">Seconds east of UTC from then on.</param>
internal readonly record struct ZoneChange(long Moment, int Before, int Behind)
{
    /// <summary>From where on the new offset is taken; on a clock, not before both of the times around the change are over.</summary>
    public long Boundary(bool isLocal) => isLocal ? Moment + Math.Max(Before, Behind) : Moment;
}

/// <summary>A time within which an offset does not change.</summary>
/// <param name="From">Its first second, or a later one.</param>
/// <param name="Until">The second behind it, or an earlier one.</param>
/// <param name="Offset">Seconds east of UTC.</param>
internal record struct ZoneWindow(long From, long Until, int Offset)
{
    /// <summary>Takes account of a change; those of a year come in their order, and the years, too.</summary>
    public void Narrow(ZoneChange change, long seconds, bool isLocal, long lastChange)
    {
        var boundary = change.Boundary(isLocal);
        if (change.Moment <= lastChange)
        {
            return;
        }

        if (boundary > seconds)
        {
            Until = Math.Min(Until, boundary);
        }
        else if (boundary >= From)
        {
            // Of two changes at one moment, as at the end of a year that is all summer, the later one holds.
            (From, Offset) = (boundary, change.Behind);
        }
    }
}
