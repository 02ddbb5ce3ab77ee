using LogPilot.Agent.Containers;
using LogPilot.Agent.Containers.Cri;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Files;

/// <summary>One declared log of one container, or of the host, as files to read.</summary>
internal sealed class FileSource
{
    /// <summary>The container that declared it; null for a log of the host.</summary>
    public ContainerSnapshot? Container { get; set; }

    public required LogDeclaration Declaration { get; init; }

    public required FileLayout Layout { get; init; }

    public required FilePattern Pattern { get; init; }

    /// <summary>The runtime writes the files, for this container alone; otherwise a program does.</summary>
    public bool IsOfRuntime => Layout != FileLayout.Raw;

    /// <summary>The container has ended: what its files hold now is all, and a last line without a newline is a line.</summary>
    public bool Ended { get; set; }

    /// <summary>The container is gone: the source is forgotten as soon as its files are drained.</summary>
    public bool Removed { get; set; }

    /// <summary>It was said that its pattern matches more files than one declaration may have open.</summary>
    public bool IsCrowded { get; set; }

    public string OwnerName => Container?.Name ?? "host";

    /// <summary>How the runtime writes the standard output of a container; null where it writes no file of it.</summary>
    public static FileLayout? StdoutLayoutOf(ContainerSnapshot container) => container.LogPath.Length == 0 ? null : container.LogDriver switch
    {
        DockerInspection.JsonFile => FileLayout.JsonFile,
        CriContainer.LogDriver => FileLayout.Cri,
        _ => null,
    };
}

/// <summary>How lines stand in a file.</summary>
internal enum FileLayout
{
    /// <summary>As the program wrote them.</summary>
    Raw,

    /// <summary>One JSON object a line, by Docker's json-file driver.</summary>
    JsonFile,

    /// <summary>A time, a stream and a tag before each line, by a runtime that kubelet drives.</summary>
    Cri,
}
