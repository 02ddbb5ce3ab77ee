using System.Text;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>
/// A declared format, a zone, and then a time in each line: whatever they are, nothing is thrown, and a time is one of the years 1970
/// to 9999 that is read back as what was written. Without a format it is any.
/// </summary>
internal sealed class TimeTarget() : FuzzTarget("time")
{
    public override IReadOnlyList<string> Tokens { get; } =
    [
        "%Y-%m-%d", "%H:%M:%S", "%b", "%e", "%j", "%N", "%3N", "%L", "%z", "%Z", "%s", "%Q", "%p", "%C%y", "%-", "%", "%%", "2026-11-24", "T", " ",
        "10:00:00", "24:00:00", "23:59:60", ".123456789", ",", "Z", "+08:00", "-2560", "UTC", "CST", "Nov", "february", "Tue", "29", "9999", "0000",
        "1795514400", "e+09", "e99", "99999999999999999999", "EST5EDT", ",M3.2.0", "/-167", "J365", "<+08>-8", "\n", "\r", "\0", "\xff",
    ];

    protected override void Check(byte[] input, Random random)
    {
        var lines = Encoding.UTF8.GetString(input).Split('\n');
        var zone = lines.Length > 1 && ZoneOffsets.TryFind(lines[1], [], out var found, out _) ? found : ZoneOffsets.Utc;
        var format = TimeFormat.Any;
        if (lines[0].Length > 0 && TimeFormat.TryCompile(lines[0], out var compiled, out var reason))
        {
            Expect(reason is null, "a format that is one has no reason against it");
            format = compiled;
        }

        Expect(RecordTime.TryCreate(random.NextInt64(253_402_300_799), random.Next(1_000_000_000), 9, out var reference), "the reference is a time");
        foreach (var line in lines.Skip(2))
        {
            CheckTime(format, Encoding.UTF8.GetBytes(line), reference, zone);
        }
    }

    private static void CheckTime(TimeFormat format, ReadOnlySpan<byte> text, RecordTime reference, ZoneOffsets zone)
    {
        if (!format.TryParse(text, reference, zone, out var time))
        {
            Expect(time == default, "there is no time where there is none");
            return;
        }

        Span<byte> target = stackalloc byte[RecordTime.LengthMax];
        var written = target[..time.Write(target)];
        Expect(written.Length is >= 24 and <= RecordTime.LengthMax, "a time is written with three to nine digits");
        Expect(RecordTime.TryRead(written, out var read), "what is written is read back");
        Expect(read.UnixSeconds == time.UnixSeconds && read.FractionDigits == Math.Max(3, time.FractionDigits), "it is the same time");
        Expect(format.TryParse(text, reference, zone, out var again) && again == time, "the same text is the same time");
    }
}
