namespace LogPilot.Agent.Files;

/// <summary>How files are found and read.</summary>
internal sealed record TailOptions
{
    /// <summary>Where the host's root directory is seen, <c>LOGPILOT_HOST_ROOT</c>.</summary>
    public string HostRoot { get; init; } = "/";

    /// <summary>Bytes read from one file before the next has its turn; large enough that a read costs little beside its bytes.</summary>
    public int ChunkBytes { get; init; } = 256 * 1024;

    /// <summary>How often directories are compared with what inotify said, <c>LOGPILOT_SCAN_INTERVAL</c>.</summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Files that one declaration may have open at a time, <c>LOGPILOT_FILES_MAX</c>: a container cannot exhaust the agent.</summary>
    public int FilesPerDeclarationMax { get; init; } = 1000;
}
