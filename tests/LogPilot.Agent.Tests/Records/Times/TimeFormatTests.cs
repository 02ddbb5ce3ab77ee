using System.Globalization;
using System.Text;
using LogPilot.Agent.Records.Times;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Records.Times;

public sealed class TimeFormatTests
{
    private const int Rounds = 5000;
    private const int Seed = 20261124;

    // What logs are declared with.
    [Theory]
    [InlineData("%Y-%m-%dT%H:%M:%S.%NZ", "2026-11-24T10:00:00.123456789Z", "2026-11-24T10:00:00.123456789Z")]
    [InlineData("%Y-%m-%dT%H:%M:%S.%L%z", "2026-11-24T10:00:00.123+0800", "2026-11-24T02:00:00.123Z")]
    [InlineData("%Y-%m-%d %H:%M:%S,%L", "2026-11-24 10:00:00,123", "2026-11-24T10:00:00.123Z")]
    [InlineData("%d/%b/%Y:%H:%M:%S %z", "24/Nov/2026:10:00:00 +0800", "2026-11-24T02:00:00.000Z")]
    [InlineData("%a %b %d %H:%M:%S.%N %Y", "Tue Nov 24 10:00:00.123456 2026", "2026-11-24T10:00:00.123456Z")]
    [InlineData("%b %e %H:%M:%S", "Nov  4 10:00:00", "2026-11-04T10:00:00.000Z")]
    [InlineData("%Y年%m月%d日 %H时%M分%S秒", "2026年11月24日 10时00分00秒", "2026-11-24T10:00:00.000Z")]
    [InlineData("%d-%b-%Y %I:%M:%S.%L %p", "24-Nov-2026 01:02:03.004 PM", "2026-11-24T13:02:03.004Z")]
    // Each directive.
    [InlineData("%C%y-%j", "2026-328", "2026-11-24T00:00:00.000Z")]
    [InlineData("%y%m%d", "691231", "1969")]
    [InlineData("%y%m%d", "700102", "1970-01-02T00:00:00.000Z")]
    [InlineData("%y%m%d", "680102", "2068-01-02T00:00:00.000Z")]
    [InlineData("%e %B %Y", " 4 november 2026", "2026-11-04T00:00:00.000Z")]
    [InlineData("%d %h %Y", "4 SEPTEMBER 2026", "2026-09-04T00:00:00.000Z")]
    [InlineData("%F %k:%M", "2026-11-24  9:05", "2026-11-24T09:05:00.000Z")]
    [InlineData("%F %l %P", "2026-11-24 12 am", "2026-11-24T00:00:00.000Z")]
    [InlineData("%F %l %p", "2026-11-24 12 p.m.", "2026-11-24T12:00:00.000Z")]
    [InlineData("%F %T", "2026-11-24 10:11:12", "2026-11-24T10:11:12.000Z")]
    [InlineData("%x %X", "11/24/26 10:11:12", "2026-11-24T10:11:12.000Z")]
    [InlineData("%D %R", "11/24/26 10:11", "2026-11-24T10:11:00.000Z")]
    [InlineData("%v %r", "24-NOV-2026 10:11:12 PM", "2026-11-24T22:11:12.000Z")]
    [InlineData("%c", "Tue Nov 24 10:11:12 2026", "2026-11-24T10:11:12.000Z")]
    [InlineData("%+", "Tue Nov 24 10:11:12 UTC 2026", "2026-11-24T10:11:12.000Z")]
    [InlineData("%A, %u %w %F", "tuesday, 2 2 2026-11-24", "2026-11-24T00:00:00.000Z")]
    [InlineData("%F%n%T%t%%", "2026-11-24 \t 10:11:12%", "2026-11-24T10:11:12.000Z")]
    [InlineData("%s", "1795514400", "2026-11-24T10:00:00.000Z")]
    [InlineData("%s.%N", "1795514400.12", "2026-11-24T10:00:00.120Z")]
    [InlineData("%s%L", "1795514400123", "2026-11-24T10:00:00.123Z")]
    [InlineData("%Q", "1795514400123", "2026-11-24T10:00:00.123Z")]
    [InlineData("%-d/%-m/%Y %0H:%^b", "4/1/2026 10:nov", "2026-11-04T10:00:00.000Z")]
    [InlineData("%_m/%d/%Y", " 1/4/2026", "2026-01-04T00:00:00.000Z")]
    // Fractions of a second.
    [InlineData("%T.%L", "10:00:00.1", "2026-11-24T10:00:00.100Z")]
    [InlineData("%T.%L", "10:00:00.123456789", "2026-11-24T10:00:00.123456789Z")]
    [InlineData("%T.%3N", "10:00:00.123456", "2026-11-24T10:00:00.123456Z")]
    [InlineData("%T.%N", "10:00:00.123456789123", "2026-11-24T10:00:00.123456789Z")]
    [InlineData("%H%M%S%3N%Y", "1000001232026", "2026-01-01T10:00:00.123Z")]
    [InlineData("%T.%6N0%z", "10:00:00.1234560+01", "2026-11-24T09:00:00.123456Z")]
    // Zones.
    [InlineData("%F %T%z", "2026-11-24 10:00:00Z", "2026-11-24T10:00:00.000Z")]
    [InlineData("%F %T %:z", "2026-11-24 10:00:00 -03:30", "2026-11-24T13:30:00.000Z")]
    [InlineData("%F %T %::z", "2026-11-24 10:00:00 +08:00:01", "2026-11-24T01:59:59.000Z")]
    [InlineData("%F %T %z", "2026-11-24 10:00:00 +08", "2026-11-24T02:00:00.000Z")]
    [InlineData("%F %T %Z", "2026-11-24 10:00:00 GMT+8", "2026-11-24T02:00:00.000Z")]
    [InlineData("%F %T %Z", "2026-11-24 10:00:00 utc", "2026-11-24T10:00:00.000Z")]
    [InlineData("%F %T %Z", "2026-11-24 10:00:00 EST", "2026-11-24T10:00:00.000Z")]
    // The ends of things.
    [InlineData("%F %T", "2026-11-24 24:00:00", "2026-11-25T00:00:00.000Z")]
    [InlineData("%F %T", "2016-12-31 23:59:60", "2016-12-31T23:59:59.999999999Z")]
    [InlineData("%F %T", "2024-02-29 10:00:00", "2024-02-29T10:00:00.000Z")]
    [InlineData("%F %T", "2026-11-24 10:00:00 \t\r", "2026-11-24T10:00:00.000Z")]
    [InlineData("%F %T", "2026-11-2410:00:00", "2026-11-24T10:00:00.000Z")]
    public void TryParse_TextOfTheFormat_IsRead(string strftime, string text, string expected) =>
        Assert.Equal(expected == "1969" ? null : expected, TimeTexts.Parse(TimeTexts.Format(strftime), text));

