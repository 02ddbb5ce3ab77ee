using System.Diagnostics;

namespace LogPilot.Aot.Tests.Support;

/// <summary>One real Elasticsearch or OpenSearch node, empty at first, with its search API.</summary>
internal sealed class RealElasticsearch : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromMinutes(2);

    private readonly IServerHost _host;
    private bool _isGivenForTests;

    private RealElasticsearch(string name, IServerHost host)
    {
        Name = name;
        _host = host;
        Search = new SearchClient(host.Address);
    }

    /// <summary>Product and version, such as <c>elasticsearch-8.19.5</c>.</summary>
    public string Name { get; }

    public Uri Address => _host.Address;

    public SearchClient Search { get; }

    /// <summary>
    /// Starts a server by the launcher beside the checkout; else takes LOGPILOT_TEST_ELASTICSEARCH; else runs the official image; else skips.
    /// </summary>
    public static async Task<RealElasticsearch> StartAsync(string name, params string[] settings)
    {
        // A disk that is nearly full must not make the node read-only in the middle of a test.
        var server = new RealElasticsearch(name, Choose(name, [.. settings, "cluster.routing.allocation.disk.threshold_enabled=false"]));
        try
        {
            await server.StartAgainAsync();
            if (server._host is GivenServer)
            {
                await server.SkipUnlessForTestsAsync();
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a stopped or crashed server with the data it had.</summary>
    public async Task StartAgainAsync()
    {
        await _host.StartAsync();
        await Eventually.TrueAsync(Search.IsReadyAsync, () => $"{Name} answers at {Address}.", ReadyDeadline);
    }

    public Task StopAsync() => _host.StopAsync();

    /// <summary>A crash: SIGKILL.</summary>
    public Task KillAsync() => _host.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_isGivenForTests)
        {
            await Search.DeleteAllAsync();
        }

        Search.Dispose();
        await _host.DisposeAsync();
    }

    private static IServerHost Choose(string name, IReadOnlyList<string> settings)
    {
        if (LaunchedServer.FindLauncher() is { } launcher)
        {
            return new LaunchedServer(launcher, name, settings);
        }

        if (Environment.GetEnvironmentVariable("LOGPILOT_TEST_ELASTICSEARCH") is { Length: > 0 } address)
        {
            return new GivenServer(new Uri(address));
        }

        if (Command.Run("docker", "version").ExitCode == 0)
        {
            return new ContainedServer(OfficialImage(name), settings);
        }

        Prerequisite.Missing($"No {name} here: set LOGPILOT_TEST_ELASTICSEARCH to the URL of a server, or start Docker to run the official image.");
        throw new UnreachableException();
    }

    private static string OfficialImage(string name)
    {
        var (product, version) = (name[..name.LastIndexOf('-')], name[(name.LastIndexOf('-') + 1)..]);
        return product == "opensearch" ? $"opensearchproject/opensearch:{version}" : $"elasticsearch:{version}";
    }

    /// <summary>
    /// A server given by its URL has one version, and the cases of the others are not its. The tests delete every index,
    /// so it has to be empty when they come.
    /// </summary>
    private async Task SkipUnlessForTestsAsync()
    {
        using var root = await Search.GetAsync("/");
        var version = root!.RootElement.GetProperty("version");
        var product = version.TryGetProperty("distribution", out var distribution) ? distribution.GetString() : "elasticsearch";
        var actual = $"{product}-{version.GetProperty("number").GetString()}";
        if (actual.Split('.')[0] != Name.Split('.')[0])
        {
            Assert.Skip($"{Address} is {actual}, not {Name}.");
        }

        if (await Search.IndicesAsync() is { Count: > 0 } indices)
        {
            Prerequisite.Missing($"{Address} holds {string.Join(", ", indices)}, and the tests would delete that: give them an empty server.");
        }

        _isGivenForTests = true;
    }
}
