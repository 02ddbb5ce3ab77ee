using System.Text;
using System.Text.Json;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Records.Formats;

public sealed class JsonFormatTests
{
    [Theory]
    [InlineData("""{}""", "")]
    [InlineData(""" { "a" : 1 , "b":[ ] ,"c":{ } } """, """ "a":1,"b":[],"c":{} """)]
    [InlineData("{\n  \"a\": [1,\r\n\t2]\n}\r\n", "\"a\":[1,2]")]
    [InlineData("\uFEFF{\"a\":1}", "\"a\":1")]
    [InlineData("\uFEFF \n{\"a\":1}", "\"a\":1")]
    [InlineData("""{"s":"\"\\\/\b\f\n\r\t\u0000\u00e9ü語🙂","n":null,"t":true,"f":false}""", """ "s":"\"\\\/\b\f\n\r\t\u0000\u00e9ü語🙂","n":null,"t":true,"f":false """)]
    [InlineData("""{"a":[0,-0,1.50,1E+2,-1e-9,12345678901234567890.10,1e999]}""", """ "a":[0,-0,1.50,1E+2,-1e-9,12345678901234567890.10,1e999] """)]
    [InlineData("""{"message":"m","a":{"message":"n","offset":1,"_id":2}}""", """ "message":"m","a":{"message":"n","offset":1,"_id":2} """)]
    public void TryParse_Object_IsCopiedWithoutBlanks(string text, string expected) =>
        Assert.Equal(expected.Trim(), JsonCase.Members(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("text")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"a\"")]
    [InlineData("[{\"a\":1}]")]
    [InlineData("{\"a\":1}{\"b\":2}")]
    [InlineData("{\"a\":1} x")]
    [InlineData("x {\"a\":1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{,\"a\":1}")]
    [InlineData("{\"a\":1,,\"b\":2}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{\"a\":[,1]}")]
    [InlineData("{\"a\":[1 2]}")]
    [InlineData("{\"a\":[1}")]
    [InlineData("{\"a\":{]}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{1:1}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":Infinity}")]
    [InlineData("{\"a\":nul}")]
    [InlineData("{\"a\":True}")]
    [InlineData("{\"a\":truex}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":-}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":1.}")]
    [InlineData("{\"a\":1e}")]
    [InlineData("{\"a\":1e+}")]
    [InlineData("{\"a\":0x10}")]
    [InlineData("{\"a\":\"\\x41\"}")]
    [InlineData("{\"a\":\"\\u12g4\"}")]
    [InlineData("{\"a\":\"\\u12\"}")]
    [InlineData("{\"\\x41\":1}")]
    [InlineData("{\"a\":1}//x")]
    [InlineData("{/**/\"a\":1}")]
    [InlineData("{\"a\":1}\0")]
    [InlineData("{\"a\":1\v}")]
    [InlineData("{\"a\":1\u00a0}")]
    [InlineData("\0{\"a\":1}")]
    public void TryParse_WhatIsNoJsonObject_IsFalse(string text) => Assert.Null(JsonCase.Members(text));

    [Theory]
    [InlineData("{\"a\":\"x\ty\u0001\n\"}", "\"a\":\"x\\ty\\u0001\\n\"")]
    [InlineData("{\"a\tb\":1}", "\"a\\tb\":1")]
    [InlineData("{\"a\":\"\\ud800 \\udc00\\ud83d\\ude00\\ud800\\u0041\"}", "\"a\":\"\\ufffd \\ufffd\\ud83d\\ude00\\ufffd\\u0041\"")]
    [InlineData("{\"\\ud800\":1,\"\\ud83d\\ude00\":2}", "\"\ufffd\":1,\"🙂\":2")]
    public void TryParse_WhatLoggersGetWrong_IsRepaired(string text, string expected) =>
        Assert.Equal(expected.Replace("🙂", "\ud83d\ude00", StringComparison.Ordinal), JsonCase.Members(text));

