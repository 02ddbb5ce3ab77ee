using System.Buffers.Text;

namespace LogPilot.Agent.Records.Times;

/// <summary>The time of a record: a moment of the years 1970 to 9999, and how exactly its text told it.</summary>
/// <param name="UnixSeconds">Seconds since 1970, UTC.</param>
/// <param name="Nanoseconds">Of the second, 0 to 999,999,999.</param>
/// <param name="FractionDigits">How many digits the text had behind the second, 0 to 9.</param>
internal readonly record struct RecordTime(long UnixSeconds, int Nanoseconds, int FractionDigits)
{
    /// <summary>The most bytes that <see cref="Write"/> writes.</summary>
    public const int LengthMax = 30;

    /// <summary>Nanoseconds have nine digits; what a text has beyond them is cut.</summary>
    public const int FractionDigitsMax = 9;

    private const long UnixSecondsMax = 253_402_300_799;

    // What Elasticsearch and the runtime's own times have at least.
    private const int WrittenDigitsMin = 3;

    /// <returns>False if it is before 1970 or after 9999: no time that a log can have.</returns>
    public static bool TryCreate(long unixSeconds, int nanoseconds, int fractionDigits, out RecordTime time)
    {
        var isInRange = unixSeconds is >= 0 and <= UnixSecondsMax;
        time = isInRange ? new RecordTime(unixSeconds, nanoseconds, fractionDigits) : default;
        return isInRange;
    }

    /// <summary>Reads what <see cref="Write"/> writes, with any number of fraction digits, as the runtimes write their own times.</summary>
    /// <returns>False if it is anything else, such as a time with the offset of a zone.</returns>
    public static bool TryRead(ReadOnlySpan<byte> utc, out RecordTime time)
    {
        time = default;
        const int DateAndTimeLength = 19;
        if (utc.Length <= DateAndTimeLength || utc[10] != (byte)'T' || utc[^1] != (byte)'Z')
        {
            return false;
        }

        var scanner = new TimeScanner(utc[..^1]);
        var parts = new TimeParts();
        return IsoTime.TryScanDateAndTime(ref scanner, ref parts)
            && scanner.IsAtEnd
            && parts.TryResolve(default, ZoneOffsets.Utc, out time);
    }

    /// <summary>Writes <c>yyyy-MM-ddTHH:mm:ss.fffZ</c>, with as many fraction digits as the text had, but at least three.</summary>
    /// <param name="target">At least <see cref="LengthMax"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="InvalidOperationException">It was not made by <see cref="TryCreate"/>.</exception>
    public int Write(Span<byte> target)
    {
        if (UnixSeconds is < 0 or > UnixSecondsMax || Nanoseconds is < 0 or > 999_999_999)
        {
            throw new InvalidOperationException("The time is not between 1970 and 9999.");
        }

        var days = (int)(UnixSeconds / Calendar.SecondsInDay);
        var second = (int)(UnixSeconds % Calendar.SecondsInDay);
        Calendar.DateOf(days, out var year, out var month, out var day);
        WritePair(target, year / 100);
        WritePair(target[2..], year % 100);
        target[4] = (byte)'-';
        WritePair(target[5..], month);
        target[7] = (byte)'-';
        WritePair(target[8..], day);
        target[10] = (byte)'T';
        WritePair(target[11..], second / 3600);
        target[13] = (byte)':';
        WritePair(target[14..], second / 60 % 60);
        target[16] = (byte)':';
        WritePair(target[17..], second % 60);
        target[19] = (byte)'.';

        // All nine digits are written, and then those behind the last wanted one are written over.
        _ = Utf8Formatter.TryFormat((uint)Nanoseconds, target[20..], out _, new System.Buffers.StandardFormat('D', FractionDigitsMax));
        var end = 20 + Math.Clamp(FractionDigits, WrittenDigitsMin, FractionDigitsMax);
        target[end] = (byte)'Z';
        return end + 1;
    }

    private static void WritePair(Span<byte> target, int value)
    {
        target[0] = (byte)('0' + (value / 10));
        target[1] = (byte)('0' + (value % 10));
    }
}
