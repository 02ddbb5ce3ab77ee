using Docker.DotNet;
using Docker.DotNet.Models;

namespace LogPilot.Aot.Tests.Support;

/// <summary>A Docker Engine of the tests' own: its data, state and socket lie in a scratch directory, and no network is touched.</summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly ScratchDirectory _scratch = new();
    private readonly string _program;
    private readonly DockerClientConfiguration _configuration;
    private ChildProcess? _daemon;

    private DockerEngine(string program)
    {
        _program = program;
        // An engine that is handed no file reads the machine's daemon.json.
        _scratch.WriteFile("daemon.json", "{}");
        _configuration = new DockerClientConfiguration(Endpoint);
        Client = _configuration.CreateClient();
    }

    public DockerClient Client { get; }

    public string SocketPath => _scratch.PathOf("docker.sock");

    public Uri Endpoint => new("unix://" + SocketPath);

    public string DataRoot => _scratch.PathOf("data");

    private string StateRoot => _scratch.PathOf("exec");

    /// <summary>Skips or fails the test where no engine can be started.</summary>
    public static async Task<DockerEngine> StartAsync()
    {
        var engine = new DockerEngine(Prerequisite.Program("dockerd", "docker.io"));
        try
        {
            if (!await engine.TryStartDaemonAsync())
            {
                Prerequisite.Missing($"dockerd does not start here, run as root on a machine with cgroups:\n{engine._daemon!.LogTail}");
            }

            await engine.ImportImageAsync(Prerequisite.Program("busybox", "busybox-static"));
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM, which ends the containers, and a new start.</summary>
    public async Task RestartAsync()
    {
        await StopDaemonAsync();
        await StartDaemonAsync();
    }

    public Task StopDaemonAsync() => _daemon!.StopAsync();

    /// <summary>SIGKILL to the engine alone: the containers run on until the next start ends them.</summary>
    public async Task KillDaemonAsync()
    {
        await _daemon!.KillAsync();
        // containerd dies with the engine, but stays a zombie where the first process of the machine does not reap it,
        // and the next engine takes a zombie whose id is in this file for a containerd that runs.
        File.Delete(Path.Combine(StateRoot, "containerd", "containerd.pid"));
    }

    /// <summary>SIGSTOP: its socket takes connections and answers nothing.</summary>
    public void SuspendDaemon() => _daemon!.Send(Signal.Stop);

    public void ResumeDaemon() => _daemon!.Send(Signal.Continue);

    public async Task StartDaemonAsync() =>
        Assert.True(await TryStartDaemonAsync(), $"dockerd did not start again:\n{_daemon!.LogTail}");

    public async Task<EngineContainer> RunAsync(ContainerRequest request)
    {
        var parameters = request.ToParameters();
        var created = await Client.Containers.CreateContainerAsync(parameters);
        await Client.Containers.StartContainerAsync(created.ID, new ContainerStartParameters());
        return new EngineContainer(Client, created.ID, parameters.Name);
    }

    /// <summary>Runs Docker's own client on this engine.</summary>
    public CommandResult RunClient(params string[] arguments) =>
        Command.Run(Prerequisite.Program("docker", "docker.io"), ["--host", Endpoint.OriginalString, .. arguments]);

    /// <summary>Creates a volume of the local driver; the directory on the host.</summary>
    public async Task<string> CreateVolumeAsync(string name) =>
        (await Client.Volumes.CreateAsync(new VolumesCreateParameters { Name = name })).Mountpoint;

    public Task RemoveVolumeAsync(string name) => Client.Volumes.RemoveAsync(name, force: true);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        KillLeftovers();
        Client.Dispose();
        _configuration.Dispose();
        _scratch.Dispose();
    }

    private async Task<bool> TryStartDaemonAsync()
    {
        // A machine that runs containerd shares it with every engine, hence the namespaces.
        var name = Path.GetFileName(_scratch.Root);
        _daemon = ChildProcess.Start(
            _scratch.PathOf("dockerd.log"), _program,
            "--host", Endpoint.OriginalString,
            "--data-root", DataRoot,
            "--exec-root", StateRoot,
            "--pidfile", _scratch.PathOf("dockerd.pid"),
            "--config-file", _scratch.PathOf("daemon.json"),
            "--containerd-namespace", name,
            "--containerd-plugins-namespace", name + "-plugins",
            "--bridge=none", "--iptables=false", "--ip6tables=false",
            "--shutdown-timeout", "5");
        var daemon = _daemon;
        return await Eventually.TryAsync(async () => daemon.HasExited || await AnswersAsync(), StartDeadline) && !daemon.HasExited;
    }

    private async Task ImportImageAsync(string busybox)
    {
        using var layer = new MemoryStream();
        await BusyboxImage.WriteLayerAsync(layer, busybox);
        layer.Position = 0;
        var request = new ImagesCreateParameters { FromSrc = "-", Repo = BusyboxImage.Repository, Tag = BusyboxImage.Tag };
        await Client.Images.CreateImageAsync(request, layer, new AuthConfig(), new Progress<JSONMessage>());
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await Client.System.PingAsync();
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or DockerApiException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>containerd and the shims outlive an engine that was killed. They name this engine's state directory in their arguments.</summary>
    private void KillLeftovers()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var processId) && ReadArguments(directory).Contains(StateRoot, StringComparison.Ordinal))
            {
                Signals.Send(processId, Signal.Kill);
            }
        }
    }

    private static string ReadArguments(string processDirectory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processDirectory, "cmdline"));
        }
        catch (IOException)
        {
            // It has ended since the directory was listed.
            return "";
        }
    }
}
