using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;
using LogPilot.Linux;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent;

/// <summary>Starts the pass of each file where the last one ended, and hands delivered ranges back to it.</summary>
internal sealed class FilePasses : IFileReaders
{
    private readonly CheckpointFile _checkpoints;
    private readonly FilebeatRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly FileCopies _copies;
    private readonly Dictionary<int, FilePass> _open = [];
    private readonly RecordBuffers _buffers = new();
    private readonly ConditionalWeakTable<FileSource, SourceRules> _rules = [];

    public FilePasses(
        AgentOptions options,
        BatchAssembler assembler,
        CheckpointFile checkpoints,
        FilebeatRegistry registry,
        AgentTotals totals,
        TimeProvider time,
        ILogger log)
    {
        Options = options;
        Assembler = assembler;
        Totals = totals;
        Clock = new RecordClock(time);
        _checkpoints = checkpoints;
        _registry = registry;
        _time = time;
        _log = log;
        _copies = new FileCopies(checkpoints, slot => _open.GetValueOrDefault(slot));
    }

    public AgentOptions Options { get; }

    public BatchAssembler Assembler { get; }

    public AgentTotals Totals { get; }

    public RecordClock Clock { get; }

    public long Now => _time.GetTimestamp();

    public FileTrace TraceOf(FileSource source, FileIdentity identity) =>
        new(_checkpoints.TryRead(KeyOf(source, identity), _time.GetUtcNow(), out var checkpoint), checkpoint.ResumeFrom, checkpoint.CutFrom);

    public void Forget(FileSource source, FileIdentity identity)
    {
        var key = KeyOf(source, identity);
        if (_checkpoints.Find(key) is { } slot && !_open.ContainsKey(slot))
        {
            _checkpoints.Free(slot, key);
        }
    }

    public DateTimeOffset? LastRead(FileSource source, string directory) => _copies.LastRead(ChainOf(source, directory));

    public CopyOutcome TryTakePlace(TailedFile copy, string directory, ref UInt128? original)
    {
        try
        {
            return _copies.TryTakePlace(copy, KeyOf(copy.Source, copy.Identity), ChainOf(copy.Source, directory), ref original);
        }
        catch (IOException failure)
        {
            _log.CannotKeepCheckpoint(copy.Path, Options.Tracking.StateDirectory, failure.Message);
            return CopyOutcome.Waits;
        }
    }

    public IFileReader? Open(TailedFile file, string directory)
    {
        var progress = OpenProgress(file, directory);
        if (progress is null)
        {
            return null;
        }

        try
        {
            var rules = _rules.GetValue(file.Source, source => new SourceRules(source, Options, _buffers, _time, _log));
            var pass = new FilePass(file, progress, rules, this);
            _open.Add(progress.Slot, pass);
            return pass;
        }
        catch (IOException)
        {
            progress.Close(gone: false);
            throw;
        }
    }

    /// <summary>Hands a range that came back from the sink to its file.</summary>
    /// <param name="rest">Called for a file that has to be read again after a pause.</param>
    /// <param name="wake">Called for a file that has waited for this.</param>
    public void Settle(in BatchRange range, Action<TailedFile, TimeSpan> rest, Action<TailedFile> wake)
    {
        var file = range.Range.File;
        if (file.Reader is not FilePass pass)
        {
            return;
        }

        if (pass.SettleSpent(range) is { } lender)
        {
            RestWithOlder(lender, range.HoldFor, rest);
        }

        if (!IsOpen(pass))
        {
            // It had everything of its last epoch settled, or was given up.
            pass.SettleClosed(range);
        }
        else if (pass.Settle(range))
        {
            RestWithOlder(pass, range.HoldFor, rest);
        }
        else if (pass is { WaitsForDelivery: true, Progress.IsSettled: true })
        {
            wake(file);
        }
    }

    /// <summary>Bytes that were not delivered and cannot be read again.</summary>
    public void ReportLost(TailedFile file, long bytes, LossReason reason)
    {
        if (bytes > 0)
        {
            Totals.AddLost(file.Source.OwnerName, reason, bytes);
            _log.Lost(bytes, file.Path, file.Source.OwnerName, reason.Text);
        }
    }

    /// <summary>Whether a copy of a file is known that was made before the file was cut.</summary>
    public bool HasCopies(FileProgress progress) => _copies.HasCopies(progress.Chain, progress.Mark);

    /// <summary>No other file has to do with this one any more.</summary>
    public void LetGo(FilePass pass)
    {
        foreach (var other in _open.Values)
        {
            other.Forget(pass);
        }
    }

