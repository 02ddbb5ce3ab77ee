namespace LogPilot.Agent.Records.Times;

/// <summary>What a text says of a time, and the rules for what it does not say.</summary>
internal struct TimeParts
{
    private const int Unknown = -1;
    private const int LeapSecond = 60;

    // Between two leap years there are eight years at most, as from 1896 to 1904.
    private const int LeapYearsApartMax = 8;

    private int? _offset;

    public TimeParts()
    {
    }

    public int Year { get; set; } = Unknown;

    /// <summary>The first two digits of a year of which <see cref="Year"/> may be the last two.</summary>
    public int Century { get; set; } = Unknown;

    public int Month { get; set; } = Unknown;

    public int Day { get; set; } = Unknown;

    /// <summary>From 1 to 366.</summary>
    public int DayOfYear { get; set; } = Unknown;

    public int Hour { get; set; }

    /// <summary>Hours added by AM or PM, 0 or 12.</summary>
    public int MeridianHours { get; set; } = Unknown;

    public int Minute { get; set; }

    public int Second { get; set; }

    public int Nanoseconds { get; set; }

    public int FractionDigits { get; set; }

    /// <summary>Seconds since 1970, which make all other parts but the fraction meaningless.</summary>
    public long? UnixSeconds { get; set; }

    /// <param name="offset">Seconds east of UTC; null if the text has a zone that says nothing.</param>
    public void TakeOffset(int? offset) => _offset = offset ?? _offset;

    /// <param name="reference">When the record was written or read, which says what the text leaves out.</param>
    /// <param name="zone">Where the text says none.</param>
    /// <returns>False if there is no such time.</returns>
    public readonly bool TryResolve(in RecordTime reference, ZoneOffsets zone, out RecordTime time)
    {
        time = default;
        if (UnixSeconds is { } unixSeconds)
        {
            return RecordTime.TryCreate(unixSeconds, Nanoseconds, FractionDigits, out time);
        }

        if (!TrySecondOfDay(out var secondOfDay) || !TryDays(reference, zone, secondOfDay, out var days))
        {
            return false;
        }

        var local = (days * Calendar.SecondsInDay) + secondOfDay;
        var utc = _offset is { } offset ? local - offset : zone.ToUtcSeconds(local);

        // No clock of a program tells the second before the leap second from it, and neither does Elasticsearch.
        return Second == LeapSecond
            ? RecordTime.TryCreate(utc, 999_999_999, RecordTime.FractionDigitsMax, out time)
            : RecordTime.TryCreate(utc, Nanoseconds, FractionDigits, out time);
    }

    private readonly bool TrySecondOfDay(out int secondOfDay)
    {
        var hour = MeridianHours == Unknown ? Hour : (Hour % 12) + MeridianHours;
        secondOfDay = (hour * 3600) + (Minute * 60) + Math.Min(Second, LeapSecond - 1);

        // 24:00:00 is the end of a day in ISO 8601; a minute later there is no such time.
        return hour < 24
            ? Minute <= 59 && Second <= LeapSecond
            : hour == 24 && Minute == 0 && Second == 0 && Nanoseconds == 0;
    }

    private readonly bool TryDays(in RecordTime reference, ZoneOffsets zone, int secondOfDay, out int days)
    {
        var year = Century == Unknown ? Year : Year == Unknown ? Unknown : (Century * 100) + (Year % 100);
        if (year != Unknown)
        {
            return TryDaysIn(year, out days);
        }

        var now = reference.UnixSeconds + (_offset ?? zone.OffsetAt(reference.UnixSeconds));
        if (Month != Unknown || DayOfYear != Unknown)
        {
            return TryClosestYear(now, secondOfDay, out days);
        }

        return Day == Unknown ? TryLastDay(now, secondOfDay, out days) : TryLastMonth(now, secondOfDay, out days);
    }

    private readonly bool TryDaysIn(int year, out int days)
    {
        if (DayOfYear == Unknown || Month != Unknown)
        {
            return Calendar.TryDaysOf(year, Month == Unknown ? 1 : Month, Day == Unknown ? 1 : Day, out days);
        }

        var isYear = Calendar.TryDaysOf(year, 1, 1, out days);
        days += DayOfYear - 1;
        return isYear && DayOfYear is >= 1 and <= 366 && (DayOfYear <= 365 || DateTime.IsLeapYear(year));
    }

    // At the turn of the year the last lines of December are read in January, and a clock may be ahead the other way round.
    private readonly bool TryClosestYear(long now, int secondOfDay, out int days)
    {
        days = 0;
        var distance = long.MaxValue;
        var year = Calendar.YearOf(now);
        for (var apart = 1; apart <= LeapYearsApartMax && distance == long.MaxValue; apart++)
        {
            for (var candidate = year - apart; candidate <= year + apart; candidate++)
            {
                if (TryDaysIn(candidate, out var candidateDays)
                    && Math.Abs((candidateDays * Calendar.SecondsInDay) + secondOfDay - now) is var candidateDistance
                    && candidateDistance < distance)
                {
                    distance = candidateDistance;
                    days = candidateDays;
                }
            }
        }

        return distance < long.MaxValue;
    }

    // A log tells the past. What was written just before midnight and is read just behind it was not written at the end of today.
    private static bool TryLastDay(long now, int secondOfDay, out int days)
    {
        days = (int)Calendar.DivideDown(now, Calendar.SecondsInDay);
        if ((days * Calendar.SecondsInDay) + secondOfDay - now > Calendar.SecondsInDay / 2)
        {
            days--;
        }

        return true;
    }

    // As with a day, for a text that has the day of the month alone.
    private readonly bool TryLastMonth(long now, int secondOfDay, out int days)
    {
        const int HalfMonth = 15;
        Calendar.DateOf((int)Calendar.DivideDown(now, Calendar.SecondsInDay), out var year, out var month, out _);
        if (Calendar.TryDaysOf(year, month, Day, out days)
            && (days * Calendar.SecondsInDay) + secondOfDay - now <= HalfMonth * Calendar.SecondsInDay)
        {
            return true;
        }

        return month == 1 ? Calendar.TryDaysOf(year - 1, 12, Day, out days) : Calendar.TryDaysOf(year, month - 1, Day, out days);
    }
}
