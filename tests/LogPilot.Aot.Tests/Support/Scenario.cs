namespace LogPilot.Aot.Tests.Support;

/// <summary>The stage of one test on Docker: an engine, an empty server, agents, and the removal of all that was made.</summary>
internal sealed class Scenario : AgentStage
{
    private readonly List<EngineContainer> _containers = [];
    private readonly List<string> _volumes = [];

    private Scenario(DockerEngine engine, RealElasticsearch server)
        : base(server)
    {
        Engine = engine;
        AgentEnvironment["DOCKER_HOST"] = engine.Endpoint.OriginalString;
    }

    public DockerEngine Engine { get; }

    public static async Task<Scenario> StartAsync(TestMachine machine, string server = TestMachine.DefaultServer)
    {
        _ = AgentProcess.Executable();
        return new Scenario(await machine.EngineAsync(), await machine.EmptyServerAsync(server));
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

    protected override async Task RemoveContainersAsync()
    {
        foreach (var container in _containers)
        {
            await container.RemoveAsync();
        }

        foreach (var volume in _volumes)
        {
            await Engine.RemoveVolumeAsync(volume);
        }
    }
}
