using System.Text;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Tests.Records.Times;

public sealed class RecordTimeTests
{
    private const int Rounds = 5000;
    private const int Seed = 20261124;

    [Theory]
    [InlineData(0, 0, 0, "1970-01-01T00:00:00.000Z")]
    [InlineData(1_795_514_400, 5_000_000, 0, "2026-11-24T10:00:00.005Z")]
    [InlineData(1_795_514_400, 123_456_789, 2, "2026-11-24T10:00:00.123Z")]
    [InlineData(1_795_514_400, 123_456_000, 6, "2026-11-24T10:00:00.123456Z")]
    [InlineData(1_795_514_400, 123_456_789, 9, "2026-11-24T10:00:00.123456789Z")]
    [InlineData(1_709_164_799, 999_999_999, 9, "2024-02-28T23:59:59.999999999Z")]
    [InlineData(1_709_164_800, 1, 9, "2024-02-29T00:00:00.000000001Z")]
    [InlineData(253_402_300_799, 0, 3, "9999-12-31T23:59:59.000Z")]
    public void Write_Time_HasItsDigitsAndAtLeastThree(long seconds, int nanoseconds, int digits, string expected) =>
        Assert.Equal(expected, TimeTexts.Written(new RecordTime(seconds, nanoseconds, digits)));

    [Theory]
    [InlineData(-1)]
    [InlineData(253_402_300_800)]
    public void TryCreate_OutsideOf1970To9999_IsRefused(long seconds)
    {
        Assert.False(RecordTime.TryCreate(seconds, 0, 0, out _));
        Assert.Throws<InvalidOperationException>(() => new RecordTime(seconds, 0, 0).Write(new byte[RecordTime.LengthMax]));
    }

    [Theory]
    [InlineData("2026-11-24T10:00:00Z", 1_795_514_400, 0, 0)]
    [InlineData("2026-11-24T10:00:00.1Z", 1_795_514_400, 100_000_000, 1)]
    [InlineData("2026-11-24T10:00:00.123456789Z", 1_795_514_400, 123_456_789, 9)]
    [InlineData("2026-11-24T10:00:00.1234567891Z", 1_795_514_400, 123_456_789, 9)]
    public void TryRead_TimeOfTheRuntime_IsRead(string text, long seconds, int nanoseconds, int digits) =>
        Assert.Equal(new RecordTime(seconds, nanoseconds, digits), TimeTexts.At(text));

    [Theory]
    [InlineData("")]
    [InlineData("Z")]
    [InlineData("2026-11-24")]
    [InlineData("2026-11-24T10:00Z")]
    [InlineData("2026-11-24T10:00:00")]
    [InlineData("2026-11-24T10:00:00.Z")]
    [InlineData("2026-11-24 10:00:00.123Z")]
    [InlineData("2026-11-24T10:00:00+00:00")]
    [InlineData("2026-11-24T10:00:00+00:00Z")]
    [InlineData("2026-11-24T10:00:00.12xZ")]
    [InlineData("2026-02-30T10:00:00.123Z")]
    [InlineData("1969-12-31T23:59:59.123Z")]
    public void TryRead_AnythingElse_IsRefused(string text) => Assert.False(RecordTime.TryRead(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Write_RandomTimes_AreThoseOfDateTimeOffsetAndAreReadBack()
    {
        var random = new Random(Seed);
        for (var round = 0; round < Rounds; round++)
        {
            var moment = TimeTexts.RandomMoment(random);
            var time = moment.ToRecordTime(digits: 7);

            Assert.True(TimeTexts.Written(time) == moment.Invariant("yyyy-MM-ddTHH:mm:ss.fffffffZ"), $"Seed {Seed}, round {round}: {moment:O}");
            Assert.Equal(time, TimeTexts.At(TimeTexts.Written(time)));
        }
    }
}
