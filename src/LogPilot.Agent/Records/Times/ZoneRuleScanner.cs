namespace LogPilot.Agent.Records.Times;

/// <summary>Reads the pieces of a rule from left to right.</summary>
internal ref struct ZoneRuleScanner(string rule)
{
    private const int NameLengthMin = 3;
    private const int HoursMax = 24;

    // RFC 8536, section 3.3.1: a week before or behind the day.
    private const int TimeHoursMax = 167;
    private const int TwoOClock = 2 * 3600;

    private readonly string _rule = rule;
    private int _position;

    public readonly bool IsAtEnd => _position == _rule.Length;

    /// <summary>The next character; NUL at the end.</summary>
    public readonly char Next => _position < _rule.Length ? _rule[_position] : '\0';

    /// <summary>Reads an abbreviation, which means nothing.</summary>
    public bool TryName()
    {
        var isQuoted = TrySkip('<');
        var start = _position;
        while (char.IsAsciiLetter(Next) || (isQuoted && (char.IsAsciiDigit(Next) || Next is '+' or '-')))
        {
            _position++;
        }

        return _position - start >= NameLengthMin && (!isQuoted || TrySkip('>'));
    }

    /// <summary>Reads an offset from UTC.</summary>
    /// <param name="west">Seconds.</param>
    public bool TryOffset(out int west) => TryTime(HoursMax, out west);

    /// <summary>Reads a date and the comma before it.</summary>
    public bool TryDate(out ZoneRuleDate date)
    {
        var (kind, day, month, week) = (ZoneRuleDateKind.DayOfYear, 0, 0, 0);
        date = default;
        bool isDay;
        if (!TrySkip(','))
        {
            return false;
        }

        if (TrySkip('M'))
        {
            kind = ZoneRuleDateKind.Weekday;
            isDay = TryNumber(1, 12, out month)
                && TrySkip('.') && TryNumber(1, 5, out week)
                && TrySkip('.') && TryNumber(0, 6, out day);
        }
        else if (TrySkip('J'))
        {
            kind = ZoneRuleDateKind.DayOfCommonYear;
            isDay = TryNumber(1, 365, out day);
        }
        else
        {
            isDay = TryNumber(0, 365, out day);
        }

        var time = TwoOClock;
        if (!isDay || (TrySkip('/') && !TryTime(TimeHoursMax, out time)))
        {
            return false;
        }

        date = new ZoneRuleDate(kind, day, month, week, time);
        return true;
    }

    private bool TryTime(int hoursMax, out int seconds)
    {
        seconds = 0;
        var sign = TrySkip('-') ? -1 : 1;
        if (sign > 0)
        {
            TrySkip('+');
        }

        if (!TryNumber(0, hoursMax, out var hours))
        {
            return false;
        }

        var (minute, second) = (0, 0);
        var isTime = !TrySkip(':')
            || (TryNumber(0, 59, out minute) && (!TrySkip(':') || TryNumber(0, 59, out second)));
        seconds = sign * ((hours * 3600) + (minute * 60) + second);
        return isTime;
    }

    private bool TryNumber(int min, int max, out int value)
    {
        value = 0;
        var start = _position;
        while (char.IsAsciiDigit(Next) && value <= max)
        {
            value = (value * 10) + (_rule[_position++] - '0');
        }

        return _position > start && value >= min && value <= max;
    }

    private bool TrySkip(char one)
    {
        if (_position == _rule.Length || _rule[_position] != one)
        {
            return false;
        }

        _position++;
        return true;
    }
}
