using System.IO.Enumeration;
using LogPilot.Agent.Declarations;
using LogPilot.Linux;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>
/// Finds the files of sources and keeps looking: watches every directory on the way to them, and says which files came, grew
/// and lost their names.
/// </summary>
/// <remarks>
/// Two inotify instances, since they are read at different times. Names that come and go are urgent: a log may be deleted
/// again within milliseconds. Growth is not: while a batch waits for company, it need not wake anybody.
/// </remarks>
internal sealed class FileFinder : IDisposable
{
    private const InotifyEvents StructureEvents = InotifyEvents.Create | InotifyEvents.Delete
        | InotifyEvents.MovedFrom | InotifyEvents.MovedTo | InotifyEvents.DeleteSelf | InotifyEvents.MoveSelf;

    private readonly Inotify _structure = new();
    private readonly Inotify _growth = new();
    private readonly StructureHandler _structureHandler;
    private readonly GrowthHandler _growthHandler;
    private readonly Dictionary<int, WatchedDirectory> _byStructureWatch = [];
    private readonly Dictionary<int, WatchedDirectory> _byGrowthWatch = [];
    private readonly List<WatchedDirectory> _unwatched = [];
    private readonly HashSet<WatchedDirectory> _polled = [];
    private readonly HashSet<WatchedDirectory> _toScan = [];
    private readonly HashSet<string> _refusedPaths = [];
    private readonly SafeFileHandle _hostRoot;
    private readonly string _hostRootPath;
    private readonly IFoundFiles _files;
    private readonly ILogger _log;

    public FileFinder(TailOptions options, IFoundFiles files, ILogger log)
    {
        _hostRoot = LinuxFile.OpenRoot(options.HostRoot);
        _hostRootPath = options.HostRoot.TrimEnd('/');
        _files = files;
        _log = log;
        _structureHandler = new StructureHandler(this);
        _growthHandler = new GrowthHandler(this);
    }

    /// <summary>Readable when a name came or went.</summary>
    public SafeFileHandle StructureHandle => _structure.Handle;

    /// <summary>Readable when a file grew.</summary>
    public SafeFileHandle GrowthHandle => _growth.Handle;

    /// <summary>How many directories <see cref="ScanPolled"/> looks at.</summary>
    public int PolledDirectories => _polled.Count;

    /// <summary>Starts looking for a source's files. A root that is not there yet is tried again by <see cref="ScanAll"/>.</summary>
    public void Add(FileSource source)
    {
        Await(new DirectoryInterest(source, "", 0, 0));
        ScanMarked();
    }

    /// <summary>Stops looking for a source's files. Those that are open stay so.</summary>
    public void Remove(FileSource source)
    {
        foreach (var directory in AllDirectories())
        {
            if (directory.Interests.RemoveAll(interest => interest.Source == source) > 0 && directory.Interests.Count == 0)
            {
                Forget(directory);
            }
        }
    }

    /// <summary>Looks at everything that the kernel has told since the last call.</summary>
    public void Drain()
    {
        _structure.Drain(_structureHandler);
        ScanMarked();
        _growth.Drain(_growthHandler);
    }

    /// <summary>Looks at every directory, for what no event told.</summary>
    public void ScanAll(IEnumerable<FileSource> sources)
    {
        foreach (var source in sources)
        {
            Await(new DirectoryInterest(source, "", 0, 0));
        }

        _toScan.UnionWith(AllDirectories());
        ScanMarked();
    }

    /// <summary>Looks at the directories in which events do not tell everything.</summary>
    public void ScanPolled()
    {
        foreach (var directory in _polled)
        {
            _toScan.Add(directory);
            foreach (var file in directory.Files)
            {
                _files.Grown(file);
            }
        }

        ScanMarked();
    }

    public void Dispose()
    {
        _structure.Dispose();
        _growth.Dispose();
        _hostRoot.Dispose();
    }

    private List<WatchedDirectory> AllDirectories() => [.. _byStructureWatch.Values, .. _unwatched];

    private void ScanMarked()
    {
        // A scan may find directories to scan, so this goes on until none is left.
        while (_toScan.Count > 0)
        {
            var directory = _toScan.First();
            _toScan.Remove(directory);
            Scan(directory);
        }
    }

    private void Await(DirectoryInterest interest)
    {
        using var handle = OpenDirectory(interest);
        if (handle is null)
        {
            return;
        }

        var directory = Watch(handle, interest);
        if (directory.Interests.Contains(interest))
        {
            return;
        }

        directory.Interests.Add(interest);
        _toScan.Add(directory);
        if (directory.GrowthWatch < 0 && (interest.IsLast || interest.Source.Pattern.Parts[interest.Part] == FilePattern.AnyDirectories))
        {
            directory.GrowthWatch = _growth.TryAdd(handle, InotifyEvents.Modify, out _);
            if (directory.GrowthWatch >= 0)
            {
                _byGrowthWatch[directory.GrowthWatch] = directory;
            }
            else
            {
                _polled.Add(directory);
            }
        }
    }

