namespace LogPilot.Aot.Tests.Support;

/// <summary>Where a real server runs, and how it is stopped, crashed and started again with its data.</summary>
internal interface IServerHost : IAsyncDisposable
{
    Uri Address { get; }

    Task StartAsync();

    Task StopAsync();

    Task KillAsync();
}

/// <summary>A server started by the launcher of server packages that lies beside the checkout.</summary>
internal sealed class LaunchedServer(string launcher, string name, IReadOnlyList<string> settings) : IServerHost
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private readonly ScratchDirectory _scratch = new();
    private readonly int _port = LoopbackPort.Free();
    private ChildProcess? _process;

    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>The launcher's path, or null where there is none.</summary>
    public static string? FindLauncher()
    {
        var path = Path.GetFullPath(Path.Combine(RepositoryRoot.Path, "..", "shared", "servers", "serve"));
        return File.Exists(path) ? path : null;
    }

    public async Task StartAsync()
    {
        var directory = _scratch.CreateDirectory("server");
        var outputFile = Path.Combine(directory, "out");
        File.Delete(outputFile);
        string[] arguments = [name, $"{_port}", directory, .. settings];
        _process = ChildProcess.Start(_scratch.PathOf("launcher.log"), launcher, arguments);
        var process = _process;
        await Eventually.TrueAsync(
            () => process.HasExited || (File.Exists(outputFile) && File.ReadAllText(outputFile).Contains($"started {_port}", StringComparison.Ordinal)),
            () => $"{name} prints that it has started.",
            StartDeadline);
        Assert.False(process.HasExited, $"{name} ended at its start:\n{process.LogTail}");
    }

    public Task StopAsync() => _process!.StopAsync();

    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _scratch.Dispose();
    }
}

/// <summary>A server of the official image, run by the machine's own Docker Engine.</summary>
internal sealed class ContainedServer(string image, IReadOnlyList<string> settings) : IServerHost
{
    private readonly int _port = LoopbackPort.Free();
    private string? _containerId;

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public Task StartAsync()
    {
        if (_containerId is not null)
        {
            Docker("start", _containerId);
            return Task.CompletedTask;
        }

        List<string> arguments = ["run", "--detach", "--publish", $"127.0.0.1:{_port}:9200"];
        foreach (var setting in settings.Concat(["discovery.type=single-node", "ES_JAVA_OPTS=-Xmx512m", "OPENSEARCH_JAVA_OPTS=-Xmx512m",
            "xpack.security.enabled=false", "DISABLE_SECURITY_PLUGIN=true", "DISABLE_INSTALL_DEMO_CONFIG=true"]))
        {
            arguments.AddRange(["--env", setting]);
        }

        _containerId = Docker([.. arguments, image]).Trim();
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        Docker("stop", _containerId!);
        return Task.CompletedTask;
    }

    public Task KillAsync()
    {
        Docker("kill", _containerId!);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (_containerId is not null)
        {
            Command.Run("docker", "rm", "--force", "--volumes", _containerId);
        }

        return ValueTask.CompletedTask;
    }

    private static string Docker(params string[] arguments)
    {
        var result = Command.Run("docker", arguments);
        Assert.True(result.ExitCode == 0, $"docker {string.Join(' ', arguments)}: {result.Everything}");
        return result.Output;
    }
}

/// <summary>A server that somebody else runs: nothing is started, and what needs a restart is skipped.</summary>
internal sealed class GivenServer(Uri address) : IServerHost
{
    public Uri Address => address;

    public Task StartAsync() => Task.CompletedTask;

    public Task StopAsync() => KillAsync();

    public Task KillAsync()
    {
        Assert.Skip($"{address} is not the tests' own to stop.");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
