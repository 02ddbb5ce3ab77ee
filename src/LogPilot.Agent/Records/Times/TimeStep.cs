namespace LogPilot.Agent.Records.Times;

/// <summary>One piece of a compiled format.</summary>
/// <param name="Kind">What it reads.</param>
/// <param name="Literal">The byte that a <see cref="TimeStepKind.Literal"/> has to find.</param>
/// <param name="DigitsMax">The most digits that a number may take.</param>
/// <param name="TakesBlanks">Whether blanks may stand before a number, in place of its first digits.</param>
internal readonly record struct TimeStep(TimeStepKind Kind, byte Literal = 0, int DigitsMax = 0, bool TakesBlanks = false)
{
    /// <returns>False if the text does not go on like this.</returns>
    public bool TryRead(ref TimeScanner scanner, ref TimeParts parts)
    {
        switch (Kind)
        {
            case TimeStepKind.Literal:
                return scanner.TrySkip(Literal);
            case TimeStepKind.Blanks:
                scanner.SkipBlanks();
                return true;
            case TimeStepKind.MonthName:
                var isMonth = scanner.TryMonth(out var month);
                parts.Month = month;
                return isMonth;
            case TimeStepKind.DayName:
                return scanner.TryDayName();
            case TimeStepKind.Meridian:
                var isMeridian = scanner.TryMeridian(out var hours);
                parts.MeridianHours = hours;
                return isMeridian;
            case TimeStepKind.Zone:
                var isZone = scanner.TryZone(out var offset);
                parts.TakeOffset(offset);
                return isZone;
            case TimeStepKind.Fraction:
                var isFraction = scanner.TryFraction(DigitsMax, out var nanoseconds, out var digits);
                parts.Nanoseconds = nanoseconds;
                parts.FractionDigits = digits;
                return isFraction;
            case TimeStepKind.OptionalFraction:
                return IsoTime.TryScanFraction(ref scanner, ref parts);
            case TimeStepKind.OptionalZone:
                scanner.SkipOrTakeZone(ref parts);
                return true;
            default:
                return TryReadNumber(ref scanner, ref parts);
        }
    }

    private bool TryReadNumber(ref TimeScanner scanner, ref TimeParts parts)
    {
        if (TakesBlanks)
        {
            scanner.SkipBlanks();
        }

        if (!scanner.TryLong(DigitsMax, out var number))
        {
            return false;
        }

        if (Kind is TimeStepKind.UnixSeconds)
        {
            parts.UnixSeconds = number;
            return true;
        }

        if (Kind is TimeStepKind.UnixMilliseconds)
        {
            parts.UnixSeconds = number / 1000;
            parts.Nanoseconds = (int)(number % 1000) * 1_000_000;
            parts.FractionDigits = 3;
            return true;
        }

        return TryTake((int)number, ref parts);
    }

    private bool TryTake(int number, ref TimeParts parts)
    {
        switch (Kind)
        {
            case TimeStepKind.Year:
                parts.Year = number;
                return true;
            case TimeStepKind.YearOfCentury:
                // As in POSIX: 69 is 1969, and 68 is 2068.
                parts.Year = number + (number < 69 ? 2000 : 1900);
                return true;
            case TimeStepKind.Century:
                parts.Century = number;
                return true;
            case TimeStepKind.Month:
                parts.Month = number;
                return number is >= 1 and <= 12;
            case TimeStepKind.Day:
                parts.Day = number;
                return number is >= 1 and <= 31;
            case TimeStepKind.DayOfYear:
                parts.DayOfYear = number;
                return number is >= 1 and <= 366;
            case TimeStepKind.Hour:
                parts.Hour = number;
                return number <= 24;
            case TimeStepKind.HourOfHalfDay:
                parts.Hour = number;
                return number is >= 1 and <= 12;
            case TimeStepKind.Minute:
                parts.Minute = number;
                return number <= 59;
            case TimeStepKind.Second:
                parts.Second = number;
                return number <= 60;
            default:
                return true;
        }
    }
}

/// <summary>What a piece of a format reads.</summary>
internal enum TimeStepKind
{
    Literal,

    /// <summary>Any run of blanks, also none.</summary>
    Blanks,
    Year,
    YearOfCentury,
    Century,
    Month,
    MonthName,
    Day,
    DayOfYear,
    DayName,

    /// <summary>A number that says nothing of the time.</summary>
    DayOfWeek,
    Hour,
    HourOfHalfDay,
    Meridian,
    Minute,
    Second,
    Fraction,

    /// <summary>A point or comma and a fraction, or nothing.</summary>
    OptionalFraction,
    Zone,

    /// <summary>A zone with blanks before it, or nothing.</summary>
    OptionalZone,
    UnixSeconds,
    UnixMilliseconds,
}
