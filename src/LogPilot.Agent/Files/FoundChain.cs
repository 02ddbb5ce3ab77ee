using LogPilot.Linux;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>What one scan of a directory saw of one log: the file that is written now and those rotated away, oldest first.</summary>
/// <param name="Directory">Its path as the agent sees it.</param>
/// <param name="Base">The name of the file that is written now.</param>
internal sealed record FoundChain(FileSource Source, string Directory, string Base, IReadOnlyList<FoundFile> Files);

/// <summary>One name that a scan saw, and the file behind it.</summary>
internal sealed class FoundFile(HostTree tree, DirectoryInterest interest, string name, RotatedName rotation) : IDisposable
{
    private SafeFileHandle? _handle;

    public string Name => name;

    public RotatedName Rotation => rotation;

    /// <summary>The source's pattern matches the name itself, not only the name from which it was rotated away.</summary>
    public bool IsMatch { get; } = Declarations.Wildcard.IsMatch(interest.PatternPart, name);

    public FileIdentity Identity { get; private set; }

    public FileStat Stat { get; private set; }

    /// <summary>
    /// When its text was put together, in nanoseconds since 1970. A compressed file is made later than what it was compressed from, which
    /// is gone, but gzip and logrotate leave it the time at which that was written last.
    /// </summary>
    public long MadeAt { get; private set; }

    public string Path => tree.PathOf(interest, name);

    /// <summary>Looks at what is behind the name; false if it is nothing to read.</summary>
    /// <param name="directory">The directory that has the name.</param>
    public bool TryLook(SafeFileHandle directory)
    {
        // One statx and no descriptor, unless a symbolic link has to be followed.
        if (LinuxFile.TryStatEntry(directory, name, out var entry) && entry.Kind == FileKind.Regular)
        {
            Stat = entry;
        }
        else if (tree.OpenFile(interest, name, out var stat) is { } handle)
        {
            _handle = handle;
            Stat = stat;
        }
        else
        {
            return false;
        }

        Identity = FileIdentity.Of(Stat);
        MadeAt = MadeAtOf(Stat);
        return true;
    }

    public bool WasWrittenAfter(DateTimeOffset time) => Stat.ModifyNanoseconds / 1_000_000 > time.ToUnixTimeMilliseconds();

    /// <summary>Whether the directory has, at this moment, the file that this one was compressed from.</summary>
    public bool HasOriginal => rotation.IsCompressed && tree.Has(interest, name[..^rotation.Compression.Length]);

    /// <summary>Opens the file; the caller owns the handle.</summary>
    /// <returns>Null if it may not be opened, or the name leads to another file by now: the scan that this causes will see it.</returns>
    public SafeFileHandle? TryOpen()
    {
        if (_handle is { } held)
        {
            _handle = null;
            return held;
        }

        var handle = tree.OpenFile(interest, name, out var stat);
        if (handle is not null && FileIdentity.Of(stat) != Identity)
        {
            handle.Dispose();
            return null;
        }

        MadeAt = MadeAtOf(stat);
        return handle;
    }

    public void Dispose() => _handle?.Dispose();

    private long MadeAtOf(in FileStat stat) =>
        rotation.IsCompressed ? Math.Min(stat.BirthNanoseconds, stat.ModifyNanoseconds) : stat.BirthNanoseconds;
}
