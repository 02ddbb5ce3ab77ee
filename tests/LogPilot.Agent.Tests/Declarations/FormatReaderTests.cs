using System.Text.RegularExpressions;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class FormatReaderTests
{
    [Fact]
    public void Read_CsvWithAllProperties_KeepsThem()
    {
        var log = DeclaringContainer.OfLogA(
            "stdout",
            ("format", "csv"), ("format.keys", "t,level"), ("format.time_key", "t"), ("format.time_format", "%s")).ReadLog();

        Assert.Equal(
            new LogFormat(LogFormatKind.Csv) { Keys = "t,level", TimeKey = "t", TimeFormat = "%s" },
            log.Format);
    }

    // log-pilot's Filebeat did not look at it.
    [Fact]
    public void Read_TimeFormatThatIsNone_IsLeftOutWithNotice()
    {
        var options = new DeclarationOptions { ErrorOfTimeFormat = format => format == "%s" ? null : "bad" };
        var set = DeclaringContainer.OfLogA("stdout", ("format", "json"), ("format.time_key", "t"), ("format.time_format", "yyyy")).Read(options);

        Assert.Equal(new LogFormat(LogFormatKind.Json) { TimeKey = "t" }, Assert.Single(set.Logs).Format);
        Assert.StartsWith("in log a: time_format yyyy is not used: bad;", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    // log-pilot takes it, too, and parses nothing.
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Read_CsvWithoutKeys_IsTakenWithNotice(string keys)
    {
        var set = DeclaringContainer.OfLogA("stdout", ("format", "csv"), ("format.keys", keys)).Read();

        Assert.Equal(new LogFormat(LogFormatKind.Csv), Assert.Single(set.Logs).Format);
        Assert.Equal("in log a: lines stay whole in message until format.keys names the columns", Assert.Single(set.Notices));
    }

    [Fact]
    public void Read_BlanksAroundKeys_AreDropped()
    {
        var log = DeclaringContainer.OfLogA("stdout", ("format", "csv"), ("format.keys", " a , b c,d ")).ReadLog();

        Assert.Equal("a,b c,d", log.Format.Keys);
    }

    [Theory]
    [InlineData("a,b,", "keys has an empty name at place 3")]
    [InlineData("a, ,b", "keys has an empty name at place 2")]
    [InlineData(",", "keys has an empty name at place 1")]
    [InlineData("a,b, a", "keys has the name a twice")]
    public void Read_BadKeys_IsError(string keys, string error)
    {
        Assert.Equal(
            $"in log a: format error: {error}",
            DeclaringContainer.OfLogA("stdout", ("format", "csv"), ("format.keys", keys)).ReadError());
    }

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1001, "in log a: format error: keys has 1001 names, more than 1000")]
    public void Read_ManyKeys_AreBounded(int count, string? error)
    {
        var keys = string.Join(',', Enumerable.Range(0, count));

        var set = DeclaringContainer.OfLogA("stdout", ("format", "csv"), ("format.keys", keys)).Read();

        Assert.Equal(error, set.Errors.SingleOrDefault()?.Text);
    }

    [Fact]
    public void Read_TimeKeyThatIsNoColumn_IsNamedInANotice()
    {
        var set = DeclaringContainer.OfLogA(
            "stdout", ("format", "csv"), ("format.keys", "t,level"), ("format.time_key", "time")).Read();

        Assert.Contains("time_key time is none of format.keys", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/^(?<ip>\\S+)$/", "^(?<ip>\\S+)$")]
    [InlineData("^(?P<ip>[[:digit:].]+)", "^(?<ip>[0-9.]+)")]
    [InlineData("[[:space:]]", "[\\s]")]
    [InlineData("[^[:space:]:]", "[^\\s:]")]
    [InlineData("\\h+[\\h-]", "[0-9a-fA-F]+[0-9a-fA-F-]")]
    [InlineData("[]a[:alpha:]]", "[]aA-Za-z]")]
    [InlineData("\\[[:a]", "\\[[:a]")]
    [InlineData("[[:nothing:]]", "[[:nothing:]]")]
    [InlineData("a/", "a/")]
    public void Read_PatternOfRubyOrGo_IsTranslated(string declared, string expected)
    {
        var log = DeclaringContainer.OfLogA("stdout", ("format", "regexp"), ("format.pattern", declared)).ReadLog();

        Assert.Equal(expected, log.Format.Pattern);
    }

    [Fact]
    public void TryTranslate_PunctuationClass_MatchesAllPunctuation()
    {
        Assert.True(RegexText.TryTranslate("^[[:punct:]]+$", out var pattern, out _));

        Assert.Matches(new Regex(pattern), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
        Assert.DoesNotMatch(new Regex(pattern), "a");
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a**")]
    [InlineData("[z-a]")]
    [InlineData("\\")]
    public void Read_PatternThatDoesNotCompile_IsErrorWithPlace(string pattern)
    {
        var error = DeclaringContainer.OfLogA("stdout", ("format", "regexp"), ("format.pattern", pattern)).ReadError();

        Assert.StartsWith("in log a: format error: regex pattern is not valid: ", error, StringComparison.Ordinal);
        Assert.Contains(" at character ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("//")]
    public void Read_EmptyPattern_IsError(string pattern)
    {
        var error = DeclaringContainer.OfLogA("stdout", ("format", "regexp"), ("format.pattern", pattern)).ReadError();

        Assert.Equal("in log a: format error: regex pattern can not be empty", error);
    }

    [Fact]
    public void Read_HugeOrDeepPattern_DoesNotThrow()
    {
        var deep = new string('(', 2000) + new string(')', 2000);
        foreach (var pattern in new[] { deep, new string('a', 100_000), "(a{9999}){9999}" })
        {
            var set = DeclaringContainer.OfLogA("stdout", ("format", "regexp"), ("format.pattern", pattern)).Read();

            Assert.Equal(1, set.Logs.Count + set.Errors.Count);
        }
    }

    [Fact]
    public void Read_UnknownFormat_FixListsFormats()
    {
        var error = Assert.Single(DeclaringContainer.OfLogA("stdout", ("format", "xml")).Read().Errors);

        Assert.Equal("use one of none, json, csv, nginx, apache2, apache_error, regexp", error.Fix);
    }
}
