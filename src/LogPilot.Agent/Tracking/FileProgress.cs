using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Tracking;

/// <summary>
/// The ranges of one file that are on their way, and how far everything before is delivered: the checkpoint moves over a
/// gap-free prefix, and by nothing else.
/// </summary>
internal sealed class FileProgress
{
    private readonly CheckpointFile _checkpoints;
    private readonly TimeProvider _time;
    private readonly int _slot;
    private readonly List<PendingRange> _pending = [];
    private Checkpoint _checkpoint;

    private FileProgress(CheckpointFile checkpoints, TimeProvider time, int slot, Checkpoint checkpoint)
    {
        _checkpoints = checkpoints;
        _time = time;
        _slot = slot;
        _checkpoint = checkpoint;
        IsNew = checkpoint is { Acked: 0, DatedTo: 0, Generation: 0 } && checkpoint.Head == default;
    }

    /// <summary>No agent with this checkpoint file has met the file before.</summary>
    public bool IsNew { get; }

    /// <summary>Everything before this offset is delivered.</summary>
    public long Acked => _checkpoint.Acked;

    public long ResumeFrom => _checkpoint.ResumeFrom;

    public uint Generation => _checkpoint.Generation;

    /// <inheritdoc cref="Checkpoint.Origin"/>
    public ulong Origin => _checkpoint.Origin;

    /// <inheritdoc cref="Checkpoint.CutFrom"/>
    public uint? CutFrom => _checkpoint.CutFrom;

    public ulong Chain => _checkpoint.Chain;

    /// <inheritdoc cref="Checkpoint.Mark"/>
    public uint Mark => _checkpoint.Mark;

    /// <inheritdoc cref="Checkpoint.Closing"/>
    public StandardStreams Closing => _checkpoint.Closing;

    public Fingerprint Head => _checkpoint.Head;

    public Fingerprint Tail => _checkpoint.Tail;

    public int Slot => _slot;

    public bool IsSettled => _pending.Count == 0;

    /// <returns>Null if the same log of the same file is open already.</returns>
    public static FileProgress? Open(
        CheckpointFile checkpoints, TimeProvider time, UInt128 key, ulong chain = 0)
    {
        var slot = checkpoints.Take(key, time.GetUtcNow(), out var checkpoint, chain);
        return slot < 0 ? null : new FileProgress(checkpoints, time, slot, checkpoint);
    }

    /// <summary>Says what the checkpoint is about, for people who look at the status.</summary>
    public void Label(TailedFile file) => CheckpointSlot.WriteLabel(
        _checkpoints.SlotBytes(_slot), file.Path, file.Source.OwnerName, file.Source.Declaration.Name);

    /// <summary>Keeps from when on its chain was followed, unless that is known.</summary>
    public void FollowFrom(DateTimeOffset since)
    {
        if (_checkpoint.FollowedSince == 0)
        {
            _checkpoint.FollowedSince = since.ToUnixTimeMilliseconds();
            Save();
        }
    }

    /// <summary>Keeps by what the file is known again.</summary>
    public void Know(ulong origin, Fingerprint head)
    {
        if (_checkpoint.Origin != origin || _checkpoint.Head != head)
        {
            _checkpoint.Origin = origin;
            _checkpoint.Head = head;
            Save();
        }
    }

    /// <summary>The file is one of several that were copied from one file.</summary>
    public void KnowCutFrom(uint mark)
    {
        _checkpoint.CutFrom = mark;
        Save();
    }

    /// <summary>Sets where a file starts that another agent has read before, or whose past is unknown.</summary>
    public void StartAt(long acked, uint generation)
    {
        _checkpoint.Acked = acked;
        _checkpoint.ResumeFrom = acked;
        _checkpoint.DatedTo = acked;
        _checkpoint.Generation = generation;
        Save();
    }

    /// <summary>A range was put into a batch.</summary>
    public void Add(in FileRange range) => _pending.Add(new PendingRange(range, IsDelivered: false));

    /// <summary>A range has nothing to deliver, such as empty lines: it is passed once everything before it is.</summary>
    public void Skip(in FileRange range)
    {
        _pending.Add(new PendingRange(range, IsDelivered: true));
        Advance();
    }

