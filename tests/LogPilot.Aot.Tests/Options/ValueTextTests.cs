using LogPilot.Aot.Options;

namespace LogPilot.Aot.Tests.Options;

public sealed class ValueTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1048576", 1048576)]
    [InlineData("64KiB", 65536)]
    [InlineData("64k", 65536)]
    [InlineData("1MiB", 1048576)]
    [InlineData("2M", 2097152)]
    [InlineData("1GiB", 1073741824)]
    [InlineData("3g", 3221225472)]
    [InlineData("7B", 7)]
    public void TryParseSize_ValidText_GivesBytes(string text, long bytes)
    {
        Assert.True(ValueText.TryParseSize(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("-1")]
    [InlineData("1.5M")]
    [InlineData("1 MiB")]
    [InlineData("1KB")]
    [InlineData("1T")]
    [InlineData("99999999999999999999")]
    [InlineData("9999999999999G")]
    public void TryParseSize_OtherText_IsRefused(string text) => Assert.False(ValueText.TryParseSize(text, out _));

    [Theory]
    [InlineData("200ms", 200)]
    [InlineData("5s", 5000)]
    [InlineData("2m", 120000)]
    [InlineData("1h", 3600000)]
    public void TryParseDuration_ValidText_GivesTime(string text, long milliseconds)
    {
        Assert.True(ValueText.TryParseDuration(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData("5 s")]
    [InlineData("1h30m")]
    [InlineData("1d")]
    [InlineData("9223372036854775807h")]
    public void TryParseDuration_OtherText_IsRefused(string text) => Assert.False(ValueText.TryParseDuration(text, out _));

    [Theory]
    [InlineData("true", true)]
    [InlineData("YES", true)]
    [InlineData("0", false)]
    [InlineData("Off", false)]
    [InlineData("perhaps", null)]
    public void ParseFlag_AnyText_GivesTheFlagOrNull(string text, bool? expected) =>
        Assert.Equal(expected, ValueText.ParseFlag(text));
}
