namespace LogPilot.Aot.Tests.Support;

/// <summary>What a container of a pod declares and does.</summary>
internal sealed record PodContainerRequest
{
    /// <summary>Run by the image's <c>sh -c</c>.</summary>
    public required string Script { get; init; }

    /// <summary>The name in the pod's specification.</summary>
    public string Name { get; init; } = "app";

    /// <summary><c>KEY=VALUE</c> each.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Directories of the host by their path in the container: what kubelet makes of hostPath and emptyDir alike.</summary>
    public IReadOnlyDictionary<string, string> Mounts { get; init; } = new Dictionary<string, string>();

    /// <summary>With a terminal there is one stream and each line ends with a carriage return.</summary>
    public bool Terminal { get; init; }
}
