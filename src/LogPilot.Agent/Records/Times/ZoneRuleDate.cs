namespace LogPilot.Agent.Records.Times;

/// <summary>When in a year an offset changes, as a clock shows it that has not changed yet.</summary>
/// <param name="Kind">How the day is counted.</param>
/// <param name="Day">Of the year, or of the week from Sunday, which is 0.</param>
/// <param name="Month">For <see cref="ZoneRuleDateKind.Weekday"/>.</param>
/// <param name="Week">Of the month, from 1; 5 is the last one.</param>
/// <param name="Time">Seconds since the day began; may be before it or days behind it.</param>
internal readonly record struct ZoneRuleDate(ZoneRuleDateKind Kind, int Day, int Month, int Week, int Time)
{
    private const int DaysInWeek = 7;

    // 1 January 1970 was a Thursday.
    private const int WeekdayOf1970 = 4;

    /// <param name="year">From 1 to 9999.</param>
    /// <returns>Seconds since 1970, counted on the clock.</returns>
    public long At(int year) => (DaysAt(year) * Calendar.SecondsInDay) + Time;

    private int DaysAt(int year)
    {
        if (Kind != ZoneRuleDateKind.Weekday)
        {
            _ = Calendar.TryDaysOf(year, 1, 1, out var newYear);
            const int February28 = 59;
            var isBehindLeapDay = Day > February28 && DateTime.IsLeapYear(year);
            return newYear + (Kind == ZoneRuleDateKind.DayOfYear ? Day : Day - 1 + (isBehindLeapDay ? 1 : 0));
        }

        _ = Calendar.TryDaysOf(year, Month, 1, out var first);
        var weekday = (int)((first + WeekdayOf1970) - (Calendar.DivideDown(first + WeekdayOf1970, DaysInWeek) * DaysInWeek));
        var day = ((Day - weekday + DaysInWeek) % DaysInWeek) + ((Week - 1) * DaysInWeek);
        return first + (day < DateTime.DaysInMonth(year, Month) ? day : day - DaysInWeek);
    }
}

/// <summary>How a day of a rule is counted.</summary>
internal enum ZoneRuleDateKind
{
    /// <summary>From 0, with 29 February.</summary>
    DayOfYear,

    /// <summary>From 1, as if there were no 29 February.</summary>
    DayOfCommonYear,
    Weekday,
}
