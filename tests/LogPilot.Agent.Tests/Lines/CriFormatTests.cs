using System.Text;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Lines;

public sealed class CriFormatTests
{
    private const string Time = "2026-11-24T10:20:30.123456789Z";

    [Theory]
    [InlineData("stdout F hello", "hello", true)]
    [InlineData("stdout P hello", "hello", false)]
    [InlineData("stdout F ", "", true)]
    [InlineData("stdout F  two spaces ", " two spaces ", true)]
    [InlineData("stdout F from a terminal\r", "from a terminal", true)]
    [InlineData("stdout P a part that ends in \r", "a part that ends in \r", false)]
    [InlineData("stdout P:TAG1:TAG2 tagged", "tagged", false)]
    [InlineData("stdout F:TAG tagged", "tagged", true)]
    [InlineData("stdout F {\"log\":\"json\\n\"}", "{\"log\":\"json\\n\"}", true)]
    public void TryParse_LineOfARuntime_IsTakenApart(string rest, string text, bool isComplete)
    {
        Assert.True(CriFormat.TryParse(Encoding.UTF8.GetBytes($"{Time} {rest}"), out var line));

        Assert.Equal(text, Encoding.UTF8.GetString(line.Text));
        Assert.Equal((isComplete, false, StandardStreams.Stdout), (line.IsComplete, line.IsEscaped, line.Stream));
        Assert.Equal(Time, Encoding.UTF8.GetString(line.Time));
    }

    [Fact]
    public void TryParse_Stderr_IsThatStream()
    {
        Assert.True(CriFormat.TryParse(Encoding.UTF8.GetBytes($"{Time} stderr F text"), out var line));

        Assert.Equal(StandardStreams.Stderr, line.Stream);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text of a program")]
    [InlineData("2026-11-24T10:20:30.123456789Z")]
    [InlineData("2026-11-24T10:20:30.123456789Z stdout")]
    [InlineData("2026-11-24T10:20:30.123456789Z stdout F")]
    [InlineData("2026-11-24T10:20:30.123456789Z stdin F text")]
    [InlineData("2026-11-24T10:20:30.123456789Z stdout Q text")]
    [InlineData("2026-11-24T10:20:30.123456789Z stdout FULL text")]
    [InlineData("2026-11-24T10:20:30.123456789Z stdout PARTIAL text")]
    [InlineData("2026-11-24 10:20:30.123456789Z stdout F text")]
    [InlineData("2026-11-24T10:20:30.123456789 stdout F text")]
    [InlineData(" 2026-11-24T10:20:30.123456789Z stdout F text")]
    public void TryParse_OtherText_IsNone(string text) => Assert.False(CriFormat.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void TryParse_TimesInTheZoneOfTheNode_AllocatesNothing()
    {
        var line = "2026-11-24T18:20:30.123456789+08:00 stdout F text"u8.ToArray();

        Allocations.AssertNone(() => Assert.True(CriFormat.TryParse(line, out _)));
    }
}
