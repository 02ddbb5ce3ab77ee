using LogPilot.Aot.Tests.Support.Cri;

namespace LogPilot.Aot.Tests.Support;

/// <summary>
/// One pod, with the part of kubelet played by the test: sandbox, labels and the directory of its logs are as kubelet makes them.
/// </summary>
internal sealed class Pod : IAsyncDisposable
{
    private readonly Containerd _containerd;
    private readonly PodSandboxConfig _config;
    private readonly List<PodContainer> _containers = [];

    private Pod(Containerd containerd, string name, string @namespace)
    {
        _containerd = containerd;
        Name = name;
        Namespace = @namespace;
        Uid = Guid.NewGuid().ToString();
        LogDirectory = Path.Combine(containerd.PodLogRoot, $"{Namespace}_{Name}_{Uid}");
        _config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = Name, Namespace = Namespace, Uid = Uid },
            LogDirectory = LogDirectory,
            Labels = { Labels },
            Linux = new LinuxPodSandboxConfig { SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = HostNamespaces } },
        };
    }

    public string Name { get; }

    public string Namespace { get; }

    public string Uid { get; }

    /// <summary><c>/var/log/pods/NAMESPACE_NAME_UID</c> on a node.</summary>
    public string LogDirectory { get; }

    public string SandboxId { get; private set; } = "";

    public Dictionary<string, string> Labels => new()
    {
        ["io.kubernetes.pod.name"] = Name,
        ["io.kubernetes.pod.namespace"] = Namespace,
        ["io.kubernetes.pod.uid"] = Uid,
    };

    /// <summary>Those of the machine: a network of its own needs CNI.</summary>
    public static NamespaceOption HostNamespaces => new()
    {
        Network = NamespaceMode.Node,
        Pid = NamespaceMode.Node,
        Ipc = NamespaceMode.Node,
    };

    /// <summary>Makes the directory of its logs and starts the sandbox.</summary>
    public static async Task<Pod> RunAsync(Containerd containerd, string name, string @namespace = "shop")
    {
        var pod = new Pod(containerd, name, @namespace);
        Directory.CreateDirectory(pod.LogDirectory);
        pod.SandboxId = await containerd.Cri.RunPodSandboxAsync(pod._config);
        return pod;
    }

    /// <summary>Creates and starts a container of the pod.</summary>
    public async Task<PodContainer> RunAsync(PodContainerRequest request)
    {
        var container = await PodContainer.RunAsync(_containerd.Cri, this, _config, request, attempt: 0);
        _containers.Add(container);
        return container;
    }

    /// <summary>
    /// Starts the container again, as kubelet does once it has ended or its probe failed: as a new container of the runtime with a log
    /// of its own. The old one and its log stay until they are removed.
    /// </summary>
    public async Task<PodContainer> RestartAsync(PodContainer container)
    {
        await container.StopAsync();
        var restarted = await PodContainer.RunAsync(_containerd.Cri, this, _config, container.Request, container.Attempt + 1);
        _containers.Add(restarted);
        return restarted;
    }

    /// <summary>
    /// What is left of a pod that was deleted: kubelet ends the containers, then the sandbox, removes each container with its logs,
    /// then the sandbox and the directory. Once it is gone a second call does nothing.
    /// </summary>
    public async Task DeleteAsync()
    {
        foreach (var container in _containers)
        {
            await container.StopAsync();
        }

        await _containerd.Cri.StopPodSandboxAsync(SandboxId);
        foreach (var container in _containers)
        {
            await container.RemoveAsync();
        }

        await _containerd.Cri.RemovePodSandboxAsync(SandboxId);
        if (Directory.Exists(LogDirectory))
        {
            Directory.Delete(LogDirectory, recursive: true);
        }

        _containers.Clear();
    }

    /// <summary>Deletes the pod, however its test ends.</summary>
    public async ValueTask DisposeAsync() => await DeleteAsync();
}
