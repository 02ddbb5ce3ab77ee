using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>One open file that is being read for one source. Owned by the <see cref="Tailer"/>.</summary>
internal sealed class TailedFile : IDisposable
{
    public TailedFile(FileSource source, FileIdentity identity, string path, SafeFileHandle? handle = null)
    {
        Source = source;
        Identity = identity;
        Path = path;
        Handle = handle ?? new SafeFileHandle();
    }

    public FileSource Source { get; }

    public FileIdentity Identity { get; }

    /// <summary>The path by which it was found, host root included: the field <c>source</c>.</summary>
    public string Path { get; }

    public SafeFileHandle Handle { get; }

    /// <summary>Set once, directly after it was opened.</summary>
    public IFileReader Reader { get; set; } = null!;

    /// <summary>Counts the times that reading was taken back to an earlier position.</summary>
    public uint Epoch { get; set; }

    /// <summary>The size when it was last read; smaller than the position after a truncation.</summary>
    public long Size { get; set; }

    /// <summary>Where the search for the end of the line at the reader's position goes on.</summary>
    public long ScannedTo { get; set; }

    /// <summary>When it last had new bytes, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long GrownAt { get; set; }

    /// <summary>It waits in the queue of files to read.</summary>
    public bool Queued { get; set; }

    /// <summary>Not to be read before, by <see cref="TimeProvider.GetTimestamp"/>: the cluster does not take its index.</summary>
    public long RestsUntil { get; set; }

    /// <summary>The directory in which it was found last.</summary>
    public WatchedDirectory? Home { get; set; }

    /// <summary>No name that the pattern matches leads to it any more: rotated away or deleted.</summary>
    public bool Orphaned { get; set; }

    /// <summary>It was let go; a directory may still know it from its last scan.</summary>
    public bool IsClosed => Handle.IsClosed;

    public void Dispose() => Handle.Dispose();
}