    [Theory]
    [InlineData("ff", "\uFFFD")]
    [InlineData("61c3", "a\uFFFD")]
    [InlineData("c3a4eda080f09f99", "ä\uFFFD\uFFFD\uFFFD\uFFFD")]
    public void TryParse_BytesThatAreNoUtf8_AreReplacedInNamesAndValues(string hex, string expected)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Equal($"\"{expected}\":\"{expected}\"", JsonCase.Members([.. "{\""u8, .. bytes, .. "\":\""u8, .. bytes, .. "\"}"u8]));
        Assert.Null(JsonCase.Members([.. "{"u8, .. bytes, .. "\"a\":1}"u8]));
    }

    [Theory]
    [InlineData("""{"a":1,"b":2,"a":3}""", """ "b":2,"a":3 """)]
    [InlineData("""{"a":1,"a":2,"a":3}""", """ "a":3 """)]
    [InlineData("""{"a":1,"\u0061":2}""", """ "a":2 """)]
    [InlineData("""{"\u0061":1,"a":2}""", """ "a":2 """)]
    [InlineData("""{"a":{"x":1,"y":2,"x":3},"b":[{"x":1,"x":[2]},{"x":3}]}""", """ "a":{"y":2,"x":3},"b":[{"x":[2]},{"x":3}] """)]
    [InlineData("""{"a":{"x":1,"x":2},"b":1,"a":0,"b":{"a":1}}""", """ "a":0,"b":{"a":1} """)]
    [InlineData("""{"a":{"b":1},"a.b":2}""", """ "a":{"b":1},"a.b":2 """)]
    [InlineData("{\"\ufffd\":1,\"\\udfff\":2}", "\"\ufffd\":2")]
    public void TryParse_NameTwiceInAnObject_TheLastStays(string text, string expected) =>
        Assert.Equal(expected.Trim(), JsonCase.Members(text));

    [Theory]
    [InlineData("source", "source_")]
    [InlineData("@timestamp", "@timestamp_")]
    [InlineData("log", "log_")]
    [InlineData("log.level", "log_.level")]
    [InlineData("message", "message")]
    [InlineData("logger", "logger")]
    [InlineData("docker_container", "docker_container_")]
    [InlineData("docker_x.y", "docker_x_.y")]
    [InlineData("docker_x_", "docker_x__")]
    [InlineData("docker", "docker")]
    [InlineData("k8s_", "k8s__")]
    [InlineData("_id", "_id_")]
    [InlineData("_source.x", "_source_.x")]
    [InlineData("__soft_deletes", "__soft_deletes_")]
    [InlineData("_p", "_p")]
    [InlineData("env", "env_")]
    [InlineData("team", "team_")]
    [InlineData("team.name", "team_.name")]
    [InlineData("zone", "zone__")]
    [InlineData("zone_", "zone__")]
    [InlineData("\\u006fffset", "offset_")]
    public void TryParse_ReservedName_GetsAnUnderscore(string name, string expected)
    {
        Assert.Equal($"\"{expected}\":1", JsonCase.Members($"{{\"{name}\":1}}", null, "env", "team.name", "zone", "zone_"));
        Assert.Equal($"\"o\":{{\"{name}\":1}}".Replace("\\u006f", "o", StringComparison.Ordinal), JsonCase.Members($"{{\"o\":{{\"{name}\":1}}}}", null, "env"));
    }

    [Fact]
    public void TryParse_EveryReservedName_IsRenamed()
    {
        foreach (var name in (string[])[.. ReservedFields.OwnNames, "log", .. ReservedFields.ServerNames])
        {
            Assert.Equal($"\"{name}_\":1", JsonCase.Members($"{{\"{name}\":1}}"));
        }
    }

    [Theory]
    [InlineData("", "_")]
    [InlineData(" ", "_")]
    [InlineData("\\t\\u001f\\u2003\u3000", "_")]
    [InlineData("\u00a0", "\u00a0")]
    [InlineData(" a ", " a ")]
    [InlineData(".", "_._")]
    [InlineData(".a", "_.a")]
    [InlineData("a.", "a._")]
    [InlineData("a..b", "a._.b")]
    [InlineData("a. .b", "a._.b")]
    [InlineData("a. b", "a. b")]
    public void TryParse_NameThatElasticsearchRefuses_IsMadeOneThatItTakes(string name, string expected)
    {
        Assert.Equal($"\"{expected}\":1", JsonCase.Members($"{{\"{name}\":1}}"));
        Assert.Equal($"\"o\":[{{\"{expected}\":1}}]", JsonCase.Members($"{{\"o\":[{{\"{name}\":1}}]}}"));
    }

    [Theory]
    [InlineData("""{"offset":1,"offset_":2}""", """ "offset_":1,"offset__":2 """)]
    [InlineData("""{"offset_":1,"offset":2}""", """ "offset_":1,"offset__":2 """)]
    [InlineData("""{"offset":1,"offset_":2,"offset":3,"offset_":4}""", """ "offset_":3,"offset__":4 """)]
    [InlineData("""{"log_.x":1,"log.x":2,"log.y":3}""", """ "log_.x":1,"log_.x_":2,"log_.y":3 """)]
    [InlineData("""{"":1," ":2,"_":3,"":4}""", """ "__":2,"___":3,"_":4 """)]
    [InlineData("""{"o":{"a..b":1,"a._.b":2}}""", """ "o":{"a._.b":1,"a._.b_":2} """)]
    public void TryParse_NewNameThatIsThereAlready_NothingIsLost(string text, string expected) =>
        Assert.Equal(expected.Trim(), JsonCase.Members(text));

    [Fact]
    public void TryParse_MoreNamesThatBecomeOneThanIsReasonable_IsFalse()
    {
        var blanks = Enumerable.Range(0, 10).Select(count => $"\"{new string(' ', count)}\":1").ToList();

        Assert.NotNull(JsonCase.Members($"{{{string.Join(',', blanks[..9])}}}"));
        Assert.Null(JsonCase.Members($"{{{string.Join(',', blanks)}}}"));
    }

    [Theory]
    [InlineData("""{"time":"2026-01-01T00:00:00Z"}""", "time", "2026-01-01T00:00:00Z")]
    [InlineData("""{"time":"2026\u002d01"}""", "time", "2026-01")]
    [InlineData("""{"ts":1767270896.125}""", "ts", "1767270896.125")]
    [InlineData("""{"ts":-1.5e3}""", "ts", "-1.5e3")]
    [InlineData("""{"\u0074s":1}""", "ts", "1")]
    [InlineData("""{"instant":{"epochSecond":7,"nanoOfSecond":8}}""", "instant.epochSecond", "7")]
    [InlineData("""{"a":{"b.c":7}}""", "a.b.c", "7")]
    [InlineData("""{"a.b":8,"a":{"b":7}}""", "a.b", "8")]
    [InlineData("""{"a":{"b":7},"a.b":8}""", "a.b", "8")]
    [InlineData("""{"a":{"b":7},"a.b":null}""", "a.b", "")]
    [InlineData("""{"a":{"b":7},"a":{"c":7}}""", "a.b", "")]
    [InlineData("""{"a":{"b":7,"b":{}}}""", "a.b", "")]
    [InlineData("""{"t":1,"t":2}""", "t", "2")]
    [InlineData("""{"t":[1]}""", "t", "")]
    [InlineData("""{"t":[{"t":1}]}""", "t.t", "")]
    [InlineData("""{"t":true}""", "t", "")]
    [InlineData("""{"o":{"t":1}}""", "t", "")]
    [InlineData("""{"t":"0123456789012345678901234567890123456789012345678901234567890123"}""", "t", "0123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("""{"t":"01234567890123456789012345678901234567890123456789012345678901234"}""", "t", "")]
    public void TryParse_TimeKey_GivesTheText(string text, string timeKey, string expected)
    {
        Assert.Equal(expected, JsonCase.Time(text, timeKey));
        Assert.Equal(JsonCase.Members(text), JsonCase.Members(text, timeKey));
    }

    [Theory]
    [InlineData("""{"@timestamp":"t","a":1}""", """ "a":1 """, "t")]
    [InlineData("""{"a":1,"@timestamp":"t"}""", """ "a":1 """, "t")]
    [InlineData("""{"a":1,"@timestamp":"t","b":2}""", """ "a":1,"b":2 """, "t")]
    [InlineData("""{"@timestamp":7}""", "", "7")]
    [InlineData("""{"a":1,"@timestamp":"s","a":2,"@timestamp":"t"}""", """ "a":2 """, "t")]
    [InlineData("""{"@timestamp":"s","@timestamp":{"x":1}}""", """ "@timestamp_":{"x":1} """, "")]
    [InlineData("""{"@timestamp":null,"o":{"@timestamp":"t"}}""", """ "@timestamp_":null,"o":{"@timestamp":"t"} """, "")]
    public void TryParse_TimeKeyIsTimestampItself_IsLeftOutWhereItIsTheTime(string text, string expected, string time)
    {
        var fields = new FieldWriter();

        Assert.True(new JsonFormat("@timestamp", JsonCase.Names()).TryParse(Encoding.UTF8.GetBytes(text), fields));

        Assert.Equal(expected.Trim(), Encoding.UTF8.GetString(fields.Members));
        Assert.Equal(time, Encoding.UTF8.GetString(fields.Time));
        Assert.Equal(time.Length > 0, fields.IsTimeLeftOut);
        Assert.Equal(JsonDocument.Parse("{" + expected + "}").RootElement.EnumerateObject().Count(), fields.Count);
    }

    [Fact]
    public void TryParse_FieldsAddedBehind_AreSeparated()
    {
        var fields = new FieldWriter();
        Assert.True(new JsonFormat("@timestamp", JsonCase.Names()).TryParse("""{"@timestamp":"t"}"""u8, fields));
        fields.AddText(FieldWriter.Encode("a"), "x"u8);
        fields.AddRaw(FieldWriter.Encode("b"), "1"u8);

        Assert.Equal("\"a\":\"x\",\"b\":1", Encoding.UTF8.GetString(fields.Members));
        Assert.Equal(2, fields.Count);
    }

    [Fact]
    public void TryParse_RecordAfterRecord_KnowsNothingOfTheOneBefore()
    {
        var fields = new FieldWriter();
        var format = new JsonFormat("@timestamp", JsonCase.Names());
        foreach (var _ in Enumerable.Range(0, 3))
        {
            foreach (var text in (string[])["{\"@timestamp\":\"t\",\"a\":1,\"a\":{\"b\":[", "{\"a\":1,\"offset\":2}"])
            {
                fields.Clear();
                format.TryParse(Encoding.UTF8.GetBytes(text), fields);
            }

            Assert.Equal("\"a\":1,\"offset_\":2", Encoding.UTF8.GetString(fields.Members));
            Assert.True(fields.Time.IsEmpty && !fields.IsTimeLeftOut && fields.Count == 2);
        }
    }
}
