using System.Text;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>What log-pilot's documented behaviour says of files and documents: the vectors that need more than a declaration.</summary>
public sealed class LogPilotDocumentTests : IDisposable
{
    private readonly PassFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void V01_EnvStdout_ReadsTheLogAndItsRotatedFiles()
    {
        _agent.AddRaw("none");
        Entry("c1-json.log.1", "older\\n", "2024-02-29T11:00:00Z");
        Entry("c1-json.log", "newer\\n", "2024-02-29T12:00:00Z");

        Catalog().Seen(Container("/logs/c1-json.log"));

        var documents = _agent.DeliverAll();
        Assert.Equal(["older", "newer"], documents.Select(document => document.Message).Order(StringComparer.Ordinal).Reverse());
        Assert.All(documents, document => Assert.Equal("catalina-2024.02.29", document.Index));
    }

    // log-pilot watches /host/.* then.
    [Fact]
    public void V30_NoLogPath_Differs_IsSkippedWithWarning()
    {
        _agent.AddRaw("none");

        Catalog().Seen(Container(""));

        Assert.Empty(_agent.DeliverAll());
        Assert.Contains(_agent.Log.Entries, entry => entry.Text.Contains("catalina", StringComparison.Ordinal));
    }

    [Fact]
    public void V35_LastMillisecondOfADay_IsInTheIndexOfThatDay()
    {
        _agent.AddStdout();
        Entry("c1-json.log", "late\\n", "2018-04-10T23:59:59.999Z");

        Assert.Equal("web-2018.04.10", Assert.Single(_agent.DeliverAll()).Index);
    }

    [Fact]
    public void V36_LineOfAFile_HasItsTextAndTheOffsetBehindIt()
    {
        _agent.AddRaw();
        _agent.Scratch.Append("host/logs/a.log", "xx1\n");

        var document = Document();

        Assert.Equal("xx1", document.GetProperty("message").GetString());
        Assert.Equal(4, document.GetProperty("offset").GetInt64());
    }

    // Differs: the time keeps its nine digits, of which log-pilot writes three.
    [Fact]
    public void V37_LineOfAContainer_Differs_HasItsStreamAndWholeTime()
    {
        _agent.AddStdout();
        Entry("c1-json.log", "hi\\n", "2018-04-10T12:00:36.277747246Z", "stderr");

        var document = Document();

        Assert.Equal("hi", document.GetProperty("message").GetString());
        Assert.Equal("stderr", document.GetProperty("stream").GetString());
        Assert.Equal("2018-04-10T12:00:36.277747246Z", document.GetProperty("@timestamp").GetString());
    }

    // Differs: log-pilot forgets the values of the fields that are its own.
    [Fact]
    public void V38_JsonWithNamesOfTheAgent_Differs_KeepsBoth()
    {
        AddJsonFile();
        _agent.Scratch.Append("host/logs/a.log", """{"level":"info","source":"z","@timestamp":"x"}""" + "\n");

        var document = Document();

        Assert.Equal("info", document.GetProperty("level").GetString());
        Assert.EndsWith("/logs/a.log", document.GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Equal("z", document.GetProperty("source_").GetString());
        Assert.Equal("2024-02-29T12:00:00.000Z", document.GetProperty("@timestamp").GetString());
        Assert.Equal("x", document.GetProperty("@timestamp_").GetString());
        Assert.False(document.TryGetProperty("message", out _));
    }

    // Differs: log-pilot adds an empty object instead of the reason.
    [Fact]
    public void V39_NoJson_Differs_StaysInMessageWithReason()
    {
        AddJsonFile();
        _agent.Scratch.Append("host/logs/a.log", "oops\n");

        var document = Document();

        Assert.Equal("oops", document.GetProperty("message").GetString());
        Assert.Equal("json", document.GetProperty("log").GetProperty("parse_error").GetString());
        Assert.False(document.TryGetProperty("json", out _));
    }

    private void AddJsonFile()
    {
        _agent.AddRaw("none");
        Catalog(["aliyun_logs_web=/logs/a.log", "aliyun_logs_web_format=json"]).AddHost();
    }

    private void Entry(string file, string text, string time, string stream = "stdout") => _agent.Scratch.Append(
        "host/logs/" + file, $$"""{"log":"{{text}}","stream":"{{stream}}","time":"{{time}}"}""" + "\n");

    private JsonElement Document()
    {
        _agent.Turn();
        return JsonElement.Parse(Encoding.UTF8.GetString(Assert.Single(_agent.InFlight).Content.Span).Split('\n')[1]);
    }

    private SourceCatalog Catalog(params string[] hostEnv) => new(new AgentOptions { HostEnv = hostEnv }, change => change(_agent.Tailer), _agent.Log);

    private static ContainerSnapshot Container(string logPath) => new()
    {
        Id = "c1",
        Name = "web-1",
        State = ContainerState.Running,
        LogDriver = "json-file",
        LogPath = logPath,
        Env = ["aliyun_logs_catalina=stdout"],
    };
}
