namespace LogPilot.Agent.Records.Times;

/// <summary>Reads the pieces of a time from left to right. What does not match leaves the position where it was.</summary>
internal ref struct TimeScanner(ReadOnlySpan<byte> text)
{
    // An offset of 26 hours or more is that of no place and no time.
    private const int OffsetHoursMax = 25;

    // Of the abbreviations of zones, by POSIX.
    private const int NameLengthMin = 3;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;

    public readonly bool IsAtEnd => _position == _text.Length;

    /// <summary>The next byte; zero at the end.</summary>
    public readonly byte Next => _position < _text.Length ? _text[_position] : (byte)0;

    public bool TrySkip(byte literal)
    {
        if (_position == _text.Length || _text[_position] != literal)
        {
            return false;
        }

        _position++;
        return true;
    }

    public void SkipBlanks()
    {
        while (_position < _text.Length && IsBlank(_text[_position]))
        {
            _position++;
        }
    }

    /// <summary>Reads one digit or more, and no more than <paramref name="digitsMax"/>.</summary>
    public bool TryNumber(int digitsMax, out int value)
    {
        var isNumber = TryLong(digitsMax, out var number);
        value = (int)number;
        return isNumber;
    }

    /// <summary>Reads one digit or more, and no more than <paramref name="digitsMax"/>, which is at most 18.</summary>
    public bool TryLong(int digitsMax, out long value)
    {
        value = 0;
        var start = _position;
        var end = Math.Min(_text.Length, start + digitsMax);
        while (_position < end && IsDigit(_text[_position]))
        {
            value = (value * 10) + (_text[_position++] - '0');
        }

        return _position > start;
    }

    /// <summary>Reads exactly two digits.</summary>
    public bool TryPair(out int value)
    {
        if (_text.Length - _position < 2 || !IsDigit(_text[_position]) || !IsDigit(_text[_position + 1]))
        {
            value = 0;
            return false;
        }

        value = ((_text[_position] - '0') * 10) + (_text[_position + 1] - '0');
        _position += 2;
        return true;
    }

    /// <summary>Reads the digits behind a second; those beyond the ninth are read and cut.</summary>
    public bool TryFraction(int digitsMax, out int nanoseconds, out int digits)
    {
        nanoseconds = 0;
        var start = _position;
        while (_position < _text.Length && _position - start < digitsMax && IsDigit(_text[_position]))
        {
            if (_position - start < RecordTime.FractionDigitsMax)
            {
                nanoseconds = (nanoseconds * 10) + (_text[_position] - '0');
            }

            _position++;
        }

        digits = Math.Min(_position - start, RecordTime.FractionDigitsMax);
        for (var missing = digits; missing < RecordTime.FractionDigitsMax; missing++)
        {
            nanoseconds *= 10;
        }

        return digits > 0;
    }

    /// <summary>Reads <c>AM</c> or <c>p.m.</c>, in any case.</summary>
    /// <param name="hours">What is added to an hour of 0 to 11.</param>
    public bool TryMeridian(out int hours)
    {
        var start = _position;
        var letter = Lower(Next);
        hours = letter == 'p' ? 12 : 0;
        if (letter is (byte)'a' or (byte)'p')
        {
            _position++;
            var hasDot = TrySkip((byte)'.');
            if (Lower(Next) == 'm')
            {
                _position++;
                if (hasDot)
                {
                    TrySkip((byte)'.');
                }

                return true;
            }
        }

        _position = start;
        return false;
    }

    /// <summary>Reads the name of a month, short or long, in any case.</summary>
    /// <param name="month">From 1 to 12.</param>
    public bool TryMonth(out int month)
    {
        month = CalendarNames.MonthOf(_text[_position..], out var length);
        _position += length;
        return month > 0;
    }

    /// <summary>Reads the name of a day, short or long, in any case.</summary>
    public bool TryDayName()
    {
        var isName = CalendarNames.IsDay(_text[_position..], out var length);
        _position += length;
        return isName;
    }

    /// <summary>Reads <c>+0800</c>, <c>+08:00</c>, <c>+08</c>, <c>Z</c>, <c>UTC</c>, <c>GMT+8</c>, or letters that mean nothing.</summary>
    /// <param name="offset">
    /// Seconds east of UTC; null for other letters than those of UTC. <c>CST</c> is the zone of Chicago, Havana and Shanghai,
    /// so a name says less than the zone of the source.
    /// </param>
    public bool TryZone(out int? offset)
    {
        offset = null;
        if (Next is (byte)'+' or (byte)'-')
        {
            return TryOffset(ref offset);
        }

        var start = _position;
        while (IsLetter(Next))
        {
            _position++;
        }

        var name = _text[start.._position];
        if (!IsUtc(name))
        {
            var isName = name.Length >= NameLengthMin;
            _position = isName ? _position : start;
            return isName;
        }

        offset = 0;
        if (name.Length > 1 && Next is (byte)'+' or (byte)'-')
        {
            TryOffset(ref offset);
        }

        return true;
    }

    /// <summary>Reads a zone if there is one, with blanks before it, and a name behind its offset as Go prints it.</summary>
    public void SkipOrTakeZone(ref TimeParts parts)
    {
        var start = _position;
        SkipBlanks();
        var first = Next;
        if (!TryZone(out var offset))
        {
            _position = start;
            return;
        }

        parts.TakeOffset(offset);
        if (first is (byte)'+' or (byte)'-')
        {
            var end = _position;
            SkipBlanks();
            if (_position == end || !TryZone(out _))
            {
                _position = end;
            }
        }
    }

    public static bool IsBlank(byte one) => one is (byte)' ' or (>= 9 and <= 13);

    public static bool IsDigit(byte one) => (uint)(one - '0') <= 9;

    private static bool IsLetter(byte one) => (uint)((one | 0x20) - 'a') <= 'z' - 'a';

    private static byte Lower(byte one) => IsLetter(one) ? (byte)(one | 0x20) : one;

    private static bool IsUtc(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => (name[0] | 0x20) == 'z',
        2 => System.Text.Ascii.EqualsIgnoreCase(name, "ut"u8),
        3 => System.Text.Ascii.EqualsIgnoreCase(name, "utc"u8) || System.Text.Ascii.EqualsIgnoreCase(name, "gmt"u8),
        _ => false,
    };

    // Hours alone, all in one, or with colons between: +8, +08, +0800, +080000, +08:00, +08:00:00.
    private bool TryOffset(ref int? offset)
    {
        var start = _position;
        var sign = _text[_position++] == '-' ? -1 : 1;
        var digitsStart = _position;
        if (!TryNumber(6, out var hours))
        {
            _position = start;
            return false;
        }

        var digits = _position - digitsStart;
        var (minutes, seconds) = (0, 0);
        if (digits <= 2)
        {
            _ = TryPairBehindColon(out minutes) && TryPairBehindColon(out seconds);
        }
        else if (digits <= 4)
        {
            (hours, minutes) = (hours / 100, hours % 100);
        }
        else
        {
            (hours, minutes, seconds) = (hours / 10_000, hours / 100 % 100, hours % 100);
        }

        if (hours > OffsetHoursMax || minutes > 59 || seconds > 59)
        {
            _position = start;
            return false;
        }

        offset = sign * ((hours * 3600) + (minutes * 60) + seconds);
        return true;
    }

    private bool TryPairBehindColon(out int value)
    {
        var start = _position;
        if (TrySkip((byte)':') && TryPair(out value))
        {
            return true;
        }

        _position = start;
        value = 0;
        return false;
    }
}
