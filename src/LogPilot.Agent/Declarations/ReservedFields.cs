namespace LogPilot.Agent.Declarations;

/// <summary>The fields that only the agent writes, so that nothing a container declares can forge one.</summary>
internal static class ReservedFields
{
    private static readonly HashSet<string> Names =
    [
        "@timestamp", "message", "source", "offset", "stream", "index", "topic", "log",
        "docker_container", "docker_app", "docker_service", "docker_container_id", "docker_image",
        "k8s_pod", "k8s_pod_namespace", "k8s_container_name", "k8s_node_name", "k8s_pod_uid",
    ];

    /// <summary>To the server <c>a.b</c> is the member <c>b</c> of <c>a</c>, so only the first part counts.</summary>
    public static bool Has(string key) =>
        Names.Contains(key.Split('.')[0])
        || key.StartsWith("docker_label_", StringComparison.Ordinal)
        || key.StartsWith("docker_env_", StringComparison.Ordinal);
}
