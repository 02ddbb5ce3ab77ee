using System.Text;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records;

namespace LogPilot.Agent.Tests.Declarations;

/// <summary>
/// What log-pilot's own tests and its documented behaviour say of declarations, as vectors V1 to V39. A name with
/// <c>Differs</c> marks where this agent does otherwise on purpose.
/// </summary>
/// <remarks>
/// The other vectors are of sources and documents: V1 (the files), V30 and V35 to V39 are in
/// <see cref="LogPilotDocumentTests"/>. Two have no place here: V2 is of log-pilot's fluentd flavour, and V34 of its
/// allow-list for Kafka, which is no output of this agent.
/// </remarks>
public sealed class LogPilotVectorTests
{
    private static readonly DeclarationOptions Strict = new() { Strict = true };

    // log-pilot's own tests.

    [Fact]
    public void Read_NoKeys_IsEmpty()
    {
        Assert.True(new DeclaringContainer().Read().IsEmpty);
    }

    [Fact]
    public void Read_FileWithoutMount_IsError()
    {
        var error = HelloJson().ReadError();

        Assert.Equal("in log hello: /var/log/hello.log is not mount on host", error);
    }

    [Fact]
    public void Read_JsonInMount_HasTagsAndTimeFormat()
    {
        var log = HelloJson().Mount("/host", "/var/log").ReadLog();

        Assert.Equal(new MountedPath("/var/log/hello.log", "/host", "hello.log"), log.Path);
        Assert.Equal(new LogFormat(LogFormatKind.Json) { TimeFormat = "%Y-%m-%d" }, log.Format);
        Assert.Equal([KeyValuePair.Create("name", "hello"), KeyValuePair.Create("stage", "test")], log.Tags);
        Assert.Equal(("hello", "hello"), (log.Index, log.Topic));
    }

    [Fact]
    public void Read_RegexpWithLookahead_KeepsPattern()
    {
        var log = HelloJson()
            .Label("aliyun.logs.hello.format", "regexp")
            .Label("aliyun.logs.hello.format.pattern", "(?=name:hello).*")
            .Mount("/host", "/var/log")
            .ReadLog();

        Assert.Equal(LogFormatKind.Regexp, log.Format.Kind);
        Assert.Equal("(?=name:hello).*", log.Format.Pattern);
    }

    // Keys.

    [Fact]
    public void V01_EnvStdout_IsNamedAfterTheKey()
    {
        var log = new DeclaringContainer().Env("aliyun_logs_catalina=stdout").ReadLog();

        Assert.Equal("catalina", log.Name);
        Assert.Equal(StandardStreams.Both, log.Streams);
        Assert.Null(log.Path);
        Assert.Equal(("catalina", "catalina"), (log.Index, log.Topic));
    }

    [Fact]
    public void V03_LabelAndEnv_EnvWins()
    {
        var log = DeclaringContainer.OfLogA("/x/a.log").Env("aliyun_logs_a=stdout").ReadLog();

        Assert.Equal(StandardStreams.Both, log.Streams);
    }