    public void Closed(FilePass pass)
    {
        _open.Remove(pass.Progress.Slot);
        LetGo(pass);
    }

    /// <summary>Shows how long the files are that wait to be read, since only reading would show it otherwise.</summary>
    public void ShowUnread()
    {
        foreach (var pass in _open.Values)
        {
            pass.ShowUnread();
        }
    }

    /// <summary>Keeps the checkpoints of open files from being forgotten.</summary>
    public void Touch()
    {
        foreach (var pass in _open.Values)
        {
            pass.Touch();
        }
    }

    /// <summary>The ids of a file as it is now.</summary>
    /// <param name="firstLine">What stands there tells the lives of a file that is cut to nothing apart, without any state.</param>
    public static RecordIds IdsOf(TailedFile file, FileProgress progress, ReadOnlySpan<byte> firstLine)
    {
        var log = LogOf(file.Source);
        if (file.Source.IsOfRuntime)
        {
            return new RecordIds(file.Source.Container!.Id, log, 0);
        }

        return new RecordIds($"{progress.Origin:x}:{XxHash3.HashToUInt64(firstLine):x}", log, progress.Generation);
    }

    private static void RestWithOlder(FilePass pass, TimeSpan pause, Action<TailedFile, TimeSpan> rest)
    {
        for (var one = pass; one is not null; one = one.TakeBackOlder())
        {
            rest(one.File, pause);
        }
    }

    private FileProgress? OpenProgress(TailedFile file, string directory)
    {
        FileProgress? progress = null;
        try
        {
            var chain = ChainOf(file.Source, directory);
            progress = FileProgress.Open(_checkpoints, _time, KeyOf(file.Source, file.Identity), chain);
            if (progress is null)
            {
                return null;
            }

            var sizeBefore = progress.SizeShown;
            progress.Label(file);
            progress.FollowFrom(file.Chain.FollowedSince);
            if (progress.IsNew)
            {
                StartNew(file, progress);
            }
            else if (!FileCopies.IsAsLeft(file, progress))
            {
                file.KnowCut(CutState.Cut);
                file.Size = sizeBefore;
            }

            if (!file.IsCut)
            {
                progress.Know(
                    progress.Origin == 0 ? OriginOf(file) : progress.Origin,
                    progress.Head.Bytes == Fingerprint.HeadBytesMax ? progress.Head : FileCopies.HeadOf(file));
                progress.ShowSize(file.Content.Measure());
            }

            return progress;
        }
        catch (IOException failure)
        {
            _log.CannotKeepCheckpoint(file.Path, Options.Tracking.StateDirectory, failure.Message);
            progress?.Close(gone: false);
            return null;
        }
    }

    private void StartNew(TailedFile file, FileProgress progress)
    {
        var shipped = Math.Max(_registry.OffsetOf(file), file.SkippedBytes);
        var generation = 0u;
        if (!file.Source.IsOfRuntime && _checkpoints.IsNew && !FileCopies.IsTelling(FileCopies.FirstLineOf(file)))
        {
            // Whether an agent whose state was lost has sent other lines with these texts at these offsets cannot be known.
            generation = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        }

        if (shipped > 0 || generation > 0)
        {
            progress.StartAt(shipped, generation);
        }
    }

    private bool IsOpen(FilePass pass) => _open.TryGetValue(pass.Progress.Slot, out var open) && open == pass;

    private static UInt128 KeyOf(FileSource source, FileIdentity identity) =>
        XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{OwnerOf(source, identity)}\0{LogOf(source)}"));

    private static ulong OriginOf(TailedFile file) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(OwnerOf(file.Source, file.Identity)));

    // A container's files are one chain wherever they stand; those of a program, as far as they stand in one directory.
    private static ulong ChainOf(FileSource source, string directory) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(
        $"{(source.IsOfRuntime ? source.Container!.Id : directory)}\0{LogOf(source)}"));

    // A container's own log is its own. Any other file is the same one for every container that mounts it, so that a new
    // container of a pod goes on where the one before was.
    private static string OwnerOf(FileSource source, FileIdentity file)
    {
        var identity = $"{file.Device:x}:{file.Inode:x}:{file.BirthNanoseconds:x}";
        return source.IsOfRuntime ? $"{source.Container!.Id}:{identity}" : identity;
    }

    private static string LogOf(FileSource source) => $"{source.Declaration.Name}\0{source.Declaration.Index}";
}
