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
    // A program that was told to reopen its log may go on with the old one for a while. First its last line counts as one, even
    // without a newline; much later the file is let go.
    private static readonly TimeSpan LastLineGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OrphanGrace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly TailOptions _options;
    private readonly IFileReaders _readers;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly FileFinder _finder;
    private readonly ChunkReader _chunks;
    private readonly Dictionary<FileSource, Dictionary<FileIdentity, TailedFile>> _sources = [];
    private readonly Queue<TailedFile> _ready = [];
    private readonly List<TailedFile> _resting = [];
    private readonly List<TailedFile> _orphans = [];
    private readonly List<FileSource> _removed = [];
    private long _nextScan;
    private long _nextPoll;

    /// <param name="lineBytesMax">A line may take so many bytes of a file; a chunk grows to hold one.</param>
    public Tailer(TailOptions options, int lineBytesMax, IFileReaders readers, TimeProvider time, ILogger log)
    {
        _options = options;
        _readers = readers;
        _time = time;
        _log = log;
        _chunks = new ChunkReader(options.ChunkBytes, lineBytesMax, time, log);
        _finder = new FileFinder(options, this, log);
        _nextScan = time.GetTimestamp() + Ticks(options.ScanInterval);
    }

    public SafeFileHandle StructureHandle => _finder.StructureHandle;

    public SafeFileHandle GrowthHandle => _finder.GrowthHandle;

    public IEnumerable<TailedFile> Files => _sources.Values.SelectMany(files => files.Values);

    /// <summary>When something is to be done even if no event comes, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long NextDue
    {
        get
        {
            var due = _nextScan;
            if (_orphans.Count > 0 || _finder.PolledDirectories > 0)
            {
                due = Math.Min(due, _nextPoll);
            }

            foreach (var file in _resting)
            {
                due = Math.Min(due, file.RestsUntil);
            }

            return due;
        }
    }

    public void Add(FileSource source)
    {
        _sources.Add(source, []);
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
        foreach (var file in _sources[source].Values)
        {
            file.Reader.Relabel();
        }
    }

    /// <summary>The container is gone: its files are drained, then forgotten.</summary>
    public void Remove(FileSource source)
    {
        _finder.Drain();
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
            _finder.ScanAll(_sources.Keys.Where(source => !source.Removed));
            foreach (var file in Files)
            {
                Grown(file);
            }
        }

        if (now >= _nextPoll)
        {
            _nextPoll = now + Ticks(PollInterval);
            _finder.ScanPolled();
            foreach (var file in _orphans)
            {
                Grown(file);
            }
        }

        WakeRested(now);
        CloseDrained();
    }

    /// <summary>Reads one chunk of each file that has something to read.</summary>
    /// <returns>Whether there is more to read at once; false also when there is no room for more lines.</returns>
    public bool ReadRound()
    {
        for (var turns = _ready.Count; turns > 0; turns--)
        {
            var file = _ready.Dequeue();
            file.Queued = false;
            if (file.RestsUntil != 0)
            {
                continue;
            }

            switch (_chunks.Read(file, IsFinal(file)))
            {
                case TurnOutcome.More:
                    Grown(file);
                    break;
                case TurnOutcome.Blocked:
                    Grown(file);
                    return false;
                case TurnOutcome.Failed:
                    Rest(file, PollInterval);
                    break;
                case TurnOutcome.Done:
                    break;
            }
        }

        return _ready.Count > 0;
    }

    /// <summary>Its reader was taken back to an earlier position: it is read again from there after a pause.</summary>
    public void Rest(TailedFile file, TimeSpan pause)
    {
        file.ScannedTo = 0;
        file.RestsUntil = _time.GetTimestamp() + Ticks(pause);
        if (!_resting.Contains(file))
        {
            _resting.Add(file);
        }
    }

    public TailedFile? Offer(FileSource source, FileIdentity identity, string path, SafeFileHandle handle)
    {
        var files = _sources[source];
        if (files.TryGetValue(identity, out var known))
        {
            handle.Dispose();
            return known;
        }

        var file = new TailedFile(source, identity, path, handle);
        if (files.Count >= _options.FilesPerDeclarationMax)
        {
            if (!source.IsCrowded)
            {
                source.IsCrowded = true;
                _log.TooManyFiles(source.Declaration.Name, source.OwnerName, _options.FilesPerDeclarationMax, path);
            }

            file.Dispose();
            return null;
        }

        if (_readers.Open(file) is not { } reader)
        {
            file.Dispose();
            return null;
        }

        file.Reader = reader;
        file.GrownAt = _time.GetTimestamp();
        files.Add(identity, file);
        _log.Opened(path, source.OwnerName, source.Declaration.Name, reader.Position);
        Grown(file);
        return file;
    }

    public void Grown(TailedFile file)
    {
        if (!file.Queued && file.RestsUntil == 0 && !file.IsClosed)
        {
            file.Queued = true;
            _ready.Enqueue(file);
        }
    }

    public void Orphaned(TailedFile file)
    {
        if (!file.Orphaned && !file.IsClosed)
        {
            file.Orphaned = true;
            file.GrownAt = _time.GetTimestamp();

            // It may have been found again and lost again since the list was last gone through.
            if (!_orphans.Contains(file))
            {
                _orphans.Add(file);
            }

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

    private bool IsFinal(TailedFile file) => file.Source.Ended || IsOrphanFor(file, LastLineGrace);

    private bool IsOrphanFor(TailedFile file, TimeSpan grace) =>
        file.Orphaned && _time.GetElapsedTime(file.GrownAt) >= grace;

    private void QueueAll(FileSource source)
    {
        foreach (var file in _sources[source].Values)
        {
            Grown(file);
        }
    }

    private void WakeRested(long now)
    {
        for (var i = _resting.Count - 1; i >= 0; i--)
        {
            var file = _resting[i];
            if (now >= file.RestsUntil)
            {
                _resting.RemoveAt(i);
                file.RestsUntil = 0;
                Grown(file);
            }
        }
    }

    private void CloseDrained()
    {
        for (var i = _orphans.Count - 1; i >= 0; i--)
        {
            var file = _orphans[i];
            if (!file.Orphaned)
            {
                _orphans.RemoveAt(i);
            }
            else if (IsDrained(file) && (file.Source.Ended || IsOrphanFor(file, OrphanGrace)))
            {
                _orphans.RemoveAt(i);
                Close(file);
            }
        }

        for (var i = _removed.Count - 1; i >= 0; i--)
        {
            var files = _sources[_removed[i]];
            foreach (var file in files.Values.Where(IsDrained).ToList())
            {
                _orphans.Remove(file);
                Close(file);
            }

            if (files.Count == 0)
            {
                _sources.Remove(_removed[i]);
                _removed.RemoveAt(i);
            }
        }
    }

    private static bool IsDrained(TailedFile file) =>
        !file.Queued && file.RestsUntil == 0 && file.Reader.Position >= file.Size && !file.Reader.HasOpenLine
        && file.Reader.IsSettled;

    private void Close(TailedFile file)
    {
        _log.Closed(file.Path, file.Source.OwnerName, file.Reader.Position);
        _sources[file.Source].Remove(file.Identity);
        file.Reader.Close(IsGone(file));
        file.Dispose();
    }

    private static bool IsGone(TailedFile file)
    {
        try
        {
            return LinuxFile.Stat(file.Handle).LinkCount == 0;
        }
        catch (LinuxException)
        {
            // Its file system does not answer. The checkpoint is kept for when it does.
            return false;
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