    [Theory]
    [InlineData("%F %T", "")]
    [InlineData("%F %T", "2026-11-24 10:00")]
    [InlineData("%F %T", "2026-11-24 10:00:00Z")]
    [InlineData("%F %T", "2026-11-24 10:00:00.123")]
    [InlineData("%F %T", " 2026-11-24 10:00:00")]
    [InlineData("%F %T", "2026-11-24 24:00:01")]
    [InlineData("%F %T", "2026-11-24 25:00:00")]
    [InlineData("%F %T", "2026-11-24 10:60:00")]
    [InlineData("%F %T", "2026-11-24 10:00:61")]
    [InlineData("%F %T", "2026-02-31 10:00:00")]
    [InlineData("%F %T", "2025-02-29 10:00:00")]
    [InlineData("%F %T", "2026-13-01 10:00:00")]
    [InlineData("%F %T", "2026-00-01 10:00:00")]
    [InlineData("%F %T", "2026-01-00 10:00:00")]
    [InlineData("%F %T", "1969-12-31 23:59:59")]
    [InlineData("%F %T", "12026-01-01 10:00:00")]
    [InlineData("%F %T%z", "1970-01-01 00:00:00+08")]
    [InlineData("%F %T%z", "2026-11-24 10:00:00+26")]
    [InlineData("%F %T%z", "2026-11-24 10:00:00+08:61")]
    [InlineData("%F %T%z", "2026-11-24 10:00:00+")]
    [InlineData("%F %T.%N", "2026-11-24 10:00:00.")]
    [InlineData("%F %I %p", "2026-11-24 13 PM")]
    [InlineData("%F %I %p", "2026-11-24 10 XM")]
    [InlineData("%Y-%j", "2026-366")]
    [InlineData("%Y-%j", "2024-000")]
    [InlineData("%b %d", "Nev 24")]
    [InlineData("%a %F", "Tuf 2026-11-24")]
    [InlineData("%s", "1795514400.5")]
    [InlineData("%s", "253402300800")]
    [InlineData("%s", "-1")]
    public void TryParse_AnythingElse_IsRefused(string strftime, string text) =>
        Assert.Null(TimeTexts.Parse(TimeTexts.Format(strftime), text));

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss", "the format \"yyyy-MM-dd HH:mm:ss\" has no directive; it is written as for strftime, such as %Y-%m-%d %H:%M:%S for 2026-11-24 10:00:00")]
    [InlineData("", "the format is empty; %Y-%m-%d %H:%M:%S is one")]
    [InlineData("%Y-%q", "the format has an unknown directive \"%q\" at character 4; a percent sign is %%")]
    [InlineData("年%Y %-5é", "the format has an unknown directive \"%-5é\" at character 5; a percent sign is %%")]
    [InlineData("%Y-%U", "the format has an unknown directive \"%U\" at character 4; a percent sign is %%")]
    [InlineData("%Y %:Y", "the format has an unknown directive \"%:Y\" at character 4; a percent sign is %%")]
    [InlineData("%Y %2d", "the format has an unknown directive \"%2d\" at character 4; a percent sign is %%")]
    [InlineData("%f", "the format has an unknown directive \"%f\" at character 1; a percent sign is %%")]
    [InlineData("%Y %", "the format ends within the directive \"%\" at character 4; a percent sign is %%")]
    [InlineData("%Y %-", "the format ends within the directive \"%-\" at character 4; a percent sign is %%")]
    [InlineData("100%% %Z", "the format \"100%% %Z\" has no part of a time, such as %Y or %s")]
    public void TryCompile_FormatThatIsNone_SaysWhy(string strftime, string expected)
    {
        Assert.False(TimeFormat.TryCompile(strftime, out var format, out var reason));
        Assert.Null(format);
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void TryCompile_LongFormat_IsRefused() =>
        Assert.False(TimeFormat.TryCompile("%Y" + new string('x', TimeFormatCompiler.FormatLengthMax), out _, out _));

    // Both ends of a year are close to each other.
    [Theory]
    [InlineData("%b %d %T", "Dec 31 23:59:58", "2027-01-01T00:00:03Z", "2026-12-31T23:59:58.000Z")]
    [InlineData("%b %d %T", "Jan 01 00:00:01", "2026-12-31T23:59:59Z", "2027-01-01T00:00:01.000Z")]
    [InlineData("%b %d %T", "Nov 23 10:00:00", "2026-11-24T12:00:00Z", "2026-11-23T10:00:00.000Z")]
    [InlineData("%b %d %T", "Feb 29 10:00:00", "2026-11-24T12:00:00Z", "2028-02-29T10:00:00.000Z")]
    [InlineData("%b %d %T", "Feb 29 10:00:00", "2025-11-24T12:00:00Z", "2024-02-29T10:00:00.000Z")]
    [InlineData("%b %d %T", "Feb 29 10:00:00", "2100-11-24T12:00:00Z", "2104-02-29T10:00:00.000Z")]
    [InlineData("%b %d %T", "Feb 30 10:00:00", "2026-11-24T12:00:00Z", null)]
    [InlineData("%b %d %T", "Dec 31 23:59:59", "1970-01-01T00:00:00Z", null)]
    [InlineData("%b %d %T", "Jan 01 00:00:00", "9999-12-31T23:59:59Z", "9999-01-01T00:00:00.000Z")]
    [InlineData("%j %T", "365 23:59:58", "2027-01-01T00:00:03Z", "2026-12-31T23:59:58.000Z")]
    [InlineData("%b", "Nov", "2026-11-24T12:00:00Z", "2026-11-01T00:00:00.000Z")]
    [InlineData("%d %T", "24 10:00:00", "2026-11-24T12:00:00Z", "2026-11-24T10:00:00.000Z")]
    [InlineData("%d %T", "31 23:59:59", "2027-01-01T00:00:03Z", "2026-12-31T23:59:59.000Z")]
    [InlineData("%d %T", "31 23:59:59", "2026-11-01T00:00:03Z", "2026-10-31T23:59:59.000Z")]
    [InlineData("%T", "10:00:00", "2026-11-24T12:00:00Z", "2026-11-24T10:00:00.000Z")]
    [InlineData("%T", "10:00:00", "2026-11-24T21:59:00Z", "2026-11-24T10:00:00.000Z")]
    [InlineData("%T", "12:00:01", "2026-11-24T12:00:00Z", "2026-11-24T12:00:01.000Z")]
    [InlineData("%T", "23:59:59", "2026-11-24T00:00:03Z", "2026-11-23T23:59:59.000Z")]
    [InlineData("%H", "10", "2026-11-24T12:00:00Z", "2026-11-24T10:00:00.000Z")]
    public void TryParse_PartsThatAreMissing_ComeFromTheReference(string strftime, string text, string reference, string? expected) =>
        Assert.Equal(expected, TimeTexts.Parse(TimeTexts.Format(strftime), text, TimeTexts.At(reference)));

    // At 17:00 UTC it is tomorrow in China.
    [Theory]
    [InlineData("%T", "01:00:00", "2026-11-23T17:00:00.000Z")]
    [InlineData("%T%z", "17:00:00Z", "2026-11-23T17:00:00.000Z")]
    [InlineData("%F %T", "2026-11-24 01:00:00", "2026-11-23T17:00:00.000Z")]
    [InlineData("%F %T %Z", "2026-11-24 01:00:00 CST", "2026-11-23T17:00:00.000Z")]
    [InlineData("%F %T %Z", "2026-11-24 01:00:00 UTC", "2026-11-24T01:00:00.000Z")]
    public void TryParse_ZoneThatIsMissing_IsThatOfTheSource(string strftime, string text, string expected) => Assert.Equal(
        expected,
        TimeTexts.Parse(TimeTexts.Format(strftime), text, TimeTexts.At("2026-11-23T17:00:00Z"), TimeTexts.China));

    [Theory]
    [InlineData("%Y-%m-%dT%H:%M:%S.%N%z", "yyyy-MM-ddTHH:mm:ss.fffffffzzz")]
    [InlineData("%d/%b/%Y:%T.%N %z", "dd/MMM/yyyy:HH:mm:ss.fffffff zzz")]
    [InlineData("%A, %e %B %Y %I:%M:%S.%N %p %:z", "dddd, d MMMM yyyy hh:mm:ss.fffffff tt zzz")]
    public void TryParse_RandomTimes_AreThoseOfDateTimeOffset(string strftime, string format)
    {
        var random = new Random(Seed);
        var compiled = TimeTexts.Format(strftime);
        for (var round = 0; round < Rounds; round++)
        {
            var moment = TimeTexts.RandomMoment(random).ToOffset(TimeSpan.FromMinutes(random.Next(-14 * 60, 14 * 60)));
            var text = moment.Invariant(format);
            var expected = DateTimeOffset.ParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None).ToRecordTime(7);

            var isTime = compiled.TryParse(Encoding.ASCII.GetBytes(text), default, ZoneOffsets.Utc, out var time);

            Assert.True(isTime && time == expected, $"Seed {Seed}, round {round}, {text}: {time}");
        }
    }

    [Theory]
    [InlineData("%Y-%m-%dT%H:%M:%S.%L%z", "2026-11-24T10:00:00.123+0800")]
    [InlineData("%A %B %e %l:%M:%S %p %Z %Y", "Tuesday November 24 10:00:00 a.m. GMT+08:00:00 2026")]
    [InlineData("%b %e %H:%M:%S", "Nov 24 10:00:00")]
    [InlineData("%s.%9N", "1795514400.123456789")]
    public void TryParse_EachPrefix_IsATimeOrNone(string strftime, string text)
    {
        var format = TimeTexts.Format(strftime);

        Assert.NotNull(TimeTexts.Parse(format, text));
        Assert.All(Enumerable.Range(0, text.Length), length => TimeTexts.Parse(format, text[..length]));
    }

    [Theory]
    [InlineData("%Y-%m-%dT%H:%M:%S.%L%z", "2026-11-24T10:00:00.123+0800")]
    [InlineData("%b %e %H:%M:%S", "Nov 24 10:00:00")]
    [InlineData(null, "2026-11-24 10:00:00,123")]
    [InlineData(null, "1.7955144001234567e+09")]
    [InlineData(null, "Tue Nov 24 10:00:00.123456 2026")]
    public void TryParse_ManyTimes_AllocatesNothing(string? strftime, string text)
    {
        var format = strftime is null ? TimeFormat.Any : TimeTexts.Format(strftime);
        var zone = TimeTexts.Zone("EST5EDT,M3.2.0,M11.1.0");
        var bytes = Encoding.ASCII.GetBytes(text);
        var target = new byte[RecordTime.LengthMax];

        Allocations.AssertNone(() => Run(10_000));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                if (!format.TryParse(bytes, TimeTexts.Reference, zone, out var time) || time.Write(target) == 0)
                {
                    throw new InvalidOperationException("It is a time.");
                }
            }
        }
    }
}
