using System.Text.Json;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The process and its commands, without an engine: configuration, exit codes, and the outputs that need no server.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly Dictionary<string, string> _environment;

    public ConfigurationTests() => _environment = new Dictionary<string, string>
    {
        ["DOCKER_HOST"] = "unix://" + _scratch.PathOf("none.sock"),
        ["LOGPILOT_STATE_DIR"] = _scratch.CreateDirectory("state"),
        ["LOGPILOT_HOST_ROOT"] = "/",
        ["LOGGING_OUTPUT"] = "console",
    };

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    public void Run_SeveralWrongVariables_NamesThemAllAndExitsWith2(string command)
    {
        _environment["LOGGING_OUTPUT"] = "elasticsearch";
        _environment["ELASTICSEARCH_HOSTS"] = "ftp://host:port";
        _environment["ELASTICSEARCH_SSL_CA"] = _scratch.PathOf("missing.pem");
        _environment["LOGPILOT_LINE_BYTES_MAX"] = "many";
        _environment["LOGPILOT_LOG_FORMAT"] = "xml";
        _environment["LOGPILOT_TYPO"] = "1";

        var result = AgentProcess.Run(_environment, command);

        Assert.Equal(2, result.ExitCode);
        foreach (var name in (string[])["ELASTICSEARCH_HOSTS", "ELASTICSEARCH_SSL_CA", "LOGPILOT_LINE_BYTES_MAX", "LOGPILOT_LOG_FORMAT", "LOGPILOT_TYPO"])
        {
            Assert.Contains(name, result.Everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_OutputThatIsNotBuilt_IsRefusedByName()
    {
        _environment["LOGGING_OUTPUT"] = "kafka";
        _environment["KAFKA_BROKERS"] = "127.0.0.1:9092";

        var result = AgentProcess.Run(_environment, "run");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("LOGGING_OUTPUT", result.Error, StringComparison.Ordinal);
        Assert.Contains("kafka", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ElasticsearchWithoutHosts_SaysWhichVariableIsMissing()
    {
        _environment["LOGGING_OUTPUT"] = "elasticsearch";

        var result = AgentProcess.Run(_environment, "run");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("ELASTICSEARCH_HOST", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_UnknownCommand_ExitsWith2()
    {
        var result = AgentProcess.Run(_environment, "fly");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("fly", result.Error, StringComparison.Ordinal);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_StateDirectoryNotWritable_NamesItAndExits()
    {
        using var readOnly = TmpfsMount.At(_scratch.PathOf("read-only"), "ro");
        _environment["LOGPILOT_STATE_DIR"] = readOnly.Path;

        var result = AgentProcess.Run(_environment, "run");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(readOnly.Path, result.Error, StringComparison.Ordinal);
        Assert.Contains("LOGPILOT_STATE_DIR", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SecondAgentOnTheSameState_RefusesToStart()
    {
        await using var first = AgentProcess.Start(_environment);
        await WaitUntilHealthyAsync(first);

        var second = AgentProcess.Run(_environment, "run");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains(_environment["LOGPILOT_STATE_DIR"], second.Error, StringComparison.Ordinal);
        Assert.Equal(0, await first.StopAsync());
    }

    [Fact]
    public async Task Run_ConsoleOutput_PrintsDocumentsOnlyOnStandardOutput()
    {
        _environment["aliyun_logs_nginx"] = _scratch.PathOf("nginx", "*.log");
        _environment["aliyun_logs_nginx_tags"] = "stage=test";
        _environment["NODE_NAME"] = "bare-metal";
        var path = _scratch.WriteFile("nginx/access.log", string.Join('\n', Lines.Numbered("line", 200)) + "\n");

        await using var agent = AgentProcess.Start(_environment);
        await Eventually.TrueAsync(() => agent.Output.Count >= 200, () => $"200 documents on the console; {agent.Output.Count} came.");
        Assert.Equal(0, await agent.StopAsync());

        var documents = agent.Output.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Lines.AssertEachOnce(Lines.Numbered("line", 200), documents.Select(document => document.GetProperty("message").GetString()!));
        foreach (var document in documents)
        {
            Assert.Equal(path, document.GetProperty("source").GetString());
            Assert.Equal("nginx", document.GetProperty("index").GetString());
            Assert.Equal("nginx", document.GetProperty("topic").GetString());
            Assert.Equal("test", document.GetProperty("stage").GetString());
            Assert.Equal("bare-metal", document.GetProperty("k8s_node_name").GetString());
            Assert.False(document.TryGetProperty("docker_container", out _));
        }
    }

    [Theory]
    [InlineData("filebeat", "@timestamp message source offset index topic stage k8s_node_name prospector beat")]
    [InlineData("ecs", "@timestamp message log.file.path log.offset host.name labels.stage ecs.version event.dataset")]
    public async Task Run_OtherDocument_HasItsNames(string shape, string names)
    {
        _environment["LOGPILOT_DOCUMENT"] = shape;
        _environment["NODE_NAME"] = "bare-metal";
        _environment["aliyun_logs_app"] = _scratch.PathOf("app.log");
        _environment["aliyun_logs_app_tags"] = "stage=test";
        _scratch.WriteFile("app.log", "one\n");

        await using var agent = AgentProcess.Start(_environment);
        await Eventually.TrueAsync(() => agent.Output.Count >= 1, () => "a document on the console.");
        Assert.Equal(0, await agent.StopAsync());

        using var document = JsonDocument.Parse(agent.Output.Single());
        Assert.Equal(names.Split(' '), document.RootElement.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task Run_FileOutput_WritesDocumentsIntoTheDirectory()
    {
        var output = _scratch.CreateDirectory("documents");
        _environment["LOGGING_OUTPUT"] = "file";
        _environment["FILE_PATH"] = output;
        _environment["FILE_NAME"] = "shipped";
        _environment["aliyun_logs_app"] = _scratch.PathOf("app.log");
        _scratch.WriteFile("app.log", string.Join('\n', Lines.Numbered("line", 200)) + "\n");

        await using var agent = AgentProcess.Start(_environment);
        await Eventually.TrueAsync(() => ReadLines(output).Count >= 200, () => "200 documents in the directory.");
        Assert.Equal(0, await agent.StopAsync());

        var messages = ReadLines(output).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()!);
        Lines.AssertEachOnce(Lines.Numbered("line", 200), messages);
        Assert.Empty(agent.Output);
        Assert.All(Directory.GetFiles(output), file => Assert.StartsWith("shipped", Path.GetFileName(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Healthz_AgentThatRunsAndThenEnds_TurnsRed()
    {
        await using var agent = AgentProcess.Start(_environment);
        await WaitUntilHealthyAsync(agent);
        var byLink = AgentProcess.RunLink(_scratch.PathOf("healthz"), _environment);
        await agent.KillAsync();

        var afterwards = AgentProcess.Run(_environment, "healthz");

        Assert.Equal(0, byLink.ExitCode);
        Assert.Equal(1, afterwards.ExitCode);
        Assert.NotEmpty(afterwards.Everything);
    }

    [Fact]
    public async Task Status_LiveAndStoppedAgent_ShowsItsSources()
    {
        var path = _scratch.WriteFile("app.log", "line 1\nline 2\n");
        _environment["aliyun_logs_app"] = path;
        await using var agent = AgentProcess.Start(_environment);
        await Eventually.TrueAsync(() => agent.Output.Count == 2, () => "two documents on the console.");

        await Eventually.TrueAsync(
            () => AgentProcess.Run(_environment, "status", "--json").Output.Contains(path, StringComparison.Ordinal), () => "status names the file.");
        Assert.Equal(0, await agent.StopAsync());
        var json = AgentProcess.Run(_environment, "status", "--json");
        var text = AgentProcess.Run(_environment, "status");

        Assert.Equal(0, json.ExitCode);
        using var parsed = JsonDocument.Parse(json.Output);
        Assert.Contains(path, json.Output, StringComparison.Ordinal);
        Assert.Equal(0, text.ExitCode);
        Assert.Contains(path, text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ValidConfiguration_ShowsTheHostLogs()
    {
        _environment["aliyun_logs_app"] = _scratch.PathOf("*.log");
        _environment["ELASTICSEARCH_PASSWORD"] = "never-shown";

        var text = AgentProcess.Run(_environment, "check");
        var json = AgentProcess.Run(_environment, "check", "--json");

        Assert.Contains(_scratch.PathOf("*.log"), text.Output, StringComparison.Ordinal);
        using var parsed = JsonDocument.Parse(json.Output);
        Assert.DoesNotContain("never-shown", text.Everything + json.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public void VersionAndHelp_NoConfiguration_AreAnswered()
    {
        var nothing = new Dictionary<string, string>();

        var version = AgentProcess.Run(nothing, "version");
        var help = AgentProcess.Run(nothing, "--help");

        Assert.Equal(0, version.ExitCode);
        Assert.Matches(@"\d+\.\d+\.\d+", version.Output);
        Assert.Equal(0, help.ExitCode);
        foreach (var word in (string[])["run", "healthz", "status", "check", "version", "LOGPILOT_STATE_DIR", "ELASTICSEARCH_HOSTS", "LOGGING_OUTPUT", "NODE_NAME"])
        {
            Assert.Contains(word, help.Output, StringComparison.Ordinal);
        }
    }

    private Task WaitUntilHealthyAsync(AgentProcess agent) =>
        Eventually.TrueAsync(
            () => AgentProcess.Run(_environment, "healthz").ExitCode == 0, () => $"healthz is green. The agent logged:\n{string.Join('\n', agent.Log)}");

    /// <summary>Complete lines only: the file may be read while it is written.</summary>
    private static List<string> ReadLines(string directory) =>
        Directory.GetFiles(directory).SelectMany(file => File.ReadAllText(file).Split('\n').SkipLast(1)).ToList();
}
