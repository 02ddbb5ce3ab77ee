using System.Globalization;
using System.Text;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Tests.Records.Times;

/// <summary>Parses texts as a test writes them, and shows what came out as it is written into a document.</summary>
internal static class TimeTexts
{
    /// <summary>The reference of all tests that name no other: noon of a Tuesday.</summary>
    public static readonly RecordTime Reference = At("2026-11-24T12:00:00Z");

    public static readonly ZoneOffsets China = Zone("CST-8");

    /// <returns>What is written, or null if it is no time.</returns>
    public static string? Parse(TimeFormat format, string text, RecordTime? reference = null, ZoneOffsets? zone = null) =>
        format.TryParse(Encoding.UTF8.GetBytes(text), reference ?? Reference, zone ?? ZoneOffsets.Utc, out var time) ? Written(time) : null;

    public static TimeFormat Format(string strftime)
    {
        Assert.True(TimeFormat.TryCompile(strftime, out var format, out var reason), reason);
        return format;
    }

    public static ZoneOffsets Zone(string tz)
    {
        Assert.True(ZoneOffsets.TryFind(tz, [], out var zone, out var reason), reason);
        return zone;
    }

    public static string Written(RecordTime time)
    {
        Span<byte> target = stackalloc byte[RecordTime.LengthMax];
        return Encoding.ASCII.GetString(target[..time.Write(target)]);
    }

    public static RecordTime At(string utc)
    {
        Assert.True(RecordTime.TryRead(Encoding.ASCII.GetBytes(utc), out var time), utc);
        return time;
    }

    /// <summary>A moment of the years 1970 to 9999, most of them of the years that logs are from.</summary>
    public static DateTimeOffset RandomMoment(Random random)
    {
        var years = random.Next(4) == 0 ? 8029 : 80;
        var ticks = random.NextInt64(TimeSpan.FromDays(365L * years).Ticks);
        return DateTimeOffset.UnixEpoch.AddDays(1).AddTicks(ticks);
    }

    public static RecordTime ToRecordTime(this DateTimeOffset moment, int digits) => new(
        moment.ToUnixTimeSeconds(), (int)(moment.UtcTicks % TimeSpan.TicksPerSecond) * 100, digits);

    public static string Invariant(this DateTimeOffset moment, string format) => moment.ToString(format, CultureInfo.InvariantCulture);
}
