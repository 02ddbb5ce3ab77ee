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

    /// <summary>
    /// Bytes of deleted files that may be held open until they are delivered, <c>LOGPILOT_HELD_BYTES_MAX</c>: an hour of 1 MiB a second.
    /// </summary>
    public long HeldBytesMax { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>
    /// Below this share of free space of a file system, deleted files are not held on it, <c>LOGPILOT_DISK_FREE_PERCENT_MIN</c>: half of
    /// what kubelet begins to evict pods at.
    /// </summary>
    public int DiskFreePercentMin { get; init; } = 5;
}
