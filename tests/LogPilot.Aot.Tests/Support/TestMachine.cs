using LogPilot.Aot.Tests.Support;

// One engine and one server at a time: a server takes 400 MB, and each test reads all of what its server has.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(TestMachine))]

namespace LogPilot.Aot.Tests.Support;

/// <summary>What all tests share because it is slow to start: the Docker Engine, containerd and the server of the moment, each started at first use.</summary>
public sealed class TestMachine : IAsyncDisposable
{
    internal const string DefaultServer = "elasticsearch-8.19.5";
    internal const string NewestServer = "elasticsearch-9.2.0";

    private DockerEngine? _engine;
    private Containerd? _containerd;
    private RealElasticsearch? _server;
    private AgentImage? _image;
    private string[] _settings = [];

    internal async Task<DockerEngine> EngineAsync() => _engine ??= await DockerEngine.StartAsync();

    internal async Task<Containerd> ContainerdAsync() => _containerd ??= await Prerequisite.ContainerdAsync();

    /// <summary>The agent's image on that engine.</summary>
    internal async Task<AgentImage> ImageAsync() => _image ??= AgentImage.Build(await EngineAsync());

    /// <summary>The server of that name and settings, empty. Another one that runs is stopped first.</summary>
    internal async Task<RealElasticsearch> EmptyServerAsync(string name, params string[] settings)
    {
        if (_server is not null && (_server.Name != name || !_settings.SequenceEqual(settings)))
        {
            await _server.DisposeAsync();
            _server = null;
        }

        if (_server is null)
        {
            _server = await RealElasticsearch.StartAsync(name, settings);
            _settings = settings;
        }
        else if (!await _server.Search.IsReadyAsync())
        {
            await _server.StartAgainAsync();
        }

        await _server.Search.DeleteAllAsync();
        return _server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_containerd is not null)
        {
            await _containerd.DisposeAsync();
        }
    }
}
