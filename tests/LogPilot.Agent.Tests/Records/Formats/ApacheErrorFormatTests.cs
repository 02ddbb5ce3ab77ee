using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Records.Formats;

public sealed partial class ApacheErrorFormatTests
{
    private static readonly IReadOnlyList<string> Samples =
    [
        "[Wed Oct 11 14:32:52 2000] [error] [client 127.0.0.1] client denied by server configuration: /export/home/live/ap/htdocs/test",
        "[Wed Oct 11 14:32:52 2000] [notice] Apache/2.2.15 (Unix) DAV/2 configured -- resuming normal operations",
        "[Wed Oct 11 14:32:52 2000] [error] [pid 1000] [client 127.0.0.1] client denied by server configuration",
        "[Wed Oct 11 14:32:52.123456 2000] [core:error] [pid 35708:tid 4328636416] [client 72.15.99.187:34567] AH00126: Invalid URI",
        "[Wed Oct 11 14:32:52.123456 2000] [mpm_event:notice] [pid 1:tid 2] AH00489: Apache/2.4.57 (Unix) configured",
        "[Wed Oct 11 14:32:52.123456 2000] [proxy:error] [pid 1:tid 2] (111)Connection refused: [client ::1:5] AH00957: HTTP: attempt failed",
    ];

    private static readonly ApacheErrorFormat Format = new(JsonCase.Names());

    [Theory]
    [InlineData(0, """{"time":"Oct 11 14:32:52 2000","level":"error","client":"127.0.0.1","message":"client denied by server configuration: /export/home/live/ap/htdocs/test"}""")]
    [InlineData(1, """{"time":"Oct 11 14:32:52 2000","level":"notice","message":"Apache/2.2.15 (Unix) DAV/2 configured -- resuming normal operations"}""")]
    [InlineData(2, """{"time":"Oct 11 14:32:52 2000","level":"error","pid":"1000","client":"127.0.0.1","message":"client denied by server configuration"}""")]
    [InlineData(3, """{"time":"Oct 11 14:32:52.123456 2000","level":"core:error","pid":"35708:tid 4328636416","client":"72.15.99.187:34567","message":"AH00126: Invalid URI"}""")]
    [InlineData(4, """{"time":"Oct 11 14:32:52.123456 2000","level":"mpm_event:notice","pid":"1:tid 2","message":"AH00489: Apache/2.4.57 (Unix) configured"}""")]
    [InlineData(5, """{"time":"Oct 11 14:32:52.123456 2000","level":"proxy:error","pid":"1:tid 2","message":"(111)Connection refused: [client ::1:5] AH00957: HTTP: attempt failed"}""")]
    public void TryParse_LineOfApache_HasFluentdsFields(int sample, string expected) =>
        Assert.Equal(expected, ParsedFields.Parse(Format, Samples[sample]));

    [Theory]
    [InlineData("[w t] [l] ", """{"time":"t","level":"l","message":""}""")]
    [InlineData("[w t] [l] [pid 1]", """{"time":"t","level":"l","message":"[pid 1]"}""")]
    [InlineData("[w t] [l] [pid 1] ", """{"time":"t","level":"l","pid":"1","message":""}""")]
    [InlineData("[w t] [l] [pid 1] [client c]x", """{"time":"t","level":"l","pid":"1","message":"[client c]x"}""")]
    [InlineData("[w t] [l] [client c] [pid 1] m", """{"time":"t","level":"l","client":"c","message":"[pid 1] m"}""")]
    [InlineData("[w t] [l] one\ntwo", """{"time":"t","level":"l","message":"one\ntwo"}""")]
    public void TryParse_EdgesOfTheMessage_AreThoseOfFluentd(string line, string expected) =>
        Assert.Equal(expected, ParsedFields.Parse(Format, line));

    [Theory]
    [InlineData("")]
    [InlineData("AH00558: httpd: Could not reliably determine the server's name")]
    [InlineData("[t] [l] m")]
    [InlineData("[w t] [l]")]
    [InlineData("[w t] l m")]
    [InlineData("[w t][l] m")]
    [InlineData("[w t")]
    public void TryParse_OtherText_IsRefused(string line) => Assert.Null(ParsedFields.Parse(Format, line));

    [Fact]
    public void TryParse_AnyLine_GivesItsTime()
    {
        ParsedFields.Parse(Format, Encoding.UTF8.GetBytes(Samples[3]), out var time);

        Assert.Equal("Oct 11 14:32:52.123456 2000", time);
    }

    [Fact]
    public void TryParse_GeneratedLines_GiveWhatFluentdsExpressionGives()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        for (var round = 0; round < 20_000; round++)
        {
            var text = Encoding.UTF8.GetBytes(Make(random));
            text = round % 2 == 0 ? text : DamagedText.Of(random, text);
            var latin1 = Encoding.Latin1.GetString(text);
            var expected = Reference(latin1);

            var parsed = ParsedFields.Parse(Format, text, out _);

            Assert.True(ParsedFields.AreSame(expected, parsed), $"Seed {Seed}, round {round}: {latin1}\n{expected}\n{parsed}");
        }
    }

    [Fact]
    public void TryParse_EveryStartOfALine_IsRefusedOrValid()
    {
        foreach (var line in Samples)
        {
            ParsedFields.CheckPrefixes(Format, line);
        }
    }

    [Fact]
    public void TryParse_DamagedLines_AreRefusedOrValid() => ParsedFields.CheckDamaged(Format, Samples, seed: 12);

    [Fact]
    public void TryParse_TenThousandLines_AllocatesNothing() => ParsedFields.CheckAllocatesNothing(Format, Samples);

    private static string Make(Random random)
    {
        string[] parts = [" [pid 1]", " [pid 1:tid 22]", " [client 10.0.0.1:5]", " [client ::1]", " text", " ü", "", " ", "]", " [x", ": y"];
        var line = $"[{One("Wed", "", "x]")} {One("Oct 11 14:32:52 2000", "", "a b")}] [{One("error", "core:error", "")}]";
        for (var i = random.Next(6); i > 0; i--)
        {
            line += One(parts);
        }

        return line;

        string One(params string[] choices) => choices[random.Next(choices.Length)];
    }

    private static string? Reference(string latin1)
    {
        var match = Fluentd().Match(latin1);
        string[] names = ["time", "level", "pid", "client", "message"];
        return match.Success
            ? JsonSerializer.Serialize(names.Where(name => match.Groups[name].Success)
                .ToDictionary(name => name, name => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(match.Groups[name].Value))))
            : null;
    }

    // fluentd v1.2, lib/fluent/plugin/parser_apache_error.rb; a record is one text here, and its message may have several lines.
    [GeneratedRegex(
        @"\A\[[^ ]* (?<time>[^\]]*)\] \[(?<level>[^\]]*)\](?: \[pid (?<pid>[^\]]*)\])?(?: \[client (?<client>[^\]]*)\])? (?<message>.*)\z",
        RegexOptions.Singleline)]
    private static partial Regex Fluentd();
}
