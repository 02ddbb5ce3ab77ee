using System.Text;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Records.Formats;

public sealed class AccessLogFormatTests
{
    private const string Start = """192.0.2.4 - - [11/Oct/2023:14:32:52 +0000] """;

    // nginx: texts as they were written; what is absent is left out.

    [Fact]
    public void Nginx_CombinedLine_HasFluentdsFields() => Check(
        Nginx,
        """203.0.113.9 - alice [11/Oct/2023:14:32:52 +0000] "GET /index.html?q=1 HTTP/1.1" 200 5316 "https://example.com/" "Mozilla/5.0 (X11)" """.TrimEnd(),
        """{"remote":"203.0.113.9","host":"-","user":"alice","time":"11/Oct/2023:14:32:52 +0000","method":"GET","path":"/index.html?q=1","code":"200","size":"5316","referer":"https://example.com/","agent":"Mozilla/5.0 (X11)"}""");

    [Fact]
    public void Nginx_LineWithoutReferer_LeavesTheFieldsOut() => Check(
        Nginx,
        Start + "\"GET / HTTP/1.1\" 200 12",
        """{"remote":"192.0.2.4","host":"-","user":"-","time":"11/Oct/2023:14:32:52 +0000","method":"GET","path":"/","code":"200","size":"12"}""");

