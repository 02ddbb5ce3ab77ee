namespace LogPilot.Aot.Options;

/// <summary>The paths that mean something without being configured.</summary>
internal sealed record WellKnownPaths
{
    /// <summary>Where containers mount the root directory of the host.</summary>
    public string MountedHostRoot { get; init; } = "/host";

    public string StateDirectory { get; init; } = "/var/lib/logpilot";

    /// <summary>Where manifests of log-pilot keep Filebeat's state, and its registry is found.</summary>
    public string FilebeatStateDirectory { get; init; } = "/var/lib/filebeat";

    /// <summary>log-pilot's secret: <c>user:password</c>.</summary>
    public string CredentialFile { get; init; } = "/run/secrets/es_credential";

    // Below the root of a host /var/run leads nowhere: it is a link to /run.
    public IReadOnlyList<string> DockerSockets { get; init; } = ["/var/run/docker.sock", "/run/docker.sock"];

    /// <summary>Of containerd itself, and of k3s.</summary>
    public IReadOnlyList<string> ContainerdSockets { get; init; } =
        ["/run/containerd/containerd.sock", "/var/run/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock"];

    public IReadOnlyList<string> CrioSockets { get; init; } = ["/run/crio/crio.sock", "/var/run/crio/crio.sock"];
}
