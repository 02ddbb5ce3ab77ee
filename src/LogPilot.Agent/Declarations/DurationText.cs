using System.Buffers;
using System.Globalization;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Durations as Go and Filebeat write them: numbers with units, such as <c>1m30s</c> or <c>1.5s</c>. A number alone
/// counts seconds, as in Filebeat. https://pkg.go.dev/time#ParseDuration
/// </summary>
internal static class DurationText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var seconds = 0.0;
        var rest = text.AsSpan();
        if (TryParseNumber(rest, out var alone))
        {
            return TryMake(alone, out duration);
        }

        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !TryParseNumber(rest[..digits], out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var end = rest.IndexOfAny(Digits);
            var unit = end < 0 ? rest : rest[..end];
            rest = rest[unit.Length..];
            if (SecondsOf(unit) is not { } unitSeconds)
            {
                return false;
            }

            seconds += number * unitSeconds;
        }

        return text.Length > 0 && TryMake(seconds, out duration);
    }

    private static double? SecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1e-9,
        "us" or "µs" or "μs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => null,
    };

    private static bool TryParseNumber(ReadOnlySpan<char> text, out double number)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static bool TryMake(double seconds, out TimeSpan duration)
    {
        var isInRange = seconds < TimeSpan.MaxValue.TotalSeconds / 2;
        duration = isInRange ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return isInRange;
    }
}