    [Theory]
    [InlineData("\"-\"", "-")]
    [InlineData("\"198.51.100.7\"", "198.51.100.7")]
    [InlineData("\"198.51.100.7, 10.0.0.1\"", "198.51.100.7, 10.0.0.1")]
    [InlineData("\"\"", "")]
    [InlineData("198.51.100.7", "198.51.100.7")]
    [InlineData("  -", "-")]
    public void Nginx_ValueBehindTheAgent_IsForwardedFor(string written, string expected) =>
        CheckEnd(Nginx, $"""200 12 "-" "-" {written}""", $$""""code":"200","size":"12","referer":"-","agent":"-","http_x_forwarded_for":"{{expected}}"}"""");

    [Theory]
    [InlineData("""200 12 "-" "-" "-" 0.004 "x" """, "\"http_x_forwarded_for\":\"-\",\"extra\":\"0.004 \\\"x\\\"\"}")]
    [InlineData("""200 12 "-" "-" 0.1 0.2""", "\"http_x_forwarded_for\":\"0.1\",\"extra\":\"0.2\"}")]
    [InlineData("""200 12 "-" "-" "open""", "\"agent\":\"-\",\"extra\":\"\\\"open\"}")]
    [InlineData("""200 12 0.004""", "\"size\":\"12\",\"extra\":\"0.004\"}")]
    [InlineData("""200 12 0.004 "-" "x" """, "\"size\":\"12\",\"extra\":\"0.004 \\\"-\\\" \\\"x\\\"\"}")]
    [InlineData("""200 12 "-" "an "agent" of its own" """, "\"size\":\"12\",\"extra\":\"\\\"-\\\" \\\"an \\\"agent\\\" of its own\\\"\"}")]
    [InlineData("""200 12 "-" """, "\"size\":\"12\",\"extra\":\"\\\"-\\\"\"}")]
    public void Nginx_MoreThanItsFields_IsExtra(string end, string expected) => CheckEnd(Nginx, end, expected);

    [Fact]
    public void Nginx_Ipv6Client_IsAWord() =>
        Assert.StartsWith("{\"remote\":\"2001:db8::1\",", ParsedFields.Parse(Nginx, "2001:db8::1 - - [t] \"GET / HTTP/1.1\" 200 1"), StringComparison.Ordinal);

    // Apache: code and size are numbers, a dash is null, and so is what is absent.

    [Fact]
    public void Apache2_CombinedLine_HasFluentdsFields() => Check(
        Apache2,
        """127.0.0.1 - frank [11/Oct/2023:14:32:52 +0000] "GET /apache_pb.gif HTTP/1.0" 200 2326 "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)" """.TrimEnd(),
        """{"host":"127.0.0.1","user":"frank","time":"11/Oct/2023:14:32:52 +0000","method":"GET","path":"/apache_pb.gif","code":200,"size":2326,"referer":"http://www.example.com/start.html","agent":"Mozilla/4.08 [en] (Win98; I ;Nav)"}""");

    [Fact]
    public void Apache2_CommonLine_HasNoReferer() => Check(
        Apache2,
        Start + "\"GET / HTTP/1.0\" 304 -",
        """{"host":"192.0.2.4","user":null,"time":"11/Oct/2023:14:32:52 +0000","method":"GET","path":"/","code":304,"size":null,"referer":null,"agent":null}""");

    [Fact]
    public void Apache2_LineOfAVirtualHost_HasItFirst() => Check(
        Apache2,
        """www.example.com:443 192.0.2.4 - - [11/Oct/2023:14:32:52 +0000] "GET / HTTP/1.1" 200 7 "-" "-" """.TrimEnd(),
        """{"vhost":"www.example.com:443","host":"192.0.2.4","user":null,"time":"11/Oct/2023:14:32:52 +0000","method":"GET","path":"/","code":200,"size":7,"referer":null,"agent":null}""");

    [Theory]
    [InlineData("000 0", "null", "0")]
    [InlineData("007 010", "7", "10")]
    [InlineData("- -", "null", "null")]
    [InlineData("2xx 1.5", "null", "null")]
    [InlineData("-1 -1", "null", "null")]
    [InlineData("200 999999999999999999", "200", "999999999999999999")]
    [InlineData("200 18446744073709551615", "200", "null")]
    [InlineData(" ", "null", "null")]
    public void Apache2_CodeAndSize_AreNumbersOrNull(string written, string code, string size) =>
        CheckEnd(Apache2, written, $"\"code\":{code},\"size\":{size},\"referer\":null,\"agent\":null}}");

    [Fact]
    public void Apache2_EscapedQuotes_DoNotEndAField() => CheckEnd(
        Apache2,
        """200 7 "say \"x\"" "\\\" \"" """.TrimEnd(),
        """
        "referer":"say \\\"x\\\"","agent":"\\\\\\\" \\\""}
        """.Trim());

    [Fact]
    public void Apache2_ValuesBehindTheAgent_AreExtra() =>
        CheckEnd(Apache2, """200 7 "-" "x" 1234 "y" """, "\"agent\":\"x\",\"extra\":\"1234 \\\"y\\\"\"}");

    // The request line.

    [Theory]
    [InlineData("GET / HTTP/1.1", "\"method\":\"GET\",\"path\":\"/\",")]
    [InlineData("GET /", "\"method\":\"GET\",\"path\":\"/\",")]
    [InlineData("GET /a b c HTTP/1.1", "\"method\":\"GET\",\"path\":\"/a b c\",")]
    [InlineData("GET   /a   HTTP/1.1", "\"method\":\"GET\",\"path\":\"/a\",")]
    [InlineData("GET  ", "\"method\":\"GET\",\"path\":\"\",")]
    [InlineData("GET /a ", "\"method\":\"GET\",\"path\":\"/a\",")]
    [InlineData("GET /\\\"x HTTP/1.1", "\"method\":\"GET\",\"path\":\"/\\\\\\\"x\",")]
    [InlineData("GET", "\"method\":\"GET\",")]
    [InlineData("-", "\"method\":\"-\",")]
    [InlineData("\\x16\\x03\\x01", "\"method\":\"\\\\x16\\\\x03\\\\x01\",")]
    [InlineData("", "")]
    public void Nginx_Request_IsTakenApartAsByFluentd(string request, string expected) => Check(
        Nginx,
        $"{Start}\"{request}\" 400 0",
        $$"""{"remote":"192.0.2.4","host":"-","user":"-","time":"11/Oct/2023:14:32:52 +0000",{{expected}}"code":"400","size":"0"}""");

    [Theory]
    [InlineData("-", "\"method\":\"-\",\"path\":null,")]
    [InlineData("", "\"method\":null,\"path\":null,")]
    public void Apache2_RequestThatIsNone_HasNulls(string request, string expected) =>
        Assert.Contains(expected, ParsedFields.Parse(Apache2, $"{Start}\"{request}\" 408 -"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("192.0.2.4 - -")]
    [InlineData("192.0.2.4 - john doe [t] \"GET / HTTP/1.1\" 200 7")]
    [InlineData("a b c d e [t] \"GET / HTTP/1.1\" 200 7")]
    [InlineData("192.0.2.4 - - [t \"GET / HTTP/1.1\" 200 7")]
    [InlineData("192.0.2.4 - - [t]  \"GET / HTTP/1.1\" 200 7")]
    [InlineData("192.0.2.4 - - [t] \"GET / HTTP/1.1 200 7")]
    [InlineData("192.0.2.4 - - [t] \"GET / HTTP/1.1\\\" 200 7")]
    [InlineData("192.0.2.4 - - [t] \"GET / HTTP/1.1\" 200")]
    [InlineData("192.0.2.4 - - [t] \"GET / HTTP/1.1\"200 7")]
    [InlineData("192.0.2.4 - - [t] \" GET / HTTP/1.1\" 200 7")]
    [InlineData("192.0.2.4 - - [t] \"GET\t/ HTTP/1.1\" 200 7")]
    public void TryParse_NoLineOfAnAccessLog_IsRefused(string text)
    {
        Assert.Null(ParsedFields.Parse(Nginx, text));
        Assert.Null(ParsedFields.Parse(Apache2, text));
    }

    [Fact]
    public void TryParse_BytesThatAreNoUtf8_AreRepaired() => Assert.Contains(
        "\"path\":\"/\uFFFD\"",
        ParsedFields.ParseLatin1(Nginx, "192.0.2.4 - - [t] \"GET /\u00ff HTTP/1.1\" 200 7"),
        StringComparison.Ordinal);

    [Fact]
    public void TryParse_AnyLine_GivesItsTime()
    {
        ParsedFields.Parse(Nginx, Encoding.UTF8.GetBytes(AccessLogLines.Samples[0]), out var time);

        Assert.Equal("11/Oct/2023:14:32:52 +0000", time);
    }

    [Fact]
    public void Nginx_NamesOfTheCommonSchema_HaveNumbersAndNoDashes() => Check(
        AccessLogFormat.Nginx(AccessLogNames.Ecs),
        Start + """
            "GET / HTTP/1.1" 200 12 "-" "curl"
            """.Trim(),
        """{"source.address":"192.0.2.4","labels.time":"11/Oct/2023:14:32:52 +0000","http.request.method":"GET","url.original":"/","http.response.status_code":200,"http.response.body.bytes":12,"user_agent.original":"curl"}""");

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void TryParse_LinesThatServersWrite_GiveWhatFluentdsExpressionGives(bool isNginx, int seed)
    {
        var random = new Random(seed);
        var compared = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var line = AccessLogLines.Make(random, isNginx);
            var latin1 = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(line));
            if (AccessLogReference.Fluentd(latin1, isNginx) is { } expected)
            {
                var parsed = ParsedFields.Parse(isNginx ? Nginx : Apache2, line);
                Assert.True(ParsedFields.AreSame(expected, parsed), $"Seed {seed}, round {round}: {line}\n{expected}\n{parsed}");
                compared++;
            }
        }

        Assert.InRange(compared, 4_000, 20_000);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 4)]
    public void TryParse_DamagedLines_GiveWhatTheGrammarSays(bool isNginx, int seed)
    {
        var random = new Random(seed);
        var matched = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var line = AccessLogLines.Make(random, isNginx);
            var text = round % 2 == 0 ? Encoding.UTF8.GetBytes(line) : DamagedText.Of(random, Encoding.UTF8.GetBytes(line));
            var latin1 = Encoding.Latin1.GetString(text);
            var expected = AccessLogReference.Ours(latin1, isNginx);

            var parsed = ParsedFields.Parse(isNginx ? Nginx : Apache2, text, out _);

            Assert.True(ParsedFields.AreSame(expected, parsed), $"Seed {seed}, round {round}: {latin1}\n{expected}\n{parsed}");
            matched += parsed is null ? 0 : 1;
        }

        Assert.InRange(matched, 10_000, 19_000);
    }

    [Fact]
    public void TryParse_EveryStartOfALine_IsRefusedOrValid()
    {
        foreach (var line in AccessLogLines.Samples)
        {
            ParsedFields.CheckPrefixes(Nginx, line);
            ParsedFields.CheckPrefixes(Apache2, line);
        }
    }

    [Fact]
    public void TryParse_DamagedLines_AreRefusedOrValid()
    {
        ParsedFields.CheckDamaged(Nginx, AccessLogLines.Samples, seed: 5);
        ParsedFields.CheckDamaged(Apache2, AccessLogLines.Samples, seed: 6);
    }

    [Fact]
    public void TryParse_TenThousandLines_AllocatesNothing()
    {
        ParsedFields.CheckAllocatesNothing(Nginx, AccessLogLines.Samples);
        ParsedFields.CheckAllocatesNothing(Apache2, AccessLogLines.Samples);
    }

    private static AccessLogFormat Nginx => AccessLogFormat.Nginx();

    private static AccessLogFormat Apache2 => AccessLogFormat.Apache2();

    private static void Check(AccessLogFormat format, string line, string expected) =>
        Assert.Equal(expected, ParsedFields.Parse(format, line));

    private static void CheckEnd(AccessLogFormat format, string end, string expected) =>
        Assert.EndsWith(expected, ParsedFields.Parse(format, $"{Start}\"GET / HTTP/1.1\" {end}"), StringComparison.Ordinal);
}
