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

    // Each runtime has one socket, which is at the first of these places where it is found: /var/run is a link to /run, and below the
    // root of a host leads nowhere.
    public IReadOnlyList<string> DockerSockets { get; init; } = ["/var/run/docker.sock", "/run/docker.sock"];

    public IReadOnlyList<string> ContainerdSockets { get; init; } =
        ["/run/containerd/containerd.sock", "/var/run/containerd/containerd.sock"];

    /// <summary>The containerd that k3s and RKE2 bring along.</summary>
    public IReadOnlyList<string> K3sSockets { get; init; } = ["/run/k3s/containerd/containerd.sock"];

    public IReadOnlyList<string> CrioSockets { get; init; } = ["/run/crio/crio.sock", "/var/run/crio/crio.sock"];
}
