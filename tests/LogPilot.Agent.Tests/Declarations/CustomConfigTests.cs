using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class CustomConfigTests
{
    [Fact]
    public void Read_Multiline_IsTheRuleOfTheLog()
    {
        var set = Configured("""
            a.multiline.pattern='^\['
            a.multiline.negate=true
            a.multiline.match=after
            a.multiline.max_lines=100
            a.multiline.timeout=3s
            """).Read();

        var expected = new MultilineRule(@"^\[") { Negate = true, LinesMax = 100, Timeout = TimeSpan.FromSeconds(3) };
        Assert.Equal(expected, Assert.Single(set.Logs).Multiline);
        Assert.Empty(set.Notices);
    }

    [Fact]
    public void Read_EverythingElse_IsSet()
    {
        var set = Configured("""
            a.fields.svc=shop
            a.include_lines=['^ERR', "^WARN"]
            a.exclude_lines=^DBG
            a.max_bytes=10MB
            a.encoding=utf-8
            """).Read();

        var log = Assert.Single(set.Logs);
        Assert.Equal([KeyValuePair.Create("svc", "shop")], log.Tags);
        Assert.Equal(["^ERR", "^WARN"], log.Include);
        Assert.Equal(["^DBG"], log.Exclude);
        Assert.Equal(10_000_000, log.LineBytesMax);
        Assert.Null(log.Encoding);
        Assert.Empty(set.Notices);
    }

    [Fact]
    public void Read_BlanksCarriageReturnsAndComments_MeanNothing()
    {
        var set = Configured("\r\n  # comment = x\r\n  a . fields.svc =  shop \r\n\r\n").Read();

        Assert.Equal([KeyValuePair.Create("svc", "shop")], Assert.Single(set.Logs).Tags);
        Assert.Empty(set.Notices);
    }

    // log-pilot: a log named cat takes the lines of catalina, too.
    [Fact]
    public void Read_NameThatBeginsAnother_HasOnlyItsOwnLines()
    {
        var set = new DeclaringContainer().Env(
            "aliyun_logs_cat=stdout",
            "aliyun_logs_catalina=stdout",
            "aliyun_logs_custom_config=catalina.fields.x=1\ncat.fields.y=2").Read();

        Assert.Equal([KeyValuePair.Create("y", "2")], set.Logs[0].Tags);
        Assert.Equal([KeyValuePair.Create("x", "1")], set.Logs[1].Tags);
    }

    // log-pilot dies.
    [Theory]
    [InlineData("multiline", "line 1 is ignored: multiline has no =")]
    [InlineData("=x", "line 1 is ignored:  is no option of a log")]
    [InlineData("a=x", "line 1 is ignored: a is no option of a log")]
    [InlineData("b.fields.x=1", "line 1 is ignored: the log b is not declared")]
    [InlineData("\n.fields.x=1", "line 2 is ignored: the log  is not declared")]
    [InlineData("a.fields.=1", "line 1 is ignored: a field needs a name and a value")]
    [InlineData("a.fields.x=", "line 1 is ignored: a field needs a name and a value")]
    public void Read_LineThatMeansNothing_IsNamed(string text, string notice)
    {
        var set = Configured(text).Read();

        Assert.Single(set.Logs);
        Assert.StartsWith($"aliyun_logs_custom_config: {notice}", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OtherOptionsOfFilebeat_AreNamedInOneNotice()
    {
        var set = Configured("a.tail_files=true\na.close_inactive=5m\na.fields_under_root=false\na.multiline.type=count\na.tail_files=false\na.=x").Read();

        Assert.Equal(
            "in log a: custom_config has options that are not supported and ignored: , close_inactive, fields_under_root, multiline.type, tail_files",
            Assert.Single(set.Notices));
    }

    [Fact]
    public void Read_EqualOptions_LastWins()
    {
        var log = Configured("a.multiline.pattern=x\na.multiline.pattern=y\na.fields.k=1\na.fields.k=2").ReadLog();

        Assert.Equal("y", log.Multiline!.Pattern);
        Assert.Equal([KeyValuePair.Create("k", "2")], log.Tags);
    }

    [Fact]
    public void Read_TagOfTheSameName_WinsOverTheField()
    {
        var log = Configured("a.fields.k=field\na.fields.l=field")
            .Label("aliyun.logs.a.tags", "k=tag")
            .ReadLog();

        Assert.Equal([KeyValuePair.Create("k", "tag"), KeyValuePair.Create("l", "field")], log.Tags);
    }

    [Theory]
    [InlineData("index")]
    [InlineData("docker_container")]
    [InlineData("log.file")]
    public void Read_FieldOfTheAgent_IsNamedInANotice(string field)
    {
        var set = Configured($"a.fields.{field}=x").Read();

        Assert.Equal("a", Assert.Single(set.Logs).Index);
        Assert.Contains(field, Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PropertyOfTheLog_WinsWithNotice()
    {
        var set = Configured("a.multiline.max_lines=7\na.multiline.timeout=9s\na.max_bytes=1\na.include_lines=x\na.exclude_lines=y")
            .Label("aliyun.logs.a.multiline.pattern", "^p")
            .Label("aliyun.logs.a.multiline.max_lines", "8")
            .Label("aliyun.logs.a.max_bytes", "2")
            .Label("aliyun.logs.a.include", "i")
            .Read();

        var log = Assert.Single(set.Logs);
        Assert.Equal(new MultilineRule("^p") { LinesMax = 8, Timeout = TimeSpan.FromSeconds(9) }, log.Multiline);
        Assert.Equal(2, log.LineBytesMax);
        Assert.Equal(["i"], log.Include);
        Assert.Equal(["y"], log.Exclude);
        Assert.Equal(
            ["include_lines", "max_bytes", "multiline.max_lines"],
            set.Notices.Select(notice => notice.Split(' ')[3]));
    }

    [Theory]
    [InlineData("multiline", "go")]
    [InlineData("multiline.pattern", "^x")]
    public void Read_RuleOfTheLog_TakesThePlaceOfTheWholeRule(string property, string value)
    {
        var declared = DeclaringContainer.OfLogA("stdout", (property, value)).ReadLog().Multiline;

        var configured = Configured("a.multiline.pattern=y\na.multiline.negate=true\na.multiline.match=before")
            .Label("aliyun.logs.a." + property, value)
            .ReadLog();

        Assert.Equal(declared, configured.Multiline);
    }

    [Theory]
    [InlineData("a.multiline.pattern=(", "in log a: multiline error: pattern is not valid: InsufficientClosingParentheses at character 1")]
    [InlineData("a.multiline.negate=true", "in log a: multiline error: pattern can not be empty")]
    [InlineData("a.include_lines=[x, '(']", "in log a: include_lines error: pattern is not valid: InsufficientClosingParentheses at character 1")]
    [InlineData("a.exclude_lines=['']", "in log a: exclude_lines error: pattern can not be empty")]
    [InlineData("a.max_bytes=many", "in log a: max_bytes error: many is not a valid size")]
    [InlineData("a.encoding=klingon", "in log a: encoding error: unsupported encoding: klingon")]
    public void Read_BadValue_IsErrorOfTheLog(string text, string error)
    {
        Assert.Equal(error, Configured(text).ReadError());
    }

    [Fact]
    public void Read_LabelsAndEnv_EnvWinsAndLaterPrefixesAddTheirs()
    {
        var log = new DeclaringContainer()
            .Label("aliyun.logs.a", "stdout")
            .Label("aliyun.logs.custom.config", "a.fields.x=dots")
            .Label("aliyun_logs_custom_config", "a.fields.x=label")
            .Label("custom_logs_custom_config", "a.fields.y=other")
            .Env("aliyun_logs_custom_config=a.fields.x=env")
            .ReadLog(new DeclarationOptions { Prefixes = ["aliyun", "custom"] });

        Assert.Equal([KeyValuePair.Create("x", "env"), KeyValuePair.Create("y", "other")], log.Tags);
    }

    // Bounds.

    [Fact]
    public void Read_MoreLinesThanAllowed_StopsThereWithNotice()
    {
        var lines = Enumerable.Range(0, CustomConfig.LinesMax + 5).Select(i => i < CustomConfig.LinesMax ? "" : "a.fields.x=1");

        var set = Configured(string.Join('\n', lines)).Read();

        Assert.Empty(Assert.Single(set.Logs).Tags);
        Assert.StartsWith("aliyun_logs_custom_config is read up to line 1024 only", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LongerTextThanAllowed_ReadsItsWholeLines()
    {
        var set = Configured("a.fields.x=1\na.fields.y=" + new string('y', CustomConfig.TextLengthMax)).Read();

        Assert.Equal([KeyValuePair.Create("x", "1")], Assert.Single(set.Logs).Tags);
        Assert.Single(set.Notices);
    }

    [Fact]
    public void Read_MoreFieldsThanAllowed_KeepsTheFirst()
    {
        var set = Configured(string.Join('\n', Enumerable.Range(0, 500).Select(i => $"a.fields.f{i}=1")))
            .Label("aliyun.logs.a.tags", "t=1")
            .Read();

        Assert.Equal(64, Assert.Single(set.Logs).Tags.Count);
        Assert.Contains("f63 and those after it are left out", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreOptionsThanPrinted_CountsTheRest()
    {
        var set = Configured(string.Join('\n', Enumerable.Range(0, 500).Select(i => $"a.o{i}=1"))).Read();

        Assert.EndsWith(" and 480 more", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MorePatternsThanAllowed_IsError()
    {
        var list = string.Join(',', Enumerable.Range(0, 65));

        Assert.Equal("in log a: include_lines error: 65 patterns are more than 64", Configured($"a.include_lines=[{list}]").ReadError());
    }

    [Fact]
    public void Read_AnyText_NeverThrows()
    {
        string[] pieces = ["a", ".", "=", "fields.", "multiline.", "pattern", "include_lines", "max_bytes", "encoding", "'", "\"", "[",
            "]", ",", "\\", "\\x4", "\\u00e9", "\n", "\r", " ", "#", "(", "10MB", "gbk", "\0", "\ud800", "é", "true"];
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 5_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                var set = Configured("a." + text).Read();

                Assert.Equal(1, set.Logs.Count + set.Errors.Count);
                Assert.All(set.Notices, notice => Assert.DoesNotContain('\n', notice));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}: {text}", exception);
            }
        }
    }

    private static DeclaringContainer Configured(string text)
        => DeclaringContainer.OfLogA("stdout").Env("aliyun_logs_custom_config=" + text);
}
