using System.Text.Json;
using LogPilot.Agent;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Tests.Support;
using LogPilot.Aot.Commands;

namespace LogPilot.Aot.Tests;

/// <summary>What <c>check</c> says of the declarations of a container.</summary>
public sealed class CheckCommandTests : IAsyncDisposable
{
    private readonly FakeDocker _docker = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public async ValueTask DisposeAsync()
    {
        await _docker.DisposeAsync();
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task Run_EverythingDeclared_ShowsWhatWasUnderstood()
    {
        Put(
            "aliyun_logs_app=/d/*.log", "aliyun_logs_app_target=Orders", "aliyun_logs_app_tags=stage=prod,team=web",
            "aliyun_logs_app_format=regexp", "aliyun_logs_app_format_pattern=^(?P<level>[[:upper:]]+)", "aliyun_logs_app_format_time_format=%Y",
            "aliyun_logs_app_multiline_pattern=^x", "aliyun_logs_app_multiline_negate=true", "aliyun_logs_app_multiline_timeout=1500ms",
            "aliyun_logs_app_include=^E", "aliyun_logs_app_exclude=health", "aliyun_logs_app_encoding=gb18030", "aliyun_logs_app_max_bytes=64KiB",
            "aliyun_logs_custom_config=app.fields.svc=shop");

        var text = await RunAsync(json: false, ExitCode.Done);

        string[] expected =
        [
            "web (aaaaaaaaaaaa)",
            "  app",
            "    reads              /d/*.log = /s/*.log on the host",
            "    index              orders-yyyy.MM.dd, by the time of each record in UTC",
            "    topic              Orders",
            "    format             regexp",
            "    format.pattern     ^(?<level>[A-Z]+)",
            "    format.time_format %Y",
            "    multiline          lines that do not match ^x belong to the previous one; at most 500 lines and 1.5 s",
            "    include            only records that match ^E",
            "    exclude            no records that match health",
            "    encoding           gb18030",
            "    max_bytes          65536",
            "    tags               stage=prod, team=web, svc=shop",
            "  note: aliyun_logs_app_format_time_format sets format.time_format of the log app; log-pilot ignores it in env",
            "  note: in log app: Elasticsearch refuses the index name Orders, orders is used",
        ];
        Assert.Equal(expected, text.Split('\n').Skip(2).SkipLast(1));
    }

    [Fact]
    public async Task Run_LittleDeclared_ShowsTheDefaults()
    {
        Put("aliyun_logs_app=stdout", "aliyun_logs_app_multiline=java", "aliyun_logs_app_max_bytes=1GB");

        var text = await RunAsync(json: false, ExitCode.Done);

        Assert.Contains("    reads              stdout and stderr\n", text, StringComparison.Ordinal);
        Assert.Contains("    format             none\n", text, StringComparison.Ordinal);
        Assert.Contains("    multiline          java: stack traces belong to the line before them; at most 500 lines and 5 s\n", text, StringComparison.Ordinal);
        Assert.Contains("    encoding           utf-8\n", text, StringComparison.Ordinal);
        Assert.Contains("    max_bytes          1048576, the agent's own limit", text, StringComparison.Ordinal);
        Assert.DoesNotContain("note:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Json_HasTheSameForPrograms()
    {
        Put(
            "aliyun_logs_app=stdout", "aliyun_logs_app_multiline=go", "aliyun_logs_app_format=csv", "aliyun_logs_app_format_keys=a, b",
            "aliyun_logs_app_tags=k=v", "aliyun_logs_app_include=^E", "aliyun_logs_bad=logs/a.log");

        var owner = JsonElement.Parse(await RunAsync(json: true, ExitCode.Failed)).GetProperty("owners")[0];

        var log = owner.GetProperty("logs")[0];
        Assert.Equal("app-yyyy.MM.dd", log.GetProperty("index").GetString());
        Assert.Equal("csv", log.GetProperty("format").GetString());
        Assert.Equal("a,b", log.GetProperty("format.keys").GetString());
        Assert.Equal("go", log.GetProperty("multiline").GetString());
        Assert.StartsWith("^(?:", log.GetProperty("multiline.pattern").GetString(), StringComparison.Ordinal);
        Assert.Equal("after", log.GetProperty("multiline.match").GetString());
        Assert.Equal("^E", log.GetProperty("include")[0].GetString());
        Assert.Equal(0, log.GetProperty("exclude").GetArrayLength());
        Assert.Equal(1048576, log.GetProperty("max_bytes").GetInt32());
        Assert.Equal("v", log.GetProperty("tags").GetProperty("k").GetString());
        Assert.Equal("logs/a.log must be absolute path, for bad", owner.GetProperty("errors")[0].GetProperty("text").GetString());
    }

    // The frequent mistakes: each has log-pilot's words where log-pilot has the error, and a way out.
    [Theory]
    [InlineData("a=logs/a.log", "not collected: logs/a.log must be absolute path, for a", "begin the path with /")]
    [InlineData("a=STDOUT", "not collected: STDOUT must be absolute path, for a", "write stdout in lower case")]
    [InlineData("a=/x/a.log", "not collected: in log a: /x/a.log is not mount on host", "/x")]
    [InlineData("a=stdout|a_format=xml", "not collected: in log a: format error: unsupported log format: xml", "use one of none, json")]
    [InlineData("a=stdout|a_format=regexp", "not collected: in log a: format error: regex pattern can not be empty", "set format.pattern")]
    [InlineData("a=stdout|a_format=regexp|a_format_pattern=(", "not collected: in log a: format error: regex pattern is not valid: ", "correct format.pattern")]
    [InlineData("a=stdout|a_include=(", "not collected: in log a: include error: pattern is not valid: ", "correct include")]
    [InlineData("a=stdout|a_multiline=true", "not collected: in log a: multiline error: unknown preset: true", "java, python, go")]
    [InlineData("a=stdout|a_encoding=x", "not collected: in log a: encoding error: unsupported encoding: x", "utf-8, utf-16le")]
    [InlineData("a=stdout|a_tags=k", "not collected: parse tags for a error: k is not a valid k=v format", "k1=v1,k2=v2")]
    [InlineData("a_tags=k=v", "not collected: a has no parent node", "needs a log named a")]
    [InlineData("my_tag=k=v", "not collected: k=v must be absolute path, for my_tag", "the known ones are format")]
    public async Task Run_FrequentMistake_HasErrorAndFix(string env, string error, string fix)
    {
        Put([.. env.Split('|').Select(entry => "aliyun_logs_" + entry)]);

        var lines = (await RunAsync(json: false, ExitCode.Failed)).Split('\n');

        var at = Array.FindIndex(lines, line => line.StartsWith("  " + error, StringComparison.Ordinal));
        Assert.True(at >= 0, string.Join('\n', lines));
        Assert.StartsWith("    fix: ", lines[at + 1], StringComparison.Ordinal);
        Assert.Contains(fix, lines[at + 1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALIYUN_LOGS_A=stdout", "note: ALIYUN_LOGS_A is ignored: labels begin with aliyun.logs. and env with aliyun_logs_")]
    [InlineData("aliyun_logs_my_app=stdout", "note: aliyun_logs_my_app declares the log my_app")]
    [InlineData("aliyun_logs_My=stdout", "note: in log My: Elasticsearch refuses the index name My, my is used")]
    [InlineData("aliyun_logs_custom_config=a.fields.k=v", "note: aliyun_logs_custom_config: line 1 is ignored: the log a is not declared")]
    public async Task Run_WhatIsUnderstoodOtherwise_IsNoted(string entry, string note)
    {
        Put(entry);

        Assert.Contains(note, await RunAsync(json: false, ExitCode.Done), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TextThatWouldBreakItsLine_StaysOnIt()
    {
        Put("aliyun_logs_app=stdout", "aliyun_logs_app_include=a\n  not collected: forged");

        Assert.DoesNotContain("\n  not collected", await RunAsync(json: false, ExitCode.Done), StringComparison.Ordinal);
    }

    private void Put(params string[] env) => _docker.PutRaw(Id, $$$"""
        {"Id":"{{{Id}}}","Name":"/web","LogPath":"/logs/{{{Id}}}","State":{"Status":"running","StartedAt":"1","FinishedAt":"0"},
        "Config":{"Image":"busybox","Env":{{{"[" + string.Join(',', env.Select(entry => $"\"{JsonEncodedText.Encode(entry)}\"")) + "]"}}},"Labels":{}},
        "HostConfig":{"LogConfig":{"Type":"json-file"}},"Mounts":[{"Type":"bind","Source":"/s","Destination":"/d"}]}
        """);

    private static string Id { get; } = new('a', 64);

    private async Task<string> RunAsync(bool json, int exitCode)
    {
        var options = new AgentOptions
        {
            Runtimes = [new DockerOptions { Host = _docker.Host }],
            Lines = new LineOptions { LineBytesMax = 1024 * 1024 },
        };

        Assert.Equal(exitCode, await CheckCommand.RunAsync(options, json, _output, _errors));

        Assert.Empty(_errors.ToString());
        return _output.ToString();
    }
}