    private WatchedDirectory Watch(SafeFileHandle handle, DirectoryInterest interest)
    {
        var watch = _structure.TryAdd(handle, StructureEvents, out var errno);
        if (watch >= 0)
        {
            if (!_byStructureWatch.TryGetValue(watch, out var known))
            {
                known = new WatchedDirectory(watch);
                _byStructureWatch.Add(watch, known);
                if (LinuxFile.IsOnRemoteFileSystem(handle))
                {
                    _polled.Add(known);
                }
            }

            return known;
        }

        var unwatched = _unwatched.Find(one => one.Interests.Contains(interest));
        if (unwatched is null)
        {
            _log.CannotWatch(HostPath(interest, ""), errno);
            unwatched = new WatchedDirectory(-1);
            _unwatched.Add(unwatched);
            _polled.Add(unwatched);
        }

        return unwatched;
    }

    private void Forget(WatchedDirectory directory)
    {
        _toScan.Remove(directory);
        _unwatched.Remove(directory);
        _polled.Remove(directory);
        if (directory.StructureWatch >= 0 && _byStructureWatch.Remove(directory.StructureWatch))
        {
            _structure.Remove(directory.StructureWatch);
        }

        if (directory.GrowthWatch >= 0 && _byGrowthWatch.Remove(directory.GrowthWatch))
        {
            _growth.Remove(directory.GrowthWatch);
        }
    }

    private void Scan(WatchedDirectory directory)
    {
        var before = directory.Files.ToList();
        var found = new List<(string Name, TailedFile File)>();
        List<string>? names = null;
        foreach (var interest in directory.Interests.ToArray())
        {
            using var handle = OpenDirectory(interest);
            if (handle is null)
            {
                continue;
            }

            if (!IsWatched(directory, handle))
            {
                // It was renamed, and its name leads to another directory by now.
                directory.Interests.Remove(interest);
                Await(interest);
                continue;
            }

            names ??= List(handle);
            foreach (var name in names)
            {
                Consider(directory, interest, handle, name, found);
            }
        }

        directory.SetFiles(found);
        foreach (var (_, file) in found)
        {
            file.Home = directory;
            file.Orphaned = false;
        }

        foreach (var file in before)
        {
            if (file.Home == directory && !found.Exists(one => one.File == file))
            {
                _files.Orphaned(file);
            }
        }

        if (directory.Interests.Count == 0)
        {
            Forget(directory);
        }
    }

    // The same directory again gives the same number.
    private bool IsWatched(WatchedDirectory directory, SafeFileHandle handle) =>
        directory.StructureWatch < 0 || _structure.TryAdd(handle, StructureEvents, out _) == directory.StructureWatch;

    private void Consider(
        WatchedDirectory directory,
        DirectoryInterest interest,
        SafeFileHandle handle,
        string name,
        List<(string Name, TailedFile File)> found)
    {
        var part = interest.Source.Pattern.Parts[interest.Part];
        if (part == FilePattern.AnyDirectories)
        {
            // Any directories may also be none, so the next part is looked for here as well.
            Consider(directory, interest with { Part = interest.Part + 1 }, handle, name, found);
            if (interest.Depth < FilePattern.RecursionMax && IsDirectory(handle, name))
            {
                Await(interest with { Path = Below(interest.Path, name), Depth = interest.Depth + 1 });
            }
        }
        else if (!Wildcard.IsMatch(part, name))
        {
        }
        else if (!interest.IsLast)
        {
            Await(new DirectoryInterest(interest.Source, Below(interest.Path, name), interest.Part + 1, 0));
        }
        else if (!IsCompressed(name) && Offer(directory, interest, handle, name) is { } file)
        {
            found.Add((name, file));
        }
    }

