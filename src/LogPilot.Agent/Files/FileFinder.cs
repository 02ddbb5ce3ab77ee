using LogPilot.Agent.Declarations;
using LogPilot.Linux;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>
/// Finds the files of sources and keeps looking: watches every directory on the way to them, and says which files came, grew
/// and lost their names.
/// </summary>
internal sealed class FileFinder : IWatchedDirectories, IDisposable
{
    private const int ScansMax = 8;

    private readonly HostTree _tree;
    private readonly DirectoryWatches _watches;
    private readonly HashSet<WatchedDirectory> _toScan = [];
    private readonly IFoundFiles _files;

    public FileFinder(TailOptions options, IFoundFiles files, ILogger log)
    {
        _tree = new HostTree(options.HostRoot, log);
        _watches = new DirectoryWatches(this, log);
        _files = files;
    }

    /// <summary>Readable when a name came or went.</summary>
    public SafeFileHandle StructureHandle => _watches.StructureHandle;

    /// <summary>Readable when a file grew.</summary>
    public SafeFileHandle GrowthHandle => _watches.GrowthHandle;

    /// <summary>How many directories <see cref="ScanPolled"/> looks at.</summary>
    public int PolledDirectories => _watches.Polled.Count;

    /// <summary>Starts looking for a source's files. A root that is not there yet is tried again by <see cref="ScanAll"/>.</summary>
    public void Add(FileSource source)
    {
        Await(new DirectoryInterest(source, "", 0, 0));
        ScanMarked();
    }

    /// <summary>Stops looking for a source's files. Those that are open stay so.</summary>
    public void Remove(FileSource source)
    {
        foreach (var directory in _watches.All)
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
        // What changes while a directory is scanned makes one moment out of two: a file may be in the scan, and the one that was
        // rotated away for it not. So it is scanned again, but not for ever.
        for (var scans = 0; scans < ScansMax; scans++)
        {
            _watches.DrainStructure();
            if (_toScan.Count == 0)
            {
                break;
            }

            ScanMarked();
        }

        _watches.DrainGrowth();
    }

    /// <summary>Looks at every directory, for what no event told.</summary>
    public void ScanAll(IEnumerable<FileSource> sources)
    {
        foreach (var source in sources)
        {
            Await(new DirectoryInterest(source, "", 0, 0));
        }

        _toScan.UnionWith(_watches.All);
        ScanMarked();
    }

    /// <summary>Looks at the directories in which events do not tell everything.</summary>
    public void ScanPolled()
    {
        foreach (var directory in _watches.Polled)
        {
            _toScan.Add(directory);
            foreach (var file in directory.Files)
            {
                _files.Grown(file);
            }
        }

        ScanMarked();
    }

    /// <summary>Looks at the directory of a file now.</summary>
    public void Rescan(TailedFile file)
    {
        if (file.Home is { } home && _watches.Has(home))
        {
            _toScan.Add(home);
            ScanMarked();
        }
    }

    /// <summary>Looks at all directories of a source at the next <see cref="Drain"/>.</summary>
    public void Rescan(FileSource source) =>
        _toScan.UnionWith(_watches.All.Where(one => one.Interests.Exists(interest => interest.Source == source)));

    public void NamesChanged(WatchedDirectory directory) => _toScan.Add(directory);

    public void Vanished(WatchedDirectory directory)
    {
        _toScan.Remove(directory);
        foreach (var file in directory.Files.Where(file => file.Home == directory))
        {
            _files.Orphaned(file);
        }
    }

    public void Grown(TailedFile file) => _files.Grown(file);

    public void Dispose()
    {
        _watches.Dispose();
        _tree.Dispose();
    }

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
        using var handle = _tree.OpenDirectory(interest);
        if (handle is null)
        {
            return;
        }

        if (_watches.TryAdd(handle, interest, _tree.PathOf(interest, ""), out var directory))
        {
            _toScan.Add(directory);
        }
    }

    private void Scan(WatchedDirectory directory)
    {
        var before = directory.Files.ToList();
        var found = new List<(string Name, TailedFile File)>();
        List<string>? names = null;
        foreach (var interest in directory.Interests.ToArray())
        {
            using var handle = _tree.OpenDirectory(interest);
            if (handle is null)
            {
                continue;
            }

            if (!_watches.IsWatched(directory, handle))
            {
                // It was renamed, and its name leads to another directory by now.
                directory.Interests.Remove(interest);
                Await(interest);
                continue;
            }

            names ??= HostTree.List(handle);
            Offer(interest, Look(interest, handle, names), found);
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

    private void Forget(WatchedDirectory directory)
    {
        _toScan.Remove(directory);
        _watches.Remove(directory);
    }

    // The files of one interest; what leads to further directories is followed on the way.
    private List<FoundFile> Look(DirectoryInterest interest, SafeFileHandle handle, List<string> names)
    {
        var found = new List<FoundFile>();
        if (interest.IsAnyDirectories)
        {
            // Any directories may also be none, so the next part is looked for here as well.
            found = Look(interest with { Part = interest.Part + 1 }, handle, names);
            foreach (var name in names)
            {
                if (interest.Depth < FilePattern.RecursionMax && IsDirectory(handle, name))
                {
                    Await(interest with { Path = HostTree.Below(interest.Path, name), Depth = interest.Depth + 1 });
                }
            }

            return found;
        }

        foreach (var name in names)
        {
            if (!interest.IsLast)
            {
                if (Wildcard.IsMatch(interest.PatternPart, name))
                {
                    Await(new DirectoryInterest(interest.Source, HostTree.Below(interest.Path, name), interest.Part + 1, 0));
                }
            }
            else if (interest.Wants(name, out var rotation))
            {
                var file = new FoundFile(_tree, interest, name, rotation);
                if (file.TryLook(handle))
                {
                    found.Add(file);
                }
            }
        }

        return found;
    }

    private void Offer(DirectoryInterest interest, List<FoundFile> files, List<(string Name, TailedFile File)> found)
    {
        foreach (var chain in files.GroupBy(file => file.Rotation.Base))
        {
            var oldestFirst = chain.ToList();
            oldestFirst.Sort((a, b) => RotatedName.CompareAge(a.Rotation, b.Rotation));
            found.AddRange(_files.Offer(new FoundChain(interest.Source, _tree.PathOf(interest, ""), chain.Key, oldestFirst)));
        }

        foreach (var file in files)
        {
            file.Dispose();
        }
    }

    private static bool IsDirectory(SafeFileHandle directory, string name) =>
        LinuxFile.TryStatEntry(directory, name, out var stat) && stat.Kind == FileKind.Directory;

}

/// <summary>Hears what a <see cref="FileFinder"/> finds.</summary>
internal interface IFoundFiles
{
    /// <summary>A scan has seen files of a log.</summary>
    /// <returns>Those that are being read, with their names.</returns>
    IReadOnlyList<(string Name, TailedFile File)> Offer(FoundChain found);

    /// <summary>There may be something new to read.</summary>
    void Grown(TailedFile file);

    /// <summary>No matching name leads to the file any more.</summary>
    void Orphaned(TailedFile file);
}
