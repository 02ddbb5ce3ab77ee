using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class DeclarationKeysTests
{
    private static readonly DeclarationOptions TwoPrefixes = new() { Prefixes = ["aliyun", "custom"] };

    [Theory]
    [InlineData("a_format", "a", "format")]
    [InlineData("a_format_pattern", "a", "format.pattern")]
    [InlineData("a_format_time_format", "a", "format.time_format")]
    [InlineData("my_app_format_time_key", "my_app", "format.time_key")]
    [InlineData("my_app_multiline_max_lines", "my_app", "multiline.max_lines")]
    [InlineData("my_app_multiline", "my_app", "multiline")]
    [InlineData("a_max_bytes", "a", "max_bytes")]
    [InlineData("a_include", "a", "include")]
    [InlineData("a_encoding", "a", "encoding")]
    [InlineData("a_stream", "a", "stream")]
    [InlineData("a_target", "a", "target")]
    [InlineData("my-app", "my-app", null)]
    [InlineData("my_app", "my_app", null)]
    [InlineData("tags", "tags", null)]
    [InlineData("_tags", "_tags", null)]
    [InlineData("a_foo", "a_foo", null)]
    [InlineData("my_app.format", "my_app", "format")]
    [InlineData("", "", null)]
    public void SplitEnv_LongestKnownSuffix_IsProperty(string rest, string name, string? property)
    {
        Assert.Equal((name, property), DeclarationProperty.SplitEnv(rest));
    }

    [Fact]
    public void Read_EnvPropertyOfLabelledLog_Applies()
    {
        var log = new DeclaringContainer()
            .Label("aliyun.logs.my_app", "stdout")
            .Label("aliyun.logs.my_app.target", "label")
            .Env("aliyun_logs_my_app_target=env", "aliyun_logs_my_app_tags=k=v")
            .Read().Logs[0];

        Assert.Equal("env", log.Index);
    }

    [Theory]
    [InlineData("docker_container")]
    [InlineData("log.truncated")]
    [InlineData("message")]
    public void Read_TagWithTheNameOfAnAgentsField_IsNamedInANotice(string tag)
    {
        var declared = new DeclaringContainer().Env("aliyun_logs_a=stdout", $"aliyun_logs_a_tags={tag}=x,stage=test").Read();

        Assert.Single(declared.Logs);
        Assert.Contains(tag, Assert.Single(declared.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TagsByEnv_KeepEqualsSigns()
    {
        var log = new DeclaringContainer().Env("aliyun_logs_a=stdout", "aliyun_logs_a_tags=k=v,x=y").ReadLog();

        Assert.Equal(2, log.Tags.Count);
    }

    [Fact]
    public void Read_EqualTagKeys_LastWinsInFirstPlace()
    {
        var log = DeclaringContainer.OfLogA("stdout", ("tags", "k=1,x=2,k=3")).ReadLog();

        Assert.Equal([KeyValuePair.Create("k", "3"), KeyValuePair.Create("x", "2")], log.Tags);
    }

    [Fact]
    public void Read_EqualEnvNames_LastWins()
    {
        var log = new DeclaringContainer().Env("aliyun_logs_a=bad", "aliyun_logs_a=stdout").ReadLog();

        Assert.Equal(StandardStreams.Both, log.Streams);
    }

    [Fact]
    public void Read_SeveralLogs_AreInOrderOfNames()
    {
        var set = new DeclaringContainer()
            .Env("aliyun_logs_b=stdout", "aliyun_logs_a-b=stdout", "aliyun_logs_a=stdout")
            .Read();

        Assert.Equal(["a", "a-b", "b"], set.Logs.Select(log => log.Name));
    }

    [Fact]
    public void Read_ForeignKeyWithoutParent_RejectsOnlyItsName()
    {
        var set = DeclaringContainer.OfLogA("stdout").Label("aliyun.logs.armsappid.foo", "x").Read();

        Assert.Equal("a", Assert.Single(set.Logs).Name);
        Assert.Equal("armsappid has no parent node", Assert.Single(set.Errors).Text);
    }

    [Fact]
    public void Read_SeveralForeignKeysOfOneName_AreOneError()
    {
        var set = new DeclaringContainer().Label("aliyun.logs.arms.foo", "x").Label("aliyun.logs.arms.bar", "y").Read();

        Assert.Single(set.Errors);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("include_lines")]
    [InlineData("fields.x")]
    [InlineData("tags.x")]
    [InlineData("format.keys")]
    [InlineData("format.time.key")]
    [InlineData("multiline.x.y")]
    [InlineData("")]
    public void Read_UnknownProperty_IsIgnoredWithNotice(string property)
    {
        var set = DeclaringContainer.OfLogA("stdout", (property, "x")).Read();

        Assert.Single(set.Logs);
        Assert.Empty(set.Errors);
        Assert.StartsWith($"aliyun.logs.a.{property} is ignored", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    // Several prefixes share one tree, which is built in the order of the whole keys.

    [Fact]
    public void Read_PropertyOfEarlierPrefix_HasNoParentNode()
    {
        var error = new DeclaringContainer()
            .Label("aliyun.logs.x.tags", "k=v")
            .Label("custom.logs.x", "stdout")
            .ReadError(TwoPrefixes);

        Assert.Equal("x has no parent node", error);
    }

    [Fact]
    public void Read_PropertyOfLaterPrefix_Applies()
    {
        var log = new DeclaringContainer()
            .Label("aliyun.logs.x", "stdout")
            .Label("custom.logs.x.tags", "k=v")
            .ReadLog(TwoPrefixes);

        Assert.Single(log.Tags);
    }

    [Fact]
    public void Read_SameNameByLaterPrefix_ForgetsProperties()
    {
        var log = new DeclaringContainer()
            .Label("aliyun.logs.x", "/x")
            .Label("aliyun.logs.x.tags", "k=v")
            .Label("custom.logs.x", "stdout")
            .ReadLog(TwoPrefixes);

        Assert.Empty(log.Tags);
    }

    [Fact]
    public void Read_SameFormatByLaterPrefix_ForgetsItsProperties()
    {
        var log = new DeclaringContainer()
            .Label("aliyun.logs.x", "stdout")
            .Label("aliyun.logs.x.format", "csv")
            .Label("aliyun.logs.x.format.keys", "k")
            .Label("custom.logs.x.format", "json")
            .ReadLog(TwoPrefixes);

        Assert.Equal(new LogFormat(LogFormatKind.Json), log.Format);
    }

    [Theory]
    [InlineData("my_p")]
    [InlineData("a.*+[(")]
    [InlineData("")]
    [InlineData(" x")]
    public void Read_UnusualPrefix_IsTakenLiterally(string prefix)
    {
        var set = new DeclaringContainer()
            .Label(prefix + ".logs.a", "stdout")
            .Env(prefix + "_logs_b=stdout", "aXX_logs_c=stdout")
            .Read(new DeclarationOptions { Prefixes = [prefix] });

        Assert.Equal(["a", "b"], set.Logs.Select(log => log.Name));
    }

    [Fact]
    public void Read_EntryWithoutValue_IsNone()
    {
        Assert.True(new DeclaringContainer().Env("aliyun_logs_a").Read().IsEmpty);
    }

    [Theory]
    [InlineData("ALIYUN_LOGS_A", true)]
    [InlineData("aliyun.logs.a", true)]
    [InlineData("Aliyun.Logs.a", false)]
    [InlineData("aliyun_logs_a", false)]
    public void Read_KeyInTheOtherForm_IsIgnoredWithNotice(string key, bool byEnv)
    {
        var container = byEnv ? new DeclaringContainer().Env(key + "=stdout") : new DeclaringContainer().Label(key, "stdout");

        var set = container.Read();

        Assert.Empty(set.Logs);
        Assert.Equal(
            $"{key} is ignored: labels begin with aliyun.logs. and env with aliyun_logs_, in exactly these letters",
            Assert.Single(set.Notices));
    }

    [Theory]
    [InlineData("ALIYUN_LOG_A=stdout")]
    [InlineData("other.logs.a=stdout")]
    public void Read_ForeignKey_IsNotNamed(string entry)
    {
        Assert.True(new DeclaringContainer().Env(entry).Read().IsEmpty);
    }

    // Collecting what declares nothing.

    [Fact]
    public void Read_DefaultIndex_CollectsStdoutOfContainerWithoutKeys()
    {
        var log = new DeclaringContainer().ReadLog(new DeclarationOptions { DefaultIndex = "all" });

        Assert.Equal(("all", "all", "all"), (log.Name, log.Index, log.Topic));
        Assert.Equal(StandardStreams.Both, log.Streams);
    }

    [Fact]
    public void Read_DefaultIndexWithForeignKeysOnly_CollectsStdout()
    {
        var set = new DeclaringContainer()
            .Label("aliyun.logs.arms.x", "y")
            .Read(new DeclarationOptions { DefaultIndex = "all" });

        Assert.Equal("all", Assert.Single(set.Logs).Name);
        Assert.Single(set.Errors);
    }

    [Theory]
    [InlineData("stdout")]
    [InlineData("bad")]
    public void Read_DefaultIndexWithDeclaration_AddsNothing(string value)
    {
        var set = DeclaringContainer.OfLogA(value).Read(new DeclarationOptions { DefaultIndex = "all" });

        Assert.DoesNotContain(set.Logs, log => log.Name == "all");
    }

    // Streams.

    [Theory]
    [InlineData("stdout", StandardStreams.Stdout)]
    [InlineData(" STDERR ", StandardStreams.Stderr)]
    public void Read_Stream_SelectsOne(string stream, object expected)
    {
        Assert.Equal(expected, DeclaringContainer.OfLogA("stdout", ("stream", stream)).ReadLog().Streams);
    }

    [Fact]
    public void Read_UnknownStream_IsError()
    {
        var error = DeclaringContainer.OfLogA("stdout", ("stream", "all")).ReadError();

        Assert.Equal("in log a: stream error: unsupported stream: all", error);
    }

    [Fact]
    public void Read_StreamOfFile_IsIgnoredWithNotice()
    {
        var set = DeclaringContainer.OfLogA("/l/a", ("stream", "all")).Mount("/s", "/l").Read();

        Assert.Equal(StandardStreams.None, Assert.Single(set.Logs).Streams);
        Assert.Single(set.Notices);
    }

    // Fixes of frequent mistakes.

    [Theory]
    [InlineData("STDOUT", "write stdout in lower case")]
    [InlineData("stderr", "stream=stderr")]
    [InlineData("\"stdout\"", "remove the quotes")]
    [InlineData("logs/a.log", "begin the path with /")]
    public void Read_RelativePath_FixSaysWhatIsMeant(string value, string fix)
    {
        Assert.Contains(fix, Assert.Single(DeclaringContainer.OfLogA(value).Read().Errors).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MisspelledPropertyByEnv_FixListsProperties()
    {
        var set = new DeclaringContainer().Env("aliyun_logs_a=stdout", "aliyun_logs_a_tag=k=v").Read();

        var error = Assert.Single(set.Errors);
        Assert.Equal("k=v must be absolute path, for a_tag", error.Text);
        Assert.Contains("aliyun_logs_a_tag was meant as a property", error.Fix, StringComparison.Ordinal);
    }
}
