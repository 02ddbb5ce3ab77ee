namespace LogPilot.Aot.Tests.Support;

/// <summary>The stage of one test: an engine, an empty server, agents with one state directory, and the removal of all that was made.</summary>
internal sealed class Scenario : IAsyncDisposable
{
    private readonly List<AgentProcess> _agents = [];
    private readonly List<EngineContainer> _containers = [];
    private readonly List<string> _volumes = [];

    private Scenario(DockerEngine engine, RealElasticsearch server)
    {
        Engine = engine;
        Server = server;
        AgentEnvironment = new Dictionary<string, string>
        {
            ["DOCKER_HOST"] = engine.Endpoint.OriginalString,
            ["LOGPILOT_STATE_DIR"] = Scratch.CreateDirectory("state"),
            ["LOGPILOT_HOST_ROOT"] = "/",
            ["NODE_NAME"] = "node-1",
            ["LOGGING_OUTPUT"] = "elasticsearch",
            ["ELASTICSEARCH_HOSTS"] = server.Address.Authority,
        };
    }

    public ScratchDirectory Scratch { get; } = new();

    public DockerEngine Engine { get; }

    public RealElasticsearch Server { get; }

    public SearchClient Search => Server.Search;

    /// <summary>The environment of the agents that are started from here on.</summary>
    public Dictionary<string, string> AgentEnvironment { get; }

    public static async Task<Scenario> StartAsync(TestMachine machine, string server = TestMachine.DefaultServer)
    {
        _ = AgentProcess.Executable();
        return new Scenario(await machine.EngineAsync(), await machine.EmptyServerAsync(server));
    }

    public AgentProcess StartAgent()
    {
        var agent = AgentProcess.Start(AgentEnvironment);
        _agents.Add(agent);
        return agent;
    }

    public async Task<EngineContainer> RunAsync(ContainerRequest request)
    {
        var container = await Engine.RunAsync(request);
        _containers.Add(container);
        return container;
    }

    /// <summary>Creates a volume of its own; its name and its directory on the host.</summary>
    public async Task<(string Name, string Directory)> CreateVolumeAsync()
    {
        var name = $"volume-{Guid.NewGuid():N}"[..19];
        var directory = await Engine.CreateVolumeAsync(name);
        _volumes.Add(name);
        return (name, directory);
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

        foreach (var container in _containers)
        {
            await container.RemoveAsync();
        }

        foreach (var volume in _volumes)
        {
            await Engine.RemoveVolumeAsync(volume);
        }

        Scratch.Dispose();
    }

    /// <summary>The runner shows this beside a failed test only. An agent that still runs then was waited for in vain.</summary>
    private void Report(AgentProcess agent)
    {
        var status = agent.HasExited ? "" : AgentProcess.Run(AgentEnvironment, "status").Everything;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Agent {_agents.IndexOf(agent) + 1} of {_agents.Count} logged:\n{string.Join('\n', agent.Log.TakeLast(100))}\n{status}");
    }
}
