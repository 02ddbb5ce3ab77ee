using System.Text;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Records.Formats;

public sealed class RegexpFormatTests
{
    private static readonly IReadOnlyList<string> Samples =
    [
        "2023-10-11 14:32:52 INFO [main] started in 5 s",
        "2023-10-11 14:32:52 WARN größer als €5",
        "2023-10-11 14:32:52 ERROR ",
        "no such line",
    ];

    private const string Pattern = @"^(?<time>\S+ \S+) (?<level>[A-Z]+) (\[(?<thread>[^\]]*)\] )?(?<text>.*)$";

    [Theory]
    [InlineData(0, """{"time":"2023-10-11 14:32:52","level":"INFO","thread":"main","text":"started in 5 s"}""")]
    [InlineData(1, """{"time":"2023-10-11 14:32:52","level":"WARN","text":"größer als €5"}""")]
    [InlineData(2, """{"time":"2023-10-11 14:32:52","level":"ERROR","text":""}""")]
    [InlineData(3, null)]
    public void TryParse_Record_HasTheGroupsThatMatched(int sample, string? expected) =>
        Assert.Equal(expected, ParsedFields.Parse(Make(Pattern), Samples[sample]));

    [Theory]
    [InlineData("(?<time>\\S+) (?<x>.*)", "time", "t x")]
    [InlineData("(?<time>\\S+) (?<at>.*)", "at", "t t")]
    public void TryParse_GroupOfTheTime_GivesTheTimeAndIsKept(string pattern, string timeGroup, string text)
    {
        var json = ParsedFields.Parse(Make(pattern, timeGroup), Encoding.UTF8.GetBytes(text), out var time);

        Assert.Equal("t", time);
        Assert.Contains($"\"{timeGroup}\":\"t\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_TimeThatIsNotAscii_IsItsBytes()
    {
        ParsedFields.Parse(Make("^(?<time>.*) "), Encoding.UTF8.GetBytes("11 août 2023 x"), out var time);

        Assert.Equal("11 août 2023", time);
    }

    [Fact]
    public void TryParse_ReservedGroups_GetAnUnderscore() => Assert.Equal(
        """{"offset_":"1","offset__":"2","message":"3"}""",
        ParsedFields.Parse(Make("(?<offset>.) (?<offset_>.) (?<message>.)"), "1 2 3"));

    [Fact]
    public void TryParse_GroupsWithoutANameOrWithANumber_AreIgnored() =>
        Assert.Equal("""{"b":"2","d":"4"}""", ParsedFields.Parse(Make("(.) (?<b>.) (?<7>.) (?<d>.)"), "1 2 3 4"));

    [Fact]
    public void TryParse_ExpressionWithoutGroups_HasNoFields() => Assert.Equal("{}", ParsedFields.Parse(Make("a"), "bab"));

    [Fact]
    public void TryParse_SeveralLines_AreReadAsByRuby() =>
        Assert.Equal("""{"x":"two"}""", ParsedFields.Parse(Make("^(?<x>two)$"), "one\ntwo\nthree"));

    [Fact]
    public void TryParse_Backreference_IsMatched() =>
        Assert.Equal("""{"quote":"'","x":"a\"b"}""", ParsedFields.Parse(Make("(?<quote>['\"])(?<x>.*)\\k<quote>"), "x 'a\"b' y"));

    [Fact]
    public void TryParse_BytesThatAreNoUtf8_AreRepaired() =>
        Assert.Equal("{\"x\":\"a\uFFFD b\"}", ParsedFields.ParseLatin1(Make("(?<x>.*)"), "a\u00ff b"));

    [Fact]
    public void TryParse_HalfOfACharacter_IsReplaced() =>
        ParsedFields.CheckValid(ParsedFields.Parse(Make("(?<x>.)"), "🙂")!);

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void TryParse_TextOfAnyLength_IsMatchedOrNot(int length)
    {
        var text = new string('x', length);

        Assert.Equal($"{{\"a\":\"{text}\"}}", ParsedFields.Parse(Make("^(?<a>x+)$"), text));
        Assert.Equal($"{{\"a\":\"ü{text}\"}}", ParsedFields.Parse(Make("^(?<a>.+)$"), "ü" + text));
        Assert.Null(ParsedFields.Parse(Make("^(?<a>x+)$"), text + "y"));
    }

    [Fact]
    public void TryParse_EveryStartOfARecord_IsRefusedOrValid()
    {
        foreach (var line in Samples)
        {
            ParsedFields.CheckPrefixes(Make(Pattern), line);
        }
    }

    [Fact]
    public void TryParse_DamagedRecords_AreRefusedOrValid() => ParsedFields.CheckDamaged(Make(Pattern), Samples, seed: 31);

    private static RegexpFormat Make(string pattern, string timeGroup = RegexpFormat.TimeGroup) =>
        new(new BoundedRegex(pattern, RegexDialect.Ruby, TimeProvider.System), JsonCase.Names(), timeGroup);
}
