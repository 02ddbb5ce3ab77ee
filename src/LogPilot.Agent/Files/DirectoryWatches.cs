using LogPilot.Linux;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>The kernel's watches on directories, and the directories in which events do not tell everything.</summary>
/// <remarks>
/// Two inotify instances, since they are read at different times. Names that come and go are urgent: a log may be deleted
/// again within milliseconds. Growth is not: while a batch waits for company, it need not wake anybody.
/// </remarks>
internal sealed class DirectoryWatches : IDisposable
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
    private readonly ILogger _log;

    public DirectoryWatches(IWatchedDirectories events, ILogger log)
    {
        _log = log;
        _structureHandler = new StructureHandler(this, events);
        _growthHandler = new GrowthHandler(this, events);
    }

    /// <summary>Readable when a name came or went.</summary>
    public SafeFileHandle StructureHandle => _structure.Handle;

    /// <summary>Readable when a file grew.</summary>
    public SafeFileHandle GrowthHandle => _growth.Handle;

    /// <summary>To be looked at every second: no watch was to be had, or the file system is a remote one.</summary>
    public IReadOnlyCollection<WatchedDirectory> Polled => _polled;

    public List<WatchedDirectory> All => [.. _byStructureWatch.Values, .. _unwatched];

    public bool Has(WatchedDirectory directory) =>
        _byStructureWatch.ContainsValue(directory) || _unwatched.Contains(directory);

    /// <summary>Watches an open directory for an interest; the same directory by another path is the same one.</summary>
    /// <param name="path">For the message if it cannot be watched.</param>
    /// <returns>False if the directory is watched for this interest already.</returns>
    public bool TryAdd(SafeFileHandle handle, DirectoryInterest interest, string path, out WatchedDirectory directory)
    {
        directory = AddStructure(handle, interest, path);
        if (directory.Interests.Contains(interest))
        {
            return false;
        }

        directory.Interests.Add(interest);
        if (directory.GrowthWatch < 0 && interest.MayHoldFiles)
        {
            AddGrowth(handle, directory);
        }

        return true;
    }

    /// <summary>Whether an open directory is the one that is watched: the same directory again gives the same number.</summary>
    public bool IsWatched(WatchedDirectory directory, SafeFileHandle handle) =>
        directory.StructureWatch < 0 || _structure.TryAdd(handle, StructureEvents, out _) == directory.StructureWatch;

    public void Remove(WatchedDirectory directory)
    {
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

    /// <summary>Hands on what the kernel has told of names.</summary>
    public void DrainStructure() => _structure.Drain(_structureHandler);

    /// <summary>Hands on what the kernel has told of growth.</summary>
    public void DrainGrowth() => _growth.Drain(_growthHandler);

    public void Dispose()
    {
        _structure.Dispose();
        _growth.Dispose();
    }

    private WatchedDirectory AddStructure(SafeFileHandle handle, DirectoryInterest interest, string path)
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
            _log.CannotWatch(path, errno);
            unwatched = new WatchedDirectory(-1);
            _unwatched.Add(unwatched);
            _polled.Add(unwatched);
        }

        return unwatched;
    }

    private void AddGrowth(SafeFileHandle handle, WatchedDirectory directory)
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

    private sealed class StructureHandler(DirectoryWatches watches, IWatchedDirectories events) : IInotifyHandler
    {
        public void OnEvent(int watch, InotifyEvents inotifyEvents, ReadOnlySpan<byte> name)
        {
            if (inotifyEvents.HasFlag(InotifyEvents.Overflow))
            {
                watches._log.EventsOverflowed();
                foreach (var one in watches.All)
                {
                    events.NamesChanged(one);
                }
            }
            else if (!watches._byStructureWatch.TryGetValue(watch, out var directory))
            {
                return;
            }
            else if (inotifyEvents.HasFlag(InotifyEvents.Ignored))
            {
                watches.Remove(directory);
                events.Vanished(directory);
            }
            else if (name.IsEmpty || directory.Wants(name))
            {
                events.NamesChanged(directory);
            }
        }
    }

    private sealed class GrowthHandler(DirectoryWatches watches, IWatchedDirectories events) : IInotifyHandler
    {
        public void OnEvent(int watch, InotifyEvents inotifyEvents, ReadOnlySpan<byte> name)
        {
            if (inotifyEvents.HasFlag(InotifyEvents.Overflow))
            {
                foreach (var file in watches.All.SelectMany(one => one.Files))
                {
                    events.Grown(file);
                }
            }
            else if (watches._byGrowthWatch.TryGetValue(watch, out var directory)
                && directory.TryGetFiles(name, out var files))
            {
                foreach (var file in files)
                {
                    events.Grown(file);
                }
            }
        }
    }
}

/// <summary>Hears what the kernel tells of watched directories.</summary>
internal interface IWatchedDirectories
{
    /// <summary>A name that somebody awaits came or went.</summary>
    void NamesChanged(WatchedDirectory directory);

    /// <summary>The directory itself is gone, and its watch with it.</summary>
    void Vanished(WatchedDirectory directory);

    void Grown(TailedFile file);
}
