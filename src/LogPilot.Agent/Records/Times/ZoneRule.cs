using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Records.Times;

/// <summary>A zone by the rule of POSIX: a standard offset, and between two days of each year another one.</summary>
/// <remarks>
/// https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html, TZ, and RFC 8536, section 3.3.1, for hours beyond a day.
/// <code>
/// rule   = name offset [ name [ offset ] [ "," date [ "/" time ] "," date [ "/" time ] ] ]
/// name   = 3 letters or more / "&lt;" letters, digits, "+", "-" "&gt;"
/// offset = [ "+" / "-" ] hours [ ":" minutes [ ":" seconds ] ]          west of UTC, as nowhere else
/// date   = "J" day (1 to 365, without 29 February) / day (0 to 365) / "M" month "." week "." weekday (week 5 is the last)
/// time   = offset                                                       02:00 if left out
/// </code>
/// </remarks>
internal sealed class ZoneRule
{
    // What glibc takes if the dates are left out: those of the United States.
    private const string DefaultDates = ",M3.2.0,M11.1.0";

    private readonly int _daylightOffset;
    private readonly ZoneRuleDate _start;
    private readonly ZoneRuleDate _end;

    private ZoneRule(int standardOffset, int daylightOffset, ZoneRuleDate start, ZoneRuleDate end)
    {
        StandardOffset = standardOffset;
        _daylightOffset = daylightOffset;
        _start = start;
        _end = end;
    }

    /// <summary>Seconds east of UTC.</summary>
    public int StandardOffset { get; }

    public bool HasChanges => _daylightOffset != StandardOffset;

    public static bool TryParse(string text, [NotNullWhen(true)] out ZoneRule? rule)
    {
        var scanner = new ZoneRuleScanner(text);
        rule = null;
        if (!scanner.TryName() || !scanner.TryOffset(out var west))
        {
            return false;
        }

        var standard = -west;
        if (scanner.IsAtEnd)
        {
            rule = new ZoneRule(standard, standard, default, default);
            return true;
        }

        if (!scanner.TryName())
        {
            return false;
        }

        var daylight = standard + 3600;
        if (scanner.Next is not ('\0' or ','))
        {
            if (!scanner.TryOffset(out west))
            {
                return false;
            }

            daylight = -west;
        }

        scanner = scanner.IsAtEnd ? new ZoneRuleScanner(DefaultDates) : scanner;
        if (!scanner.TryDate(out var start) || !scanner.TryDate(out var end) || !scanner.IsAtEnd)
        {
            return false;
        }

        rule = new ZoneRule(standard, daylight, start, end);
        return true;
    }

    /// <summary>The offset at a moment.</summary>
    /// <param name="seconds">Since 1970, or as a clock in the zone shows them.</param>
    /// <param name="isLocal">Whether it is what a clock shows.</param>
    /// <param name="window">On call, what holds before the rule's first change; on return, what holds at the moment.</param>
    /// <param name="lastChange">Changes up to here are no business of the rule.</param>
    public void Find(long seconds, bool isLocal, ref ZoneWindow window, long lastChange)
    {
        // The changes of the years around are looked at, too: a rule may move them out of their year by a week.
        var year = Calendar.YearOf(seconds);
        for (var one = Math.Max(1, year - 1); one <= Math.Min(9999, year + 1); one++)
        {
            var toDaylight = new ZoneChange(_start.At(one) - StandardOffset, StandardOffset, _daylightOffset);
            var toStandard = new ZoneChange(_end.At(one) - _daylightOffset, _daylightOffset, StandardOffset);
            var isNorth = toDaylight.Moment <= toStandard.Moment;
            window.Narrow(isNorth ? toDaylight : toStandard, seconds, isLocal, lastChange);
            window.Narrow(isNorth ? toStandard : toDaylight, seconds, isLocal, lastChange);
        }
    }
}
