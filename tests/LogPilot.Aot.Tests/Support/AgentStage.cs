namespace LogPilot.Aot.Tests.Support;

/// <summary>The stage of one test, whatever runs its containers: a server, and agents with one state directory.</summary>
internal abstract class AgentStage : IAsyncDisposable
{
    private readonly List<AgentProcess> _agents = [];

    protected AgentStage(RealElasticsearch server)
    {
        Server = server;
        AgentEnvironment = new Dictionary<string, string>
        {
            ["LOGPILOT_STATE_DIR"] = Scratch.CreateDirectory("state"),
            ["LOGPILOT_HOST_ROOT"] = "/",
            ["NODE_NAME"] = "node-1",
            ["LOGGING_OUTPUT"] = "elasticsearch",
            ["ELASTICSEARCH_HOSTS"] = server.Address.Authority,
        };
    }

    public ScratchDirectory Scratch { get; } = new();

    public RealElasticsearch Server { get; }

    public SearchClient Search => Server.Search;

    /// <summary>The environment of the agents that are started from here on.</summary>
    public Dictionary<string, string> AgentEnvironment { get; }

    public AgentProcess StartAgent()
    {
        var agent = AgentProcess.Start(AgentEnvironment);
        _agents.Add(agent);
        return agent;
    }

    /// <summary>
    /// Waits until the server has so many documents, stops the agent, and returns what the server has then: nothing comes after it.
    /// </summary>
    public async Task<IReadOnlyList<StoredDocument>> CollectAsync(AgentProcess agent, string indexPattern, int documents)
    {
        await Search.WaitForCountAsync(indexPattern, documents);
        // An agent that finds everything delivered could be stopped here before it listens to signals.
        await Eventually.TrueAsync(() => agent.Log.Count > 0, () => "the agent logs its start.");
        Assert.Equal(0, await agent.StopAsync());
        return await Search.SearchAllAsync(indexPattern);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            Report(agent);
            await agent.DisposeAsync();
        }

        await RemoveContainersAsync();
        Scratch.Dispose();
    }

    /// <summary>Removes what the test has run, after its agents have ended.</summary>
    protected abstract Task RemoveContainersAsync();

    /// <summary>The runner shows this beside a failed test only. An agent that still runs then was waited for in vain.</summary>
    private void Report(AgentProcess agent)
    {
        var status = agent.HasExited ? "" : AgentProcess.Run(AgentEnvironment, "status").Everything;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Agent {_agents.IndexOf(agent) + 1} of {_agents.Count} logged:\n{string.Join('\n', agent.Log.TakeLast(100))}\n{status}");
    }
}
