using System.Globalization;

namespace LogPilot.Aot.Options;

/// <summary>How numbers, sizes, durations and flags are written in the environment.</summary>
/// <remarks>
/// <code>
/// number   = 1*DIGIT
/// size     = number [ "B" / "K" / "KiB" / "M" / "MiB" / "G" / "GiB" ]      powers of 1024, any case
/// duration = number ( "ms" / "s" / "m" / "h" )
/// flag     = "true" / "false" / "1" / "0" / "yes" / "no" / "on" / "off"    any case, as YAML took them in log-pilot
/// </code>
/// </remarks>
internal static class ValueText
{
    /// <summary>False if the text is no number or too large for one.</summary>
    public static bool TryParseNumber(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>False if the text is no size; <c>KB</c> and <c>MB</c> are none, since they mean two things.</summary>
    public static bool TryParseSize(ReadOnlySpan<char> text, out long value)
    {
        var unit = text.TrimStart("0123456789");
        var factor = unit.ToString().ToUpperInvariant() switch
        {
            "" or "B" => 1L,
            "K" or "KIB" => 1L << 10,
            "M" or "MIB" => 1L << 20,
            "G" or "GIB" => 1L << 30,
            _ => 0,
        };
        return TryScale(text[..^unit.Length], factor, long.MaxValue, out value);
    }

    /// <summary>False if the text is no duration; a number without a unit is none.</summary>
    public static bool TryParseDuration(ReadOnlySpan<char> text, out TimeSpan value)
    {
        var unit = text.TrimStart("0123456789");
        var factor = unit switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => 0,
        };
        var parsed = TryScale(text[..^unit.Length], factor, TimeSpan.MaxValue.Ticks, out var ticks);
        value = new TimeSpan(ticks);
        return parsed;
    }

    /// <summary>Null if the text is no flag.</summary>
    public static bool? ParseFlag(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" or "ON" => true,
        "FALSE" or "0" or "NO" or "OFF" => false,
        _ => null,
    };

    private static bool TryScale(ReadOnlySpan<char> digits, long factor, long maximum, out long value)
    {
        value = 0;
        if (factor == 0 || !TryParseNumber(digits, out var number) || number > maximum / factor)
        {
            return false;
        }

        value = number * factor;
        return true;
    }
}
