using Grpc.Core;

namespace LogPilot.Aot.Tests.Support;

/// <summary>
/// A containerd of the program's own with its CRI: data, state, socket and pod logs lie in a scratch directory, and no network is touched.
/// </summary>
internal sealed class Containerd : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    // Each with the package that has it.
    private static readonly (string Name, string Package)[] Programs =
        [("containerd", "containerd"), ("ctr", "containerd"), ("runc", "runc"), ("busybox", "busybox-static")];

    private readonly ScratchDirectory _scratch = new();
    private ChildProcess? _daemon;

    private Containerd(string? podLogRoot)
    {
        PodLogRoot = podLogRoot ?? _scratch.PathOf("pods");
        _scratch.WriteFile("config.toml", Configuration());
        RunningChildren.AddLeftovers(KillShims);
        Cri = new CriClient(SocketPath);
    }

    public CriClient Cri { get; }

    public string SocketPath => _scratch.PathOf("containerd.sock");

    /// <summary>As kubelet and the agent take it.</summary>
    public string Endpoint => "unix://" + SocketPath;

    /// <summary>What <c>/var/log/pods</c> is on a node.</summary>
    public string PodLogRoot { get; }

    /// <summary>Null and why where no containerd can be started.</summary>
    /// <param name="podLogRoot">An existing directory for the logs of pods, which are to outlive it; null if they are not.</param>
    public static async Task<(Containerd? Containerd, string Reason)> TryStartAsync(string? podLogRoot = null)
    {
        foreach (var (name, package) in Programs)
        {
            if (InstalledPrograms.Find(name) is null)
            {
                return (null, $"{name} is not installed: apt-get install {package}.");
            }
        }

        var containerd = new Containerd(podLogRoot);
        try
        {
            if (await containerd.TryStartDaemonAsync())
            {
                await containerd.ImportImageAsync();
                return (containerd, "");
            }

            var reason = $"containerd does not start here, run as root on a machine with cgroups:\n{containerd._daemon!.LogTail}";
            await containerd.DisposeAsync();
            return (null, reason);
        }
        catch
        {
            await containerd.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// SIGTERM to the daemon alone, as in an upgrade of the package: shims and containers run on, but it is the daemon that writes the
    /// logs. They stand still, and a container waits once its pipe is full.
    /// </summary>
    public Task StopDaemonAsync() => _daemon!.StopAsync();

    /// <summary>Starts the daemon on the data it had; it finds its containers again.</summary>
    public async Task StartDaemonAsync()
    {
        if (!await TryStartDaemonAsync())
        {
            throw new InvalidOperationException($"containerd did not start again:\n{_daemon!.LogTail}");
        }
    }

    /// <summary>What a test that failed has stopped or suspended is there for the next one.</summary>
    public async Task EnsureRunningAsync()
    {
        ResumeDaemon();
        if (_daemon!.HasExited)
        {
            await StartDaemonAsync();
        }
    }

    public async Task RestartAsync()
    {
        await StopDaemonAsync();
        await StartDaemonAsync();
    }

    /// <summary>SIGSTOP: its socket takes connections and answers nothing.</summary>
    public void SuspendDaemon() => _daemon!.Send(Signal.Stop);

    public void ResumeDaemon() => _daemon!.Send(Signal.Continue);

    /// <summary>The shims, which outlive containerd and name its socket in their arguments, and what runs in their containers.</summary>
    public IReadOnlyList<int> ShimProcesses() => ProcessTree.WithDescendants(IsShim);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is { HasExited: false })
        {
            await TryRemoveSandboxesAsync();
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        KillShims();
        RunningChildren.RemoveLeftovers(KillShims);
        Cri.Dispose();
        _scratch.Dispose();
    }

    /// <summary>Ends what a runtime that was away or stuck could not end itself.</summary>
    private void KillShims()
    {
        foreach (var processId in ShimProcesses())
        {
            Signals.Send(processId, Signal.Kill);
        }
    }

    /// <summary>
    /// The native snapshotter works on every file system. Pods share the network of the machine and need no CNI, and adjusting the
    /// score of the out-of-memory killer takes a capability that root in a container lacks. Newer versions open NRI's socket at a path
    /// of the machine.
    /// </summary>
    private string Configuration() => $"""
        version = 2
        root = "{_scratch.PathOf("data")}"
        state = "{_scratch.PathOf("state")}"
        disabled_plugins = ["io.containerd.nri.v1.nri"]
        [grpc]
          address = "{SocketPath}"
        [plugins."io.containerd.internal.v1.opt"]
          path = "{_scratch.PathOf("opt")}"
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "{BusyboxImage.Name}"
          restrict_oom_score_adj = true
          disable_apparmor = true
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "{_scratch.PathOf("cni")}"
            conf_dir = "{_scratch.PathOf("cni")}"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "native"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
        """;

    private bool IsShim(string arguments) =>
        arguments.Contains("containerd-shim", StringComparison.Ordinal) && arguments.Contains(SocketPath, StringComparison.Ordinal);

    private async Task<bool> TryStartDaemonAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        var daemon = _daemon = ChildProcess.Start(
            _scratch.PathOf("containerd.log"), InstalledPrograms.Find("containerd")!, "--config", _scratch.PathOf("config.toml"));
        return await Eventually.TryAsync(async () => daemon.HasExited || await AnswersAsync(), StartDeadline) && !daemon.HasExited;
    }

    /// <summary>The CRI is Unimplemented until its plugin is up, and Unavailable until the daemon listens.</summary>
    private async Task<bool> AnswersAsync()
    {
        try
        {
            await Cri.ListContainersAsync();
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private async Task ImportImageAsync()
    {
        var archive = _scratch.PathOf("busybox.tar");
        await BusyboxImage.WriteArchiveAsync(archive, InstalledPrograms.Find("busybox")!);
        var imported = Command.Run(
            "ctr", "--address", SocketPath, "--namespace", "k8s.io", "images", "import", "--snapshotter", "native", archive);
        if (imported.ExitCode != 0)
        {
            throw new InvalidOperationException(imported.Everything);
        }

        // The CRI learns of an image by an event.
        await Eventually.TrueAsync(() => Cri.HasImageAsync(BusyboxImage.Name), () => $"the CRI knows {BusyboxImage.Name}.");
    }

    /// <summary>By the runtime's own hand no mount and no cgroup is left behind.</summary>
    private async Task TryRemoveSandboxesAsync()
    {
        try
        {
            foreach (var sandbox in await Cri.ListPodSandboxesAsync())
            {
                await Cri.StopPodSandboxAsync(sandbox);
                await Cri.RemovePodSandboxAsync(sandbox);
            }
        }
        catch (RpcException)
        {
            // It does not answer; its processes are ended by signal then.
        }
    }
}
