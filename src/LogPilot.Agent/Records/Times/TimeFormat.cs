using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Records.Times;

/// <summary>How a log writes its times: in the words of strftime, or in any of the usual ways.</summary>
/// <remarks>
/// Text behind what the format says makes it no time, except for blanks. Ruby's <c>Time.strptime</c>, and with it fluentd, reads
/// over such text, so that <c>%Y-%m-%dT%H:%M:%S</c> would take <c>10:00:00Z</c> and <c>10:00:00+08:00</c> for the same local time,
/// hours from the right one, and nobody would see why.
/// </remarks>
internal sealed class TimeFormat
{
    private readonly TimeStep[]? _steps;

    private TimeFormat(TimeStep[]? steps) => _steps = steps;

    /// <summary>What programs write without being told how: ISO 8601, numbers since 1970, and the formats of mail, servers and syslog.</summary>
    public static TimeFormat Any { get; } = new(null);

    /// <param name="reason">What is wrong, with the place and an example; for whoever has declared the format.</param>
    public static bool TryCompile(
        string strftime, [NotNullWhen(true)] out TimeFormat? format, [NotNullWhen(false)] out string? reason)
    {
        var isCompiled = new TimeFormatCompiler(strftime).TryCompile(out var steps, out reason);
        format = isCompiled ? new TimeFormat(steps) : null;
        return isCompiled;
    }

    /// <param name="text">The bytes of a time; any bytes.</param>
    /// <param name="reference">When the record was written or read: what the text leaves out is completed from it.</param>
    /// <param name="zone">Of the program, where the text names none.</param>
    /// <returns>False if it is no time of this format.</returns>
    /// <remarks>
    /// Without a year it is the year that brings it closest to the reference. Without a date it is the day of the reference, or the
    /// day before if it were more than half a day ahead of it otherwise. Missing smaller parts are zero.
    /// </remarks>
    public bool TryParse(ReadOnlySpan<byte> text, in RecordTime reference, ZoneOffsets zone, out RecordTime time)
    {
        while (!text.IsEmpty && TimeScanner.IsBlank(text[^1]))
        {
            text = text[..^1];
        }

        return _steps is null ? AnyTime.TryParse(text, reference, zone, out time) : TryParse(_steps, text, reference, zone, out time);
    }

    /// <summary>Parses by steps; the text is all there is.</summary>
    public static bool TryParse(
        TimeStep[] steps, ReadOnlySpan<byte> text, in RecordTime reference, ZoneOffsets zone, out RecordTime time)
    {
        time = default;
        var scanner = new TimeScanner(text);
        var parts = new TimeParts();
        foreach (ref readonly var step in steps.AsSpan())
        {
            if (!step.TryRead(ref scanner, ref parts))
            {
                return false;
            }
        }

        return scanner.IsAtEnd && parts.TryResolve(reference, zone, out time);
    }
}
