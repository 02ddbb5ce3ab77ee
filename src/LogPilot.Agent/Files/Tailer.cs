using LogPilot.Agent.Containers;
using LogPilot.Linux;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>
/// Reads the files of all sources, a chunk of each in turn, and holds each file open until what was in it is delivered.
/// Single-threaded: every member is called from the pipeline's thread.
/// </summary>
internal sealed class Tailer : IFoundFiles, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    // containerd opens the new file before it has written what it holds to the old one, which takes it microseconds.
    private static readonly TimeSpan ReopenGrace = TimeSpan.FromMilliseconds(250);

    private readonly TailOptions _options;
    private readonly IFileReaders _readers;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly FileFinder _finder;
    private readonly ChainOpener _opener;
    private readonly ReadOrder _order;
    private readonly ChunkReader _chunks;
    private readonly HeldFiles _held;
    private readonly Dictionary<FileSource, TailedSource> _sources = [];
    private readonly ReadyFiles _ready;
    private readonly EndingFiles _ending;
    private readonly List<FileSource> _removed = [];
    private long _nextScan;
    private long _nextPoll;
    private int _scans;

    /// <param name="lineBytesMax">A line may take so many bytes of a file; a chunk grows to hold one.</param>
    public Tailer(TailOptions options, int lineBytesMax, IFileReaders readers, TimeProvider time, ILogger log)
    {
        _options = options;
        _readers = readers;
        _time = time;
        _log = log;
        _chunks = new ChunkReader(options.ChunkBytes, lineBytesMax, time, log);
        _opener = new ChainOpener(options, readers, Opened, Restart, log);
        _held = new HeldFiles(options);
        _ready = new ReadyFiles(time);
        _ending = new EndingFiles(time);
        _finder = new FileFinder(options, this, log);
        _order = new ReadOrder(_finder);
        _nextScan = time.GetTimestamp() + Ticks(options.ScanInterval);
    }

    public SafeFileHandle StructureHandle => _finder.StructureHandle;

    public SafeFileHandle GrowthHandle => _finder.GrowthHandle;

    public IEnumerable<TailedFile> Files => _sources.Values.SelectMany(source => source.Files.Values);

    /// <summary>Since when the file waits that has waited longest to be read, by <see cref="TimeProvider.GetTimestamp"/>; null if none does.</summary>
    public long? OldestUnread
    {
        get
        {
            var oldest = long.MaxValue;
            foreach (var file in Files)
            {
                oldest = file.UnreadSince == 0 ? oldest : Math.Min(oldest, file.UnreadSince);
            }

            return oldest == long.MaxValue ? null : oldest;
        }
    }

    /// <summary>When something is to be done even if no event comes, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long NextDue
    {
        get
        {
            var due = Math.Min(_nextScan, _ready.NextDue);
            return _ending.Count > 0 || _finder.PolledDirectories > 0 ? Math.Min(due, _nextPoll) : due;
        }
    }

    public void Add(FileSource source)
    {
        _sources.Add(source, new TailedSource(directory => _readers.LastRead(source, directory), _time));
        _finder.Add(source);
    }

    /// <summary>The container has ended: its files are read to their end, where an incomplete line is a line.</summary>
    public void End(FileSource source)
    {
        source.Ended = true;
        QueueAll(source);
    }

    /// <summary>The container runs again: what it writes continues its files.</summary>
    public void Resume(FileSource source)
    {
        source.Ended = false;
        QueueAll(source);
    }

    /// <summary>The container has another name now.</summary>
    public void Rename(FileSource source, ContainerSnapshot container)
    {
        source.Container = container;
        foreach (var file in _sources[source].Files.Values)
        {
            file.Reader.Relabel();
        }
    }

    /// <summary>The container is gone: its files are drained, then forgotten.</summary>
    public void Remove(FileSource source)
    {
        // What is found now is read; nobody looks for its files later, nor for what saved those that were cut.
        _finder.Rescan(source);
        _finder.Drain();
        foreach (var file in _sources[source].Files.Values.Where(one => one.IsCut).ToList())
        {
            StartAnew(file);
        }

        _finder.Remove(source);
        source.Ended = true;
        source.Removed = true;
        _removed.Add(source);
        QueueAll(source);
        CloseDrained();
    }

    /// <summary>Takes in what the kernel told, and what has to be looked at without being told.</summary>
    public void Watch()
    {
        _finder.Drain();
        var now = _time.GetTimestamp();
        if (now >= _nextScan)
        {
            _nextScan = now + Ticks(_options.ScanInterval);
            ScanAll();
        }

        if (now >= _nextPoll)
        {
            _nextPoll = now + Ticks(PollInterval);
            _finder.ScanPolled();
            foreach (var file in _ending)
            {
                Grown(file);
            }

            _held.Limit(_ending, GiveUp);
        }

        _ready.WakeRested();
        CloseDrained();
    }

    /// <summary>Reads one chunk of each file that has something to read.</summary>
    /// <returns>Whether there is more to read at once; false also when there is no room for more lines.</returns>
    public bool ReadRound()
    {
        for (var turns = _ready.Count; turns > 0; turns--)
        {
            if (_ready.Take() is not { } file || _order.HasToWait(file))
            {
                continue;
            }

            if (file.IsCut)
            {
                StartAnew(file);
                continue;
            }

            if (!ReadOrder.MayUnpack(file, Files))
            {
                _ready.Add(file);
                continue;
            }

            var end = EndOf(file);
            switch (_chunks.Read(file, end))
            {
                case TurnOutcome.More:
                    file.UnreadSince = 0;
                    _ready.Add(file);
                    break;
                case TurnOutcome.Blocked:
                    _ready.Add(file);
                    return false;
                case TurnOutcome.Failed:
                    Rest(file, PollInterval);
                    LetNext(file);
                    break;
                case TurnOutcome.Cut:
                    StartAnew(file);
                    break;
                case TurnOutcome.Waits:
                    break;
                case TurnOutcome.Done when ReadOrder.MayBeWrittenStill(file):
                    file.UnreadSince = 0;
                    Rest(file, ReopenGrace);
                    break;
                case TurnOutcome.Done:
                    file.UnreadSince = 0;
                    if (end == ChunkEnd.Open)
                    {
                        _ready.AddDue(file);
                    }

                    HandOver(file);
                    LetNext(file);
                    break;
            }
        }

        return _ready.Count > 0;
    }

    /// <summary>Its reader was taken back to an earlier position: it is read again from there after a pause.</summary>
    public void Rest(TailedFile file, TimeSpan pause)
    {
        file.ScannedTo = 0;
        _ready.Rest(file, pause);
        Wake(file.Chain.After(file));
    }

    public IReadOnlyList<(string Name, TailedFile File)> Offer(FoundChain found)
    {
        var source = _sources[found.Source];
        var chain = source.ChainOf(found);
        chain.SeenInScan = _scans;
        var before = source.Files.Count;
        IReadOnlyList<(string Name, TailedFile File)> files;
        try
        {
            files = _opener.Open(found, chain, source);
        }
        catch (IOException failure)
        {
            // A file system that fails for one container must not stop the others. What is open stays so until the next scan.
            _log.CannotLook(found.Base, found.Directory, failure.Message);
            return [.. found.Files.Where(one => source.Files.ContainsKey(one.Identity)).Select(one => (one.Name, source.Files[one.Identity]))];
        }

        if (source.Files.Count != before)
        {
            chain.ReadInOrder();
        }

        foreach (var file in chain.Files.ToList())
        {
            file.Reader.ContinueNoOther(chain.Before(file)?.Reader);
            if (chain.IsRotated(file))
            {
                _ending.Add(file);
            }

            if (file.HasBacklog || file.IsCut)
            {
                Grown(file);
            }
        }

        return files;
    }

    public void Grown(TailedFile file) => _ready.Add(file);

    public void Orphaned(TailedFile file)
    {
        if (!file.Orphaned && !file.IsClosed)
        {
            file.Orphaned = true;
            _ending.Add(file);
            Grown(file);
        }
    }

    public void Dispose()
    {
        foreach (var file in Files)
        {
            file.Dispose();
        }

        _finder.Dispose();
    }

    private void Opened(TailedFile file)
    {
        file.GrownAt = _time.GetTimestamp();
        Grown(file);
    }

    private void ScanAll()
    {
        _scans++;
        _finder.ScanAll(_sources.Keys.Where(source => !source.Removed));
        foreach (var source in _sources.Values)
        {
            source.Prune(_scans);
        }

        foreach (var file in Files)
        {
            Grown(file);
        }
    }

    /// <summary>What follows the text of a file as it is now.</summary>
    private ChunkEnd EndOf(TailedFile file) =>
        file.Chain.NextOf(file) is not null ? ChunkEnd.Continued
        : _ending.IsFinal(file) ? ChunkEnd.Final
        : ChunkEnd.Open;

    private static void HandOver(TailedFile file)
    {
        if (file.Reader.HasOpenLine && file.Chain.NextOf(file) is { } next)
        {
            next.Reader.Continue(file.Reader);
        }
    }

    private void LetNext(TailedFile file)
    {
        if (file.HasBacklog)
        {
            file.HasBacklog = false;
            Wake(file.Chain.After(file));
        }
    }

    private void Wake(TailedFile? file)
    {
        if (file is not null)
        {
            Grown(file);
        }
    }

    // What was read from it is gone, and a copy that saved the rest of it may stand beside it.
    private void StartAnew(TailedFile file)
    {
        file.KnowCut(CutState.LookedFor);
        _finder.Rescan(file);
        if (file.IsCut)
        {
            Restart(file);
        }
    }

    private void Restart(TailedFile file)
    {
        _log.Truncated(file.Path, file.Source.OwnerName, file.Reader.Position);
        file.Reader.StartAnew();
        file.StartAnew();
        Grown(file);
    }

    private void QueueAll(FileSource source)
    {
        foreach (var file in _sources[source].Files.Values)
        {
            Grown(file);
        }
    }

    private void CloseDrained()
    {
        _ending.RemoveFound();
        foreach (var file in _ending.Where(_ending.IsOver).ToList())
        {
            Close(file);
        }

        for (var i = _removed.Count - 1; i >= 0; i--)
        {
            var source = _sources[_removed[i]];
            foreach (var file in source.Files.Values.Where(EndingFiles.IsDrained).ToList())
            {
                Close(file);
            }

            if (source.Files.Count == 0)
            {
                _sources.Remove(_removed[i]);
                _removed.RemoveAt(i);
            }
        }
    }

    private void GiveUp(TailedFile file, LossReason reason)
    {
        MeasureUnread(file);
        file.Reader.GiveUp(reason);
        Close(file);
    }

    // A file that waits for its turn, or for room, has grown since it was read.
    private static void MeasureUnread(TailedFile file)
    {
        try
        {
            file.Size = Math.Max(file.Size, file.Content.Measure());
        }
        catch (LinuxException)
        {
            // Its file system does not answer: what was known of it has to do.
        }
    }

    private void Close(TailedFile file)
    {
        _ending.Remove(file);
        _ready.Remove(file);
        if (file.Content.Damage is { } damage)
        {
            _log.Damaged(file.Path, file.Source.OwnerName, file.Reader.Position, damage);
        }

        _log.Closed(file.Path, file.Source.OwnerName, file.Reader.Position);
        var chain = file.Chain;
        var next = chain.After(file);
        var isGone = IsGone(file, out var sizeOnDisk);
        if (!isGone)
        {
            chain.PassOver(file, sizeOnDisk);
        }

        // What may be a copy of it takes its place now.
        file.Reader.Close(isGone && !chain.HasAwaiting);
        _sources[file.Source].Remove(file);
        file.Dispose();
        Wake(next);
        if (isGone && chain.HasAwaiting)
        {
            _finder.Rescan(file);
        }
    }

    private static bool IsGone(TailedFile file, out long size)
    {
        size = 0;
        try
        {
            var stat = LinuxFile.Stat(file.Content.Handle);
            size = stat.Size;
            return stat.LinkCount == 0;
        }
        catch (LinuxException)
        {
            // Its file system does not answer. The checkpoint is kept for when it does.
            return false;
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
