using System.Text;
using System.Text.Json;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Records.Formats;

public sealed class CsvFormatTests
{
    private static readonly IReadOnlyList<string> Samples =
    [
        "2023-10-11T14:32:52Z,INFO,started",
        "2023-10-11T14:32:52Z,WARN,\"took 5,3 s\"",
        "\"2023-10-11T14:32:52Z\",\"ERROR\",\"no \"\"such\"\" file\"",
        "2023-10-11T14:32:52Z,,\"\"",
        "2023-10-11T14:32:52Z,INFO,a,\"b\"\"\",c",
    ];

    private static CsvFormat Format => new("time, level,text", "time", JsonCase.Names());

    [Theory]
    [InlineData("t,INFO,started", """{"time":"t","level":"INFO","text":"started"}""")]
    [InlineData("t,\"a,b\",\"say \"\"x\"\"\"", """{"time":"t","level":"a,b","text":"say \"x\""}""")]
    [InlineData("t,,\"\"", """{"time":"t","level":null,"text":""}""")]
    [InlineData(",,", """{"time":null,"level":null,"text":null}""")]
    [InlineData("t", """{"time":"t","level":null,"text":null}""")]
    [InlineData(" t , ,x ", """{"time":" t ","level":" ","text":"x "}""")]
    [InlineData("t,\"two\nlines\",x", """{"time":"t","level":"two\nlines","text":"x"}""")]
    [InlineData("t,\"\"\"\",\"\"\"\"\"\"", """{"time":"t","level":"\"","text":"\"\""}""")]
    [InlineData("t,'a',b\\", """{"time":"t","level":"'a'","text":"b\\"}""")]
    public void TryParse_Record_HasItsValuesByTheKeys(string text, string expected) =>
        Assert.Equal(expected, ParsedFields.Parse(Format, text));

    [Theory]
    [InlineData("")]
    [InlineData("t,a\"b,c")]
    [InlineData("t, \"a\",c")]
    [InlineData("t,\"a\" ,c")]
    [InlineData("t,\"a\"b,c")]
    [InlineData("t,\"a,b")]
    [InlineData("t,\"a\"\"")]
    [InlineData("\"")]
    [InlineData("t,a\nb,c")]
    [InlineData("t,a,b\r")]
    [InlineData("t,a,b,\"")]
    public void TryParse_MalformedRecord_IsRefused(string text) => Assert.Null(ParsedFields.Parse(Format, text));

    [Fact]
    public void TryParse_MoreValuesThanKeys_KeepsTheWholeText() => Assert.Equal(
        """{"time":"t","level":"a","text":"b","message":"t,a,b,\"c\""}""",
        ParsedFields.Parse(Format, "t,a,b,\"c\""));

    [Fact]
    public void TryParse_MoreValuesAndAKeyThatIsMessage_KeepsTheWholeTextByAnotherName() => Assert.Equal(
        """{"message":"a","message_":"a,b"}""",
        ParsedFields.Parse(new CsvFormat("message", null, JsonCase.Names()), "a,b"));

    [Fact]
    public void TryParse_ReservedKeys_GetAnUnderscore() => Assert.Equal(
        """{"offset_":"1","message":"2","log_.level":"3","level":"4"}""",
        ParsedFields.Parse(new CsvFormat("offset,message,log.level,level", null, JsonCase.Names()), "1,2,3,4"));

    [Theory]
    [InlineData("time", "\"t \"\"1\"\"\",a", "t \"1\"")]
    [InlineData("level", "t,a", "a")]
    [InlineData("level", "t", "")]
    [InlineData("level", "t,", "")]
    [InlineData("other", "t,a", "")]
    [InlineData(null, "t,a", "")]
    public void TryParse_ColumnOfTheTime_GivesTheTime(string? timeKey, string text, string expected)
    {
        ParsedFields.Parse(new CsvFormat("time,level", timeKey, JsonCase.Names()), Encoding.UTF8.GetBytes(text), out var time);

        Assert.Equal(expected, time);
    }

    [Fact]
    public void TryParse_BytesThatAreNoUtf8_AreRepaired() =>
        Assert.Equal("{\"a\":\"\uFFFD\"}", ParsedFields.ParseLatin1(new CsvFormat("a", null, JsonCase.Names()), "\u00ff"));

    [Fact]
    public void TryParse_LongValueAndThenShortOnes_AreRight()
    {
        var format = new CsvFormat("a", null, JsonCase.Names());
        var large = new string('x', 600_000);

        Assert.Equal($"{{\"a\":\"{large}\\\"\"}}", ParsedFields.Parse(format, $"\"{large}\"\"\""));
        Assert.Equal("{\"a\":\"y\\\"\"}", ParsedFields.Parse(format, "\"y\"\"\""));
    }

    [Fact]
    public void TryParse_GeneratedRecords_GiveWhatASlowReaderGives()
    {
        const int Seed = 21;
        var random = new Random(Seed);
        var format = new CsvFormat("a,b,c", null, JsonCase.Names());
        var matched = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var text = Encoding.UTF8.GetBytes(Make(random));
            text = round % 3 == 0 ? DamagedText.Of(random, text) : text;
            var expected = Expected(text);

            var parsed = ParsedFields.Parse(format, text, out _);

            Assert.True(
                ParsedFields.AreSame(expected, parsed),
                $"Seed {Seed}, round {round}: {Encoding.Latin1.GetString(text)}\n{expected}\n{parsed}");
            matched += parsed is null ? 0 : 1;
        }

        Assert.InRange(matched, 8_000, 28_000);
    }

    [Fact]
    public void TryParse_EveryStartOfARecord_IsRefusedOrValid()
    {
        foreach (var line in Samples)
        {
            ParsedFields.CheckPrefixes(Format, line);
        }
    }

    [Fact]
    public void TryParse_DamagedRecords_AreRefusedOrValid() => ParsedFields.CheckDamaged(Format, Samples, seed: 22);

    [Fact]
    public void TryParse_TenThousandRecords_AllocatesNothing() => ParsedFields.CheckAllocatesNothing(Format, Samples);

    private static string Make(Random random)
    {
        string[] values = ["", "a", " b ", "\"\"", "\"a,b\"", "\"say \"\"x\"\"\"", "\"\"\"\"", "ü", "\"\n\"", "1.5", "\"open", "a\"b", "\"a\"b"];
        return string.Join(',', Enumerable.Range(0, random.Next(1, 6)).Select(_ => values[random.Next(random.Next(4) == 0 ? values.Length : 10)]));
    }

    private static string? Expected(byte[] text)
    {
        if (CsvReference.Read(text) is not { } values)
        {
            return null;
        }

        string[] names = ["a", "b", "c"];
        var fields = new Dictionary<string, string?>();
        for (var column = 0; column < names.Length; column++)
        {
            fields[names[column]] = column < values.Count && values[column] is { } value ? Encoding.UTF8.GetString(value) : null;
        }

        if (values.Count > names.Length)
        {
            fields["message"] = Encoding.UTF8.GetString(text);
        }

        return JsonSerializer.Serialize(fields);
    }
}
