using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Tests.Records.Times;

public sealed class AnyTimeTests
{
    private const int Rounds = 5000;
    private const int Seed = 20261124;

    private static readonly string[] IsoFormats =
    [
        "yyyy-MM-ddTHH:mm:ss.fffffffzzz", "yyyy-MM-dd HH:mm:ss.fffffff zzz", "yyyy/MM/dd HH:mm:ss.fffffff zzz", "yyyyMMddTHHmmss.fffffffzzz",
        "ddd, d MMM yyyy HH:mm:ss.fffffff zzz", "ddd MMM d HH:mm:ss.fffffff zzz yyyy", "dd/MMM/yyyy:HH:mm:ss.fffffff zzz", "d-MMM-yyyy HH:mm:ss.fffffffzzz",
    ];

    [Theory]
    // ISO 8601, as written by many.
    [InlineData("2026-11-24T10:00:00Z", "2026-11-24T10:00:00.000Z")]
    [InlineData("2026-11-24t10:00:00.5z", "2026-11-24T10:00:00.500Z")]
    [InlineData("2026-11-24T10:00:00.123456789+08:00", "2026-11-24T02:00:00.123456789Z")]
    [InlineData("2026-11-24T10:00:00.1234567891234Z", "2026-11-24T10:00:00.123456789Z")]
    [InlineData("2026-11-24 10:00:00,123", "2026-11-24T10:00:00.123Z")]
    [InlineData("2026-11-24 10:00:00.123 UTC", "2026-11-24T10:00:00.123Z")]
    [InlineData("2026-11-24 10:00:00.123 +0800", "2026-11-24T02:00:00.123Z")]
    [InlineData("2026-11-24 10:00:00.123 +0800 UTC", "2026-11-24T02:00:00.123Z")]
    [InlineData("2026-11-24 10:00:00.123 +0800 CST", "2026-11-24T02:00:00.123Z")]
    [InlineData("2026-11-24 10:00:00.123 +0800 +08", "2026-11-24T02:00:00.123Z")]
    [InlineData("2026-11-24 10:00:00 CST", "2026-11-24T10:00:00.000Z")]
    [InlineData("2026-11-24T10:00:00+0800", "2026-11-24T02:00:00.000Z")]
    [InlineData("2026-11-24T10:00:00-08", "2026-11-24T18:00:00.000Z")]
    [InlineData("2026-11-24T10:00Z", "2026-11-24T10:00:00.000Z")]
    [InlineData("2026-11-24", "2026-11-24T00:00:00.000Z")]
    [InlineData("  2026-11-24T10:00:00Z \n", "2026-11-24T10:00:00.000Z")]
    [InlineData("2026-11-24T24:00:00Z", "2026-11-25T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999999Z")]
    [InlineData("20261124T100000Z", "2026-11-24T10:00:00.000Z")]
    [InlineData("20261124T100000.123+0800", "2026-11-24T02:00:00.123Z")]
    // Numbers.
    [InlineData("1795514400", "2026-11-24T10:00:00.000Z")]
    [InlineData("1795514400.1234567", "2026-11-24T10:00:00.1234567Z")]
    [InlineData("1795514400.123456789123456789", "2026-11-24T10:00:00.123456789Z")]
    [InlineData("1.7955144001234567e+09", "2026-11-24T10:00:00.1234567Z")]
    [InlineData("1.7955144E9", "2026-11-24T10:00:00.000Z")]
    [InlineData("1.8e9", "2027-01-15T08:00:00.000Z")]
    [InlineData("1795514400123", "2026-11-24T10:00:00.123Z")]
    [InlineData("1795514400123.5", "2026-11-24T10:00:00.1235Z")]
    [InlineData("1.795514400123e12", "2026-11-24T10:00:00.123Z")]
    [InlineData("1795514400123456", "2026-11-24T10:00:00.123456Z")]
    [InlineData("1795514400123456789", "2026-11-24T10:00:00.123456789Z")]
    [InlineData("0001795514400", "2026-11-24T10:00:00.000Z")]
    [InlineData("100000000", "1973-03-03T09:46:40.000Z")]
    [InlineData("99999999999", "5138-11-16T09:46:39.000Z")]
    [InlineData("99999999999999999999", "5138-11-16T09:46:39.99999999Z")]
    // Mail and HTTP.
    [InlineData("Tue, 24 Nov 2026 10:00:00 +0000", "2026-11-24T10:00:00.000Z")]
    [InlineData("Tue, 24 Nov 2026 10:00:00 GMT", "2026-11-24T10:00:00.000Z")]
    [InlineData("Wed, 4 Nov 2026 10:00:00 +0800", "2026-11-04T02:00:00.000Z")]
    [InlineData("24 Nov 2026 10:00:00 -0100", "2026-11-24T11:00:00.000Z")]
    [InlineData("4 Nov 2026 10:00:00", "2026-11-04T10:00:00.000Z")]
    // Servers and libraries.
    [InlineData("24/Nov/2026:10:00:00 +0000", "2026-11-24T10:00:00.000Z")]
    [InlineData("24/Nov/2026:10:00:00.123 +0800", "2026-11-24T02:00:00.123Z")]
    [InlineData("24-Nov-2026 10:00:00.123", "2026-11-24T10:00:00.123Z")]
    [InlineData("Tue Nov 24 10:00:00 2026", "2026-11-24T10:00:00.000Z")]
    [InlineData("Wed Nov  4 10:00:00.123456 2026", "2026-11-04T10:00:00.123456Z")]
    [InlineData("Tue Nov 24 10:00:00 UTC 2026", "2026-11-24T10:00:00.000Z")]
    [InlineData("2026/11/24 10:00:00", "2026-11-24T10:00:00.000Z")]
    [InlineData("2026/11/24 10:00:00.123456", "2026-11-24T10:00:00.123456Z")]
    [InlineData("Nov 24 10:00:00", "2026-11-24T10:00:00.000Z")]
    [InlineData("Nov  4 10:00:00", "2026-11-04T10:00:00.000Z")]
    [InlineData("Dec 31 10:00:00", "2026-12-31T10:00:00.000Z")]
    [InlineData("1124 10:00:00.123456", "2026-11-24T10:00:00.123456Z")]
    public void TryParse_UsualTime_IsRead(string text, string expected) => Assert.Equal(expected, TimeTexts.Parse(TimeFormat.Any, text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("5")]
    [InlineData("0.123")]
    [InlineData("99999999")]
    [InlineData("-1795514400")]
    [InlineData("1795514400.")]
    [InlineData(".1795514400")]
    [InlineData("1795514400.1.2")]
    [InlineData("1795514400e")]
    [InlineData("1795514400e999")]
    [InlineData("1795514400s")]
    [InlineData("179551440012345678912")]
    [InlineData("20261124")]
    [InlineData("2026-11-24T")]
    [InlineData("2026-11-24T1")]
    [InlineData("2026-11-24T10:00:00.")]
    [InlineData("2026-11-24T10:00:00Zx")]
    [InlineData("2026-11-24T10:00:00+08:00x")]
    [InlineData("2026-11-24T10:00:00 +0800 UTC x")]
    [InlineData("2026-11-24X10:00:00")]
    [InlineData("2026-02-29T10:00:00Z")]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("24/11/2026:10:00:00")]
    [InlineData("Tue, 31 Feb 2026 10:00:00 GMT")]
    [InlineData("Nov 31 10:00:00")]
    [InlineData("１795514400")]
    public void TryParse_NoTime_IsRefused(string text) => Assert.Null(TimeTexts.Parse(TimeFormat.Any, text));

