namespace LogPilot.Agent.Records.Times;

/// <summary>Reads times of ISO 8601 and RFC 3339, and what programs write that mean to.</summary>
/// <remarks>
/// <code>
/// time     = date [ ( "T" / "t" / " " ) hour ":" minute [ ":" second [ fraction ] ] [ zone ] ]
/// date     = year "-" month "-" day             four, two and two digits
/// fraction = ( "." / "," ) digits               log4j and Python write a comma
/// zone     = [blanks] ( "Z" / name / ( "+" / "-" ) hours [ [":"] minutes ] [ [blanks] name ] )
/// </code>
/// https://www.rfc-editor.org/rfc/rfc3339, section 5.6. Java leaves out seconds that are zero; Go writes <c>+0800 CST</c>.
/// </remarks>
internal static class IsoTime
{
    public static bool TryParse(ReadOnlySpan<byte> text, in RecordTime reference, ZoneOffsets zone, out RecordTime time)
    {
        time = default;
        var scanner = new TimeScanner(text);
        var parts = new TimeParts();
        if (!TryScanDateAndTime(ref scanner, ref parts))
        {
            return false;
        }

        scanner.SkipOrTakeZone(ref parts);
        return scanner.IsAtEnd && parts.TryResolve(reference, zone, out time);
    }

    /// <summary>Reads all but the zone.</summary>
    public static bool TryScanDateAndTime(ref TimeScanner scanner, ref TimeParts parts)
    {
        if (!scanner.TryPair(out var century) || !scanner.TryPair(out var year) || !scanner.TrySkip((byte)'-')
            || !scanner.TryPair(out var month) || !scanner.TrySkip((byte)'-')
            || !scanner.TryPair(out var day))
        {
            return false;
        }

        parts.Year = (century * 100) + year;
        parts.Month = month;
        parts.Day = day;
        if (scanner.IsAtEnd)
        {
            return true;
        }

        return (scanner.TrySkip((byte)'T') || scanner.TrySkip((byte)' ') || scanner.TrySkip((byte)'t'))
            && TryScanTime(ref scanner, ref parts);
    }

    private static bool TryScanTime(ref TimeScanner scanner, ref TimeParts parts)
    {
        if (!scanner.TryPair(out var hour) || !scanner.TrySkip((byte)':') || !scanner.TryPair(out var minute))
        {
            return false;
        }

        parts.Hour = hour;
        parts.Minute = minute;
        if (!scanner.TrySkip((byte)':'))
        {
            return true;
        }

        if (!scanner.TryPair(out var second))
        {
            return false;
        }

        parts.Second = second;
        return TryScanFraction(ref scanner, ref parts);
    }

    /// <summary>Reads a fraction if there is one.</summary>
    /// <returns>False if there is a sign of a fraction without digits.</returns>
    public static bool TryScanFraction(ref TimeScanner scanner, ref TimeParts parts)
    {
        if (!scanner.TrySkip((byte)'.') && !scanner.TrySkip((byte)','))
        {
            return true;
        }

        var hasDigits = scanner.TryFraction(int.MaxValue, out var nanoseconds, out var digits);
        parts.Nanoseconds = nanoseconds;
        parts.FractionDigits = digits;
        return hasDigits;
    }
}
