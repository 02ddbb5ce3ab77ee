namespace LogPilot.Agent.Records.Times;

/// <summary>Reads numbers of seconds, milliseconds, microseconds or nanoseconds since 1970.</summary>
/// <remarks>
/// <code>
/// number = digits [ "." digits ] [ ( "e" / "E" ) [ "+" ] digits ]
/// </code>
/// The digits before the point tell the unit: 9 to 11 are seconds, 12 to 14 milliseconds, 15 to 17 microseconds, 18 to 20 nanoseconds.
/// So each unit covers the years from 1973 to 5138. A smaller number is more likely a duration or a counter than a time of 1970.
/// </remarks>
internal static class EpochTime
{
    private const int SecondsDigitsMin = 9;
    private const int DigitsOfUnit = 3;
    private const int UnitsMax = 4;

    // As many as always fit into 64 bits; what comes behind them is less than a nanosecond.
    private const int DigitsMax = 19;
    private const int ExponentDigitsMax = 2;

    private static readonly ulong[] PowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    public static bool TryParse(ReadOnlySpan<byte> text, out RecordTime time)
    {
        time = default;
        var number = new EpochNumber();
        if (!number.TryScan(text, out var rest) || !TryExponent(rest, out var exponent))
        {
            return false;
        }

        var wholeDigits = number.WholeDigits + exponent;
        var unit = (wholeDigits - SecondsDigitsMin) / DigitsOfUnit;
        if (wholeDigits < SecondsDigitsMin || unit >= UnitsMax)
        {
            return false;
        }

        // Of at most 19 digits, of which at most 11 are those of seconds.
        var secondsDigits = wholeDigits - (unit * DigitsOfUnit);
        var fractionDigits = number.Digits - secondsDigits;
        if (fractionDigits <= 0)
        {
            return RecordTime.TryCreate((long)(number.Value * PowersOfTen[-fractionDigits]), 0, 0, out time);
        }

        var (seconds, fraction) = Math.DivRem(number.Value, PowersOfTen[fractionDigits]);
        var nanoseconds = fractionDigits > RecordTime.FractionDigitsMax
            ? fraction / PowersOfTen[fractionDigits - RecordTime.FractionDigitsMax]
            : fraction * PowersOfTen[RecordTime.FractionDigitsMax - fractionDigits];
        return RecordTime.TryCreate(
            (long)seconds, (int)nanoseconds, Math.Min(fractionDigits, RecordTime.FractionDigitsMax), out time);
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        var scanner = new TimeScanner(text);
        if (!scanner.TrySkip((byte)'e') && !scanner.TrySkip((byte)'E'))
        {
            return false;
        }

        scanner.TrySkip((byte)'+');
        return scanner.TryNumber(ExponentDigitsMax, out exponent) && scanner.IsAtEnd;
    }

    /// <summary>The digits of a number without the zeros before them.</summary>
    private struct EpochNumber
    {
        /// <summary>The first <see cref="Digits"/> of them.</summary>
        public ulong Value { get; private set; }

        public int Digits { get; private set; }

        /// <summary>How many stand before the point; none or less for a number below one.</summary>
        public int WholeDigits { get; private set; }

        public bool TryScan(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
        {
            var position = 0;
            var pointAt = -1;
            for (; position < text.Length; position++)
            {
                if (text[position] == '.' && pointAt < 0 && position > 0)
                {
                    pointAt = position;
                }
                else if (!TryAdd(text[position], isWhole: pointAt < 0))
                {
                    break;
                }
            }

            rest = text[position..];
            return position > 0 && position - 1 != pointAt;
        }

        private bool TryAdd(byte digit, bool isWhole)
        {
            if (!TimeScanner.IsDigit(digit))
            {
                return false;
            }

            if (Digits == 0 && digit == '0')
            {
                WholeDigits -= isWhole ? 0 : 1;
                return true;
            }

            WholeDigits += isWhole ? 1 : 0;
            if (Digits < DigitsMax)
            {
                Value = (Value * 10) + (ulong)(digit - '0');
                Digits++;
            }

            return true;
        }
    }
}
