using System.Globalization;
using LogPilot.Aot.Tests.Support.Cri;

namespace LogPilot.Aot.Tests.Support;

/// <summary>One container of a pod in one attempt, and its log in the hands of kubelet.</summary>
internal sealed class PodContainer
{
    private readonly CriClient _cri;

    private PodContainer(CriClient cri, Pod pod, PodContainerRequest request, int attempt, string id)
    {
        _cri = cri;
        Request = request;
        Attempt = attempt;
        Id = id;
        LogPath = Path.Combine(pod.LogDirectory, LogName(request, attempt));
        Log = new PodLog(LogPath, () => cri.ReopenContainerLogAsync(id));
        DockerName = $"k8s_{request.Name}_{pod.Name}_{pod.Namespace}_{pod.Uid}_{attempt}";
    }

    public PodContainerRequest Request { get; }

    public int Attempt { get; }

    public string Id { get; }

    /// <summary>The name that kubelet gave it on Docker.</summary>
    public string DockerName { get; }

    /// <summary><c>NAMESPACE_NAME_UID/CONTAINER/ATTEMPT.log</c>.</summary>
    public string LogPath { get; }

    public PodLog Log { get; }

    public static async Task<PodContainer> RunAsync(
        CriClient cri, Pod pod, PodSandboxConfig sandbox, PodContainerRequest request, int attempt)
    {
        Directory.CreateDirectory(Path.Combine(pod.LogDirectory, request.Name));
        var id = await cri.CreateContainerAsync(pod.SandboxId, Config(pod, request, attempt), sandbox);
        await cri.StartContainerAsync(id);
        return new PodContainer(cri, pod, request, attempt, id);
    }

    public async Task<ContainerStatus> StatusAsync() => (await _cri.ContainerStatusAsync(Id)).Status;

    /// <summary>Waits until the runtime has logged a text of the container.</summary>
    public Task WaitForTextAsync(string text) => Eventually.TrueAsync(
        () => File.Exists(LogPath) && File.ReadAllText(LogPath).Contains(text, StringComparison.Ordinal),
        () => $"container {DockerName} prints {text}.");

    /// <summary>Waits for the end of the container's process.</summary>
    public Task WaitForExitAsync() => Eventually.TrueAsync(
        async () => (await StatusAsync()).State == ContainerState.ContainerExited, () => $"container {DockerName} ends.");

    public Task StopAsync() => _cri.StopContainerAsync(Id, grace: TimeSpan.FromSeconds(5));

    /// <summary>As kubelet collects a dead container: its logs first, the rotated ones among them, then the container.</summary>
    public async Task RemoveAsync()
    {
        Log.Remove();
        await _cri.RemoveContainerAsync(Id);
    }

    private static ContainerConfig Config(Pod pod, PodContainerRequest request, int attempt) => new()
    {
        Metadata = new ContainerMetadata { Name = request.Name, Attempt = (uint)attempt },
        Image = new ImageSpec { Image = BusyboxImage.Name },
        Command = { "sh", "-c", request.Script },
        Envs = { request.Env.Select(entry => entry.Split('=', 2)).Select(entry => new KeyValue { Key = entry[0], Value = entry[1] }) },
        Mounts = { request.Mounts.Select(mount => new Mount { ContainerPath = mount.Key, HostPath = mount.Value }) },
        Labels = { pod.Labels, { "io.kubernetes.container.name", request.Name } },
        Annotations = { { "io.kubernetes.container.restartCount", attempt.ToString(CultureInfo.InvariantCulture) } },
        LogPath = LogName(request, attempt),
        Tty = request.Terminal,
        Linux = new LinuxContainerConfig { SecurityContext = new LinuxContainerSecurityContext { NamespaceOptions = Pod.HostNamespaces } },
    };

    private static string LogName(PodContainerRequest request, int attempt) =>
        Path.Combine(request.Name, attempt.ToString(CultureInfo.InvariantCulture) + ".log");
}
