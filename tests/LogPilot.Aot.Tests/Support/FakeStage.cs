using System.Text.Json;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The stage of a test of the executable alone: a log file of the host, and a server that the test scripts.</summary>
internal sealed class FakeStage : IAsyncDisposable
{
    private readonly List<AgentProcess> _agents = [];
    private readonly FakeDocker? _fakeEngine;

    /// <param name="engine">A real one, where the test is about its containers; without it, one that has none.</param>
    public FakeStage(DockerEngine? engine = null)
    {
        _fakeEngine = engine is null ? new FakeDocker() : null;
        LogFile = Path.Combine(Scratch.CreateDirectory("logs"), "app.log");
        AgentEnvironment = new Dictionary<string, string>
        {
            ["DOCKER_HOST"] = (engine?.Endpoint ?? _fakeEngine!.Host).OriginalString,
            ["LOGPILOT_STATE_DIR"] = Scratch.CreateDirectory("state"),
            ["LOGPILOT_HOST_ROOT"] = "/",
            ["LOGPILOT_BATCH_BYTES"] = "64KiB",
            ["LOGPILOT_RETRY_DELAY_MAX"] = "1s",
            ["LOGGING_OUTPUT"] = "elasticsearch",
            ["ELASTICSEARCH_HOSTS"] = Server.Address.Authority,
            ["aliyun_logs_host"] = LogFile,
        };
    }

    public ScratchDirectory Scratch { get; } = new();

    public FakeElasticsearch Server { get; } = new();

    /// <summary>A declared log of the host.</summary>
    public string LogFile { get; }

    /// <summary>The environment of the agents that are started from here on.</summary>
    public Dictionary<string, string> AgentEnvironment { get; }

    public AgentProcess StartAgent()
    {
        var agent = AgentProcess.Start(AgentEnvironment);
        _agents.Add(agent);
        return agent;
    }

    /// <summary>Lines with a time of day, as programs write them, which tells the lives of a file apart without any state.</summary>
    public static IEnumerable<string> TimedLines(int count, int first = 1) => Lines.Numbered("12:00:00 line", count, first);

    public void Append(IEnumerable<string> lines) => File.AppendAllLines(LogFile, lines);

    public CommandResult Probe() => AgentProcess.Run(AgentEnvironment, "healthz");

    /// <summary>Waits until a server has stored so many documents.</summary>
    public static Task WaitForCountAsync(FakeElasticsearch server, int documents) => Eventually.TrueAsync(
        () => server.Documents.Count >= documents, () => $"{documents} documents; {server.Documents.Count} are stored.");

    /// <summary>The lines that a server has stored.</summary>
    public static IEnumerable<string> Messages(FakeElasticsearch server)
    {
        foreach (var document in server.Documents.Values)
        {
            using var json = JsonDocument.Parse(document);
            yield return json.RootElement.GetProperty("message").GetString()!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"Agent {_agents.IndexOf(agent) + 1} of {_agents.Count} logged:\n{string.Join('\n', agent.Log.TakeLast(100))}");
            await agent.DisposeAsync();
        }

        await Server.DisposeAsync();
        if (_fakeEngine is not null)
        {
            await _fakeEngine.DisposeAsync();
        }

        Scratch.Dispose();
    }
}