    /// <summary>A range that was added, alone or with its neighbours, is delivered.</summary>
    public void Deliver(in FileRange range)
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            if (range.Holds(_pending[i].Range))
            {
                _pending[i] = _pending[i] with { IsDelivered = true };
            }
        }

        Advance();
    }

    /// <summary>The last range on its way with a record that ends at or before an offset; null if all of those are delivered.</summary>
    public FileRange? OnItsWay(long end)
    {
        var last = _pending.FindLastIndex(one => !one.IsDelivered && (one.Range.Start < end || one.Range.End == end));
        return last < 0 ? null : _pending[last].Range;
    }

    /// <summary>Records that are open at the end of what is delivered end there; kept before they are sent.</summary>
    public void CloseRecords(StandardStreams streams)
    {
        _checkpoint.Closing = streams;
        Save();
    }

    /// <summary>Forgets what is on its way: it is read again from <see cref="ResumeFrom"/>.</summary>
    public void TakeBack() => _pending.Clear();

    /// <summary>Everything is sent again, from the start of the file.</summary>
    public void StartOver()
    {
        _pending.Clear();
        if (_checkpoint.Acked > 0)
        {
            _checkpoint.Acked = 0;
            _checkpoint.ResumeFrom = 0;
            _checkpoint.Tail = default;
            _checkpoint.Closing = StandardStreams.None;
            Save();
        }
    }

    /// <summary>The file was cut to nothing.</summary>
    public void StartAnew()
    {
        _pending.Clear();
        _checkpoint.Acked = 0;
        _checkpoint.ResumeFrom = 0;
        _checkpoint.Closing = StandardStreams.None;
        _checkpoint.Head = default;
        _checkpoint.Tail = default;
        _checkpoint.DatedTo = 0;
        _checkpoint.DayStart = 0;
        _checkpoint.Generation++;
        Save();
    }

    /// <summary>
    /// The day of a line whose time is the time of reading: the day on which it was read first. A line that is read again after
    /// midnight keeps its day, and so its index and its id.
    /// </summary>
    public int DayOf(long offset, int today)
    {
        if (offset >= _checkpoint.DatedTo || _checkpoint.Day == 0)
        {
            // Two days can be told apart. While lines of the earlier one are not delivered, what follows belongs to the later one.
            if (_checkpoint.Day != today && (_checkpoint.Acked >= _checkpoint.DayStart || _checkpoint.Day == 0))
            {
                _checkpoint.EarlierDay = _checkpoint.Day == 0 ? today : _checkpoint.Day;
                _checkpoint.Day = today;
                _checkpoint.DayStart = offset;
                Save();
            }

            return _checkpoint.Day;
        }

        return offset >= _checkpoint.DayStart ? _checkpoint.Day : _checkpoint.EarlierDay;
    }

    /// <summary>Lines before this offset have had their day; kept before any of them is sent.</summary>
    public void DateTo(long offset)
    {
        if (offset > _checkpoint.DatedTo)
        {
            _checkpoint.DatedTo = offset;
            Save();
        }
    }

    /// <summary>Keeps the checkpoint from being forgotten while the file is open.</summary>
    public void Touch()
    {
        _checkpoint.SeenAt = (uint)_time.GetUtcNow().ToUnixTimeSeconds();
        Save();
    }

    /// <summary>For people who look at the status.</summary>
    public void ShowSize(long size) =>
        CheckpointSlot.WriteSize(_checkpoints.SlotBytes(_slot), size, _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>How long the file was when it was last read, by this agent or one before.</summary>
    public long SizeShown => CheckpointSlot.ReadLabel(_checkpoints.SlotBytes(_slot)).Size;

    /// <param name="gone">The file will never be met again.</param>
    public void Close(bool gone)
    {
        if (gone)
        {
            _checkpoints.Free(_slot, _checkpoint.Key);
        }
        else
        {
            _checkpoints.Release(_slot);
        }
    }

    private void Advance()
    {
        var delivered = 0;
        while (delivered < _pending.Count && _pending[delivered].IsDelivered)
        {
            delivered++;
        }

        if (delivered == 0)
        {
            return;
        }

        var last = _pending[delivered - 1].Range;
        _pending.RemoveRange(0, delivered);
        _checkpoint.Acked = last.End;
        _checkpoint.ResumeFrom = last.ResumeFrom;
        _checkpoint.Tail = last.Tail;
        _checkpoint.Closing = StandardStreams.None;
        var now = _time.GetUtcNow();
        _checkpoint.SeenAt = (uint)now.ToUnixTimeSeconds();
        Save();
        CheckpointSlot.WriteAckedAt(_checkpoints.SlotBytes(_slot), now.ToUnixTimeMilliseconds());
    }

    private void Save() => _checkpoints.Write(_slot, _checkpoint);

    private readonly record struct PendingRange(FileRange Range, bool IsDelivered);
}