    [Fact]
    public void V04_EnvNameWithUnderscore_Differs_IsThatLogWithNotice()
    {
        var set = new DeclaringContainer().Env("aliyun_logs_my_app=stdout").Read();

        Assert.Equal("my_app", Assert.Single(set.Logs).Name);
        Assert.Contains("aliyun_logs_my_app declares the log my_app", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void V05_EnvNameWithUnderscoreAndShorterName_Differs_AreTwoLogs()
    {
        var set = new DeclaringContainer().Env("aliyun_logs_my_app=stdout", "aliyun_logs_my=stdout").Read();

        Assert.Equal(["my", "my_app"], set.Logs.Select(log => log.Name));
    }

    [Fact]
    public void V06_LabelNameWithUnderscore_IsThatLog()
    {
        var set = new DeclaringContainer().Label("aliyun.logs.my_app", "stdout").Read();

        Assert.Equal("my_app", Assert.Single(set.Logs).Name);
        Assert.Empty(set.Notices);
    }

    [Fact]
    public void V07_PropertyAlone_HasNoParentNode()
    {
        Assert.Equal("a has no parent node", new DeclaringContainer().Label("aliyun.logs.a.tags", "k=v").ReadError());
    }

    [Fact]
    public void V08_PatternWithoutFormat_IsPlain()
    {
        Assert.Equal(LogFormat.Plain, DeclaringContainer.OfLogA("stdout", ("format.pattern", "x")).ReadLog().Format);
    }

    // Values.

    [Fact]
    public void V09_BlanksAroundStdout_AreDropped()
    {
        Assert.Equal(StandardStreams.Both, DeclaringContainer.OfLogA("  stdout ").ReadLog().Streams);
    }

    [Theory]
    [InlineData("STDOUT", "STDOUT must be absolute path, for a")]
    [InlineData("  ", "path for a is empty")]
    [InlineData("", "path for a is empty")]
    [InlineData("logs/a.log", "logs/a.log must be absolute path, for a")]
    public void V09_V10_V11_BadValue_IsError(string value, string error)
    {
        Assert.Equal(error, DeclaringContainer.OfLogA(value).ReadError());
    }

    [Theory]
    [InlineData("k=", "k=")]
    [InlineData("k", "k")]
    [InlineData("k=a=b", "k=a=b")]
    [InlineData("k=v,", "")]
    [InlineData("k= ", "k= ")]
    [InlineData("=v", "=v")]
    public void V12_BadTags_IsErrorWithItem(string tags, string item)
    {
        var error = DeclaringContainer.OfLogA("stdout", ("tags", tags)).ReadError();

        Assert.Equal($"parse tags for a error: {item} is not a valid k=v format", error);
    }

    [Fact]
    public void V13_BlanksInTags_AreDropped()
    {
        var log = DeclaringContainer.OfLogA("stdout", ("tags", " k = v , x=1 ")).ReadLog();

        Assert.Equal([KeyValuePair.Create("k", "v"), KeyValuePair.Create("x", "1")], log.Tags);
    }

    [Theory]
    [InlineData("t", "k=v", "t", "t")]
    [InlineData("t", "index=i", "i", "t")]
    [InlineData("t", "topic=o", "t", "o")]
    [InlineData("", "topic=o", "a", "o")]
    [InlineData("t", "index=i,topic=o", "i", "o")]
    public void V14_V15_TargetAndTags_TagsWin(string target, string tags, string index, string topic)
    {
        var log = DeclaringContainer.OfLogA("stdout", ("target", target), ("tags", tags)).ReadLog();

        Assert.Equal((index, topic), (log.Index, log.Topic));
        Assert.DoesNotContain(log.Tags, tag => tag.Key is "index" or "topic");
    }

    // Formats.

    [Theory]
    [InlineData("xml")]
    [InlineData("")]
    public void V16_UnknownFormat_IsError(string format)
    {
        var error = DeclaringContainer.OfLogA("stdout", ("format", format)).ReadError();

        Assert.Equal($"in log a: format error: unsupported log format: {format}", error);
    }

    [Theory]
    [InlineData("JSON", LogFormatKind.Json)]
    [InlineData("NONE", LogFormatKind.None)]
    [InlineData("Apache2", LogFormatKind.Apache2)]
    public void V16_UpperCaseFormat_Differs_IsAccepted(string format, object kind)
    {
        Assert.Equal(kind, DeclaringContainer.OfLogA("stdout", ("format", format)).ReadLog().Format.Kind);
    }

    [Theory]
    [InlineData("json", "keys")]
    [InlineData("nginx", "time_key")]
    [InlineData("csv", "pattern")]
    public void V17_PropertyOfOtherFormat_IsError(string format, string property)
    {
        var error = DeclaringContainer.OfLogA("stdout", ("format", format), ("format." + property, "x")).ReadError();

        Assert.Equal($"in log a: format error: {property} is not a valid properties for format {format}", error);
    }

    [Theory]
    [InlineData("regexp")]
    [InlineData("REGXP")]
    public void V18_RegexpWithoutPattern_IsError(string format)
    {
        var error = DeclaringContainer.OfLogA("stdout", ("format", format)).ReadError();

        Assert.Equal("in log a: format error: regex pattern can not be empty", error);
    }

    [Fact]
    public void V19_RegexpWithTimeKey_IsError()
    {
        var error = DeclaringContainer
            .OfLogA("stdout", ("format", "regexp"), ("format.pattern", "x"), ("format.time_key", "t"))
            .ReadError();

        Assert.Equal("in log a: format error: time_key is not a valid properties for format regexp", error);
    }

    [Fact]
    public void V20_NoneWithAnyProperty_IsPlain()
    {
        var log = DeclaringContainer.OfLogA("stdout", ("format", "none"), ("format.anything", "1")).ReadLog();

        Assert.Equal(LogFormat.Plain, log.Format);
    }

    // Paths.

    [Theory]
    [InlineData("/var/log/app/a.log", "/v2", "a.log")]
    [InlineData("/var/log/o/x/*.log", "/v1", "o/x/*.log")]
    public void V21_V22_NestedMounts_NearestWins(string path, string root, string pattern)
    {
        var log = DeclaringContainer.OfLogA(path).Mount("/v1", "/var/log").Mount("/v2", "/var/log/app").ReadLog();

        Assert.Equal(new MountedPath(path, root, pattern), log.Path);
    }

    [Fact]
    public void V23_WildcardInDirectory_StaysInPattern()
    {
        var log = DeclaringContainer.OfLogA("/data/*/l/*.log").Mount("/s", "/data").ReadLog();

        Assert.Equal(new MountedPath("/data/*/l/*.log", "/s", "*/l/*.log"), log.Path);
    }

    [Fact]
    public void V24_MountOfSingleFile_Differs_IsCollected()
    {
        var log = DeclaringContainer.OfLogA("/var/log/a.log").Mount("/src/x.log", "/var/log/a.log").ReadLog();

        Assert.Equal(new MountedPath("/var/log/a.log", "/src", "x.log"), log.Path);
    }

    [Fact]
    public void V25_SlashAtEnd_IsFileOfThatNameWithNotice()
    {
        var set = DeclaringContainer.OfLogA("/logs/").Mount("/s", "/logs").Read();

        Assert.Equal(new MountedPath("/logs/", "/s", "logs"), Assert.Single(set.Logs).Path);
        Assert.Contains("/logs/*", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void V26_OneBadLog_Differs_RejectsOnlyItself()
    {
        var set = DeclaringContainer.OfLogA("stdout").Label("aliyun.logs.b", "b.log").Read();

        Assert.Equal("a", Assert.Single(set.Logs).Name);
        Assert.Equal("b", Assert.Single(set.Errors).Log);
    }

    [Fact]
    public void V26_OneBadLogStrict_RejectsAll()
    {
        var error = DeclaringContainer.OfLogA("stdout").Label("aliyun.logs.b", "b.log").ReadError(Strict);

        Assert.Equal("b.log must be absolute path, for b", error);
    }

    // Prefixes.

    [Fact]
    public void V27_TwoPrefixes_BothAreRead()
    {
        var options = new DeclarationOptions { Prefixes = ["aliyun", "custom"] };

        Assert.Equal("x", new DeclaringContainer().Label("custom.logs.x", "stdout").ReadLog(options).Name);
    }

    [Fact]
    public void V28_OtherPrefixOnly_IsEmpty()
    {
        var options = new DeclarationOptions { Prefixes = ["custom"] };

        Assert.True(new DeclaringContainer().Label("aliyun.logs.x", "stdout").Read(options).IsEmpty);
    }

    [Fact]
    public void V29_TimeKeyByEnv_Differs_IsSetWithNotice()
    {
        var set = new DeclaringContainer()
            .Env("aliyun_logs_x=stdout", "aliyun_logs_x_format=json", "aliyun_logs_x_format_time_key=t")
            .Read();

        Assert.Equal("t", Assert.Single(set.Logs).Format.TimeKey);
        Assert.Contains("log-pilot ignores it", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    // Differs: by the label with dots, which log-pilot meant and misses, too.
    [Theory]
    [InlineData("aliyun_logs_custom_config", true)]
    [InlineData("aliyun_logs_custom_config", false)]
    [InlineData("aliyun.logs.custom.config", false)]
    public void V31_CustomConfig_SetsFieldAndOption(string key, bool byEnv)
    {
        const string Text = "x.fields.svc=a\nx.multiline.negate=true\nx.multiline.pattern=^b";
        var container = new DeclaringContainer().Label("aliyun.logs.x", "stdout");

        var log = (byEnv ? container.Env($"{key}={Text}") : container.Label(key, Text)).ReadLog();

        Assert.Equal([KeyValuePair.Create("svc", "a")], log.Tags);
        Assert.Equal(new MultilineRule("^b") { Negate = true }, log.Multiline);
    }

    // Containers and their documents.

    [Fact]
    public void V32_V33_StackAndAccessLabel_AreFields()
    {
        var container = new ContainerSnapshot
        {
            Id = new string('a', 64),
            Name = "app",
            Labels = new Dictionary<string, string>
            {
                ["com.docker.compose.project"] = "p",
                ["com.docker.stack.namespace"] = "s",
                ["com.aliyun.access.team"] = "x",
            },
        };

        var fields = RecordFields.Encode(DeclaringContainer.OfLogA("stdout").ReadLog(), container, new RecordOptions());

        var text = Encoding.UTF8.GetString(fields);
        Assert.Contains("\"docker_app\":\"s\"", text, StringComparison.Ordinal);
        Assert.Contains("\"com_aliyun_access_team\":\"x\"", text, StringComparison.Ordinal);
    }

    private static DeclaringContainer HelloJson() => new DeclaringContainer()
        .Label("aliyun.logs.hello", "/var/log/hello.log")
        .Label("aliyun.logs.hello.format", "json")
        .Label("aliyun.logs.hello.tags", "name=hello,stage=test")
        .Label("aliyun.logs.hello.format.time_format", "%Y-%m-%d");
}
