using System.Globalization;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Sizes as Filebeat takes them: a number, and a unit of 1000s (<c>kB</c>, <c>MB</c>, <c>M</c>) or of 1024s (<c>KiB</c>,
/// <c>MiB</c>) in any case. https://pkg.go.dev/github.com/dustin/go-humanize#ParseBytes
/// </summary>
internal static class SizeText
{
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var unit = text.AsSpan().TrimStart("0123456789.");
        var number = text.AsSpan(0, text.Length - unit.Length);
        if (FactorOf(unit.Trim().ToString().ToUpperInvariant()) is not { } factor
            || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count * factor >= long.MaxValue)
        {
            return false;
        }

        bytes = (long)(count * factor);
        return true;
    }

    private static double? FactorOf(string unit) => unit switch
    {
        "" or "B" => 1,
        "K" or "KB" => 1e3,
        "M" or "MB" => 1e6,
        "G" or "GB" => 1e9,
        "KI" or "KIB" => 1L << 10,
        "MI" or "MIB" => 1L << 20,
        "GI" or "GIB" => 1L << 30,
        _ => null,
    };
}
