namespace LogPilot.Agent.Containers;

/// <summary>What a runtime says about one container at one moment; the same type for Docker and CRI.</summary>
internal sealed record ContainerSnapshot
{
    /// <summary>The runtime's full id, 64 hexadecimal digits for Docker.</summary>
    public required string Id { get; init; }

    /// <summary>The name without Docker's leading slash.</summary>
    public required string Name { get; init; }

    public string Image { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary><c>KEY=VALUE</c> entries in the runtime's order; later entries win.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Docker's log driver, such as <c>json-file</c>.</summary>
    public string LogDriver { get; init; } = "";

    /// <summary>Where the runtime writes standard output on the host, without the host root; empty where it writes no file.</summary>
    public string LogPath { get; init; } = "";

    public ContainerState State { get; init; }
}

/// <summary>One mount of a container: <see cref="Source"/> on the host appears at <see cref="Destination"/>.</summary>
internal sealed record ContainerMount(string Type, string Source, string Destination);

/// <summary>Where a container stands in its life, as far as collecting its logs is concerned.</summary>
internal enum ContainerState
{
    /// <summary>Made, not started yet: nothing was written, but its files can be awaited.</summary>
    Created,
    Running,

    /// <summary>Its process has ended; its files grow no more until it is started again.</summary>
    Ended,
}
