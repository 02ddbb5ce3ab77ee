using System.Text;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

public sealed class RuntimeTimeTests
{
    [Theory]
    [InlineData("2026-11-24T10:20:30.123456789Z", "2026-11-24T10:20:30.123456789Z")]
    [InlineData("2026-11-24T10:20:30.1Z", "2026-11-24T10:20:30.1Z")]
    [InlineData("2026-11-24T10:20:30Z", "2026-11-24T10:20:30Z")]
    [InlineData("2026-11-24T18:20:30.123456789+08:00", "2026-11-24T10:20:30.123456789Z")]
    [InlineData("2026-11-24T02:20:30.5+08:00", "2026-11-23T18:20:30.5Z")]
    [InlineData("2026-12-31T20:30:00-03:30", "2027-01-01T00:00:00Z")]
    [InlineData("2024-03-01T00:00:00.000000001+00:01", "2024-02-29T23:59:00.000000001Z")]
    public void TryMakeUtc_TimeOfARuntime_KeepsItsDigits(string time, string expected)
    {
        Assert.True(RuntimeTime.TryMakeUtc(Encoding.UTF8.GetBytes(time), out var utc));

        Assert.Equal(expected, Encoding.UTF8.GetString(utc));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Z")]
    [InlineData("+08:00")]
    [InlineData("2026-11-24T10:20:30")]
    [InlineData("2026-11-24T10:20:30+0800")]
    [InlineData("2026-11-24T10:20:30+24:00")]
    [InlineData("2026-11-24T10:20:30+08:60")]
    [InlineData("2026-11-24T10:20:30+-8:00")]
    [InlineData("2026-02-30T10:20:30+08:00")]
    [InlineData("2026-13-24T10:20:30+08:00")]
    [InlineData("2026-11-24T24:20:30+08:00")]
    [InlineData("0001-01-01T00:00:00+08:00")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("2026-11-24T10:20:30.1234567890+08:00")]
    public void TryMakeUtc_OtherText_IsNone(string time) => Assert.False(RuntimeTime.TryMakeUtc(Encoding.UTF8.GetBytes(time), out _));
}