    [Theory]
    [InlineData("2026-11-24 10:00:00,123", "2026-11-24T02:00:00.123Z")]
    [InlineData("2026-11-24T10:00:00Z", "2026-11-24T10:00:00.000Z")]
    [InlineData("2026/11/24 10:00:00", "2026-11-24T02:00:00.000Z")]
    [InlineData("Tue Nov 24 10:00:00 CST 2026", "2026-11-24T02:00:00.000Z")]
    [InlineData("1795514400", "2026-11-24T10:00:00.000Z")]
    public void TryParse_WithoutZone_IsInThatOfTheSource(string text, string expected) =>
        Assert.Equal(expected, TimeTexts.Parse(TimeFormat.Any, text, zone: TimeTexts.China));

    [Fact]
    public void TryParse_RandomTimesInEachFormat_AreThoseOfDateTimeOffset()
    {
        var random = new Random(Seed);
        for (var round = 0; round < Rounds; round++)
        {
            var moment = TimeTexts.RandomMoment(random).ToOffset(TimeSpan.FromMinutes(random.Next(-14 * 60, 14 * 60)));
            var text = moment.Invariant(IsoFormats[round % IsoFormats.Length]);

            var isTime = TimeFormat.Any.TryParse(System.Text.Encoding.ASCII.GetBytes(text), default, ZoneOffsets.Utc, out var time);

            Assert.True(isTime && time == moment.ToRecordTime(7), $"Seed {Seed}, round {round}, {text}: {time}");
        }
    }

    [Fact]
    public void TryParse_RandomNumbersInEachUnit_AreTheirTimes()
    {
        var random = new Random(Seed);
        for (var round = 0; round < Rounds; round++)
        {
            var nanoseconds = random.NextInt64(100_000_000L * 1_000_000_000, long.MaxValue);
            var digits = random.Next(4) * 3;
            var number = (nanoseconds / (long)Math.Pow(10, 9 - digits)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var expected = new RecordTime(nanoseconds / 1_000_000_000, (int)(nanoseconds % 1_000_000_000 / (int)Math.Pow(10, 9 - digits) * (int)Math.Pow(10, 9 - digits)), digits);

            var isTime = TimeFormat.Any.TryParse(System.Text.Encoding.ASCII.GetBytes(number), default, ZoneOffsets.Utc, out var time);

            Assert.True(isTime && time == expected, $"Seed {Seed}, round {round}, {number}: {time}, not {expected}");
        }
    }
}
