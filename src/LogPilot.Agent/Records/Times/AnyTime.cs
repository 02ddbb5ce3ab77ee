namespace LogPilot.Agent.Records.Times;

/// <summary>Tells by its first bytes how a time is written, and reads it.</summary>
/// <remarks>
/// <code>
/// 2026-11-24T10:00:00.123+08:00     ISO 8601, RFC 3339, and with a blank or a comma: log4j, Python, Go
/// 20261124T100000Z                  ISO 8601 without signs between
/// 1764000000.123  1764000000123     seconds, milliseconds, microseconds, nanoseconds since 1970
/// 2026/11/24 10:00:00               the error log of nginx, Go's log package
/// 24-Nov-2026 10:00:00.123          Tomcat
/// 24/Nov/2026:10:00:00 +0000        Apache, the access log of nginx
/// 24 Nov 2026 10:00:00 +0000        RFC 2822, also with the day: Tue, 24 Nov 2026 10:00:00 GMT
/// Tue Nov 24 10:00:00.123456 2026   ctime, the error log of Apache, and with a zone before the year: date, Java
/// Nov 24 10:00:00                   syslog of RFC 3164, and with a year behind it: the format apache_error
/// 1124 10:00:00.123456              klog, of Kubernetes
/// </code>
/// </remarks>
internal static class AnyTime
{
    // %f is an optional fraction, %o an optional zone.
    private static readonly TimeStep[] Compact = TimeFormatCompiler.Compile("%Y%m%dT%H%M%S%f%o");
    private static readonly TimeStep[] Slashes = TimeFormatCompiler.Compile("%Y/%m/%d %H:%M:%S%f%o");
    private static readonly TimeStep[] Tomcat = TimeFormatCompiler.Compile("%d-%b-%Y %H:%M:%S%f%o");
    private static readonly TimeStep[] Apache = TimeFormatCompiler.Compile("%d/%b/%Y:%H:%M:%S%f%o");
    private static readonly TimeStep[] Mail = TimeFormatCompiler.Compile("%d %b %Y %H:%M:%S%f%o");
    private static readonly TimeStep[] MailWithDay = TimeFormatCompiler.Compile("%a, %d %b %Y %H:%M:%S%f%o");
    private static readonly TimeStep[] Ctime = TimeFormatCompiler.Compile("%a %b %e %H:%M:%S%f%o %Y");
    private static readonly TimeStep[] SyslogWithYear = TimeFormatCompiler.Compile("%b %e %H:%M:%S%f %Y");
    private static readonly TimeStep[] Syslog = TimeFormatCompiler.Compile("%b %e %H:%M:%S%f");
    private static readonly TimeStep[] Klog = TimeFormatCompiler.Compile("%m%d %H:%M:%S%f");

    public static bool TryParse(ReadOnlySpan<byte> text, in RecordTime reference, ZoneOffsets zone, out RecordTime time)
    {
        while (!text.IsEmpty && TimeScanner.IsBlank(text[0]))
        {
            text = text[1..];
        }

        if (At(text, 4) == '-')
        {
            return IsoTime.TryParse(text, reference, zone, out time);
        }

        if (StepsFor(text) is { } steps)
        {
            return TimeFormat.TryParse(steps, text, reference, zone, out time);
        }

        return EpochTime.TryParse(text, out time);
    }

    // By the place of the first byte that is no digit, or by the letters.
    private static TimeStep[]? StepsFor(ReadOnlySpan<byte> text)
    {
        if (!TimeScanner.IsDigit(At(text, 0)))
        {
            return CalendarNames.MonthOf(text, out _) == 0 ? (text.Contains((byte)',') ? MailWithDay : Ctime)
                : At(text, text.TrimEnd((byte)' ').Length - " 2026".Length) == ' ' ? SyslogWithYear
                : Syslog;
        }

        return (At(text, 1), At(text, 2), At(text, 4)) switch
        {
            (_, _, (byte)'/') => Slashes,
            (_, _, (byte)' ') when TimeScanner.IsDigit(At(text, 2)) => Klog,
            ((byte)'/', _, _) or (_, (byte)'/', _) => Apache,
            ((byte)'-', _, _) or (_, (byte)'-', _) => Tomcat,
            ((byte)' ', _, _) or (_, (byte)' ', _) => Mail,
            _ => At(text, 8) == 'T' ? Compact : null,
        };
    }

    private static byte At(ReadOnlySpan<byte> text, int index) => (uint)index < (uint)text.Length ? text[index] : (byte)0;
}