    private TailedFile? Offer(WatchedDirectory directory, DirectoryInterest interest, SafeFileHandle handle, string name)
    {
        // The usual case of a scan is that nothing has changed, and that costs one statx and no descriptor.
        if (directory.Find(name, interest.Source) is { IsClosed: false } known
            && LinuxFile.TryStatEntry(handle, name, out var entry)
            && entry.Kind == FileKind.Regular
            && FileIdentity.Of(entry) == known.Identity)
        {
            return known;
        }

        using var root = OpenRoot(interest.Source);
        var path = HostPath(interest, name);
        var file = root is null
            ? null
            : LinuxFile.TryOpenInRoot(root, Below(interest.Path, name), OpenKind.Read, out var errno) ?? Refuse(path, errno);
        if (file is null)
        {
            return null;
        }

        var stat = LinuxFile.Stat(file);
        if (stat.Kind != FileKind.Regular)
        {
            file.Dispose();
            if (stat.Kind == FileKind.Other && _refusedPaths.Add(path))
            {
                _log.NotARegularFile(path, interest.Source.OwnerName);
            }

            return null;
        }

        return _files.Offer(interest.Source, FileIdentity.Of(stat), path, file);
    }

    private SafeFileHandle? Refuse(string path, Errno errno)
    {
        // What is not there yet, or no longer, is no failure; nor is a file where a pattern wants a directory.
        if (errno is not (Errno.ENOENT or Errno.ENOTDIR) && _refusedPaths.Add(path))
        {
            _log.CannotOpen(path, errno);
        }

        return null;
    }

    private SafeFileHandle? OpenRoot(FileSource source) =>
        LinuxFile.TryOpenInRoot(_hostRoot, source.Pattern.Root, OpenKind.Root, out var errno)
            ?? Refuse(_hostRootPath + source.Pattern.Root, errno);

    private SafeFileHandle? OpenDirectory(DirectoryInterest interest)
    {
        using var root = OpenRoot(interest.Source);
        return root is null
            ? null
            : LinuxFile.TryOpenInRoot(root, Below(interest.Path, "."), OpenKind.Directory, out var errno)
                ?? Refuse(HostPath(interest, ""), errno);
    }

    private string HostPath(DirectoryInterest interest, string name) =>
        $"{_hostRootPath}{interest.Source.Pattern.Root.TrimEnd('/')}/{Below(interest.Path, name)}";

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";

    private static bool IsDirectory(SafeFileHandle directory, string name) =>
        LinuxFile.TryStatEntry(directory, name, out var stat) && stat.Kind == FileKind.Directory;

    private static bool IsCompressed(string name) => Path.GetExtension(name) is ".gz" or ".bz2" or ".xz" or ".zst";

    private static List<string> List(SafeFileHandle directory)
    {
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true };
        try
        {
            return [.. new FileSystemEnumerable<string>(
                LinuxFile.PathOf(directory), (ref entry) => entry.FileName.ToString(), options)];
        }
        catch (IOException)
        {
            // The directory went away while it was listed: it has no names.
            return [];
        }
    }

    private sealed class StructureHandler(FileFinder finder) : IInotifyHandler
    {
        public void OnEvent(int watch, InotifyEvents events, ReadOnlySpan<byte> name)
        {
            if (events.HasFlag(InotifyEvents.Overflow))
            {
                finder._log.EventsOverflowed();
                finder._toScan.UnionWith(finder.AllDirectories());
            }
            else if (!finder._byStructureWatch.TryGetValue(watch, out var directory))
            {
            }
            else if (events.HasFlag(InotifyEvents.Ignored))
            {
                finder._byStructureWatch.Remove(watch);
                finder.Forget(directory);
                foreach (var file in directory.Files.Where(file => file.Home == directory))
                {
                    finder._files.Orphaned(file);
                }
            }
            else if (name.IsEmpty || directory.Wants(name))
            {
                finder._toScan.Add(directory);
            }
        }
    }

    private sealed class GrowthHandler(FileFinder finder) : IInotifyHandler
    {
        public void OnEvent(int watch, InotifyEvents events, ReadOnlySpan<byte> name)
        {
            if (events.HasFlag(InotifyEvents.Overflow))
            {
                foreach (var file in finder.AllDirectories().SelectMany(one => one.Files))
                {
                    finder._files.Grown(file);
                }
            }
            else if (finder._byGrowthWatch.TryGetValue(watch, out var directory) && directory.TryGetFiles(name, out var files))
            {
                foreach (var file in files)
                {
                    finder._files.Grown(file);
                }
            }
        }
    }
}

/// <summary>Hears what a <see cref="FileFinder"/> finds.</summary>
internal interface IFoundFiles
{
    /// <summary>A file has, or may have, a matching name. Takes the handle over.</summary>
    /// <returns>The file being read: a new one, or the one that was known under another name; null if it is not read.</returns>
    TailedFile? Offer(FileSource source, FileIdentity identity, string path, SafeFileHandle handle);

    /// <summary>There may be something new to read.</summary>
    void Grown(TailedFile file);

    /// <summary>No matching name leads to the file any more.</summary>
    void Orphaned(TailedFile file);
}
