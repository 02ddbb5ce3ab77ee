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
        IsNew = checkpoint is { Acked: 0, DatedTo: 0, Generation: 0 };
    }

    /// <summary>No agent with this checkpoint file has met the file before.</summary>
    public bool IsNew { get; }

    /// <summary>Everything before this offset is delivered.</summary>
    public long Acked => _checkpoint.Acked;

    public long ResumeFrom => _checkpoint.ResumeFrom;

    public uint Generation => _checkpoint.Generation;

    public bool IsSettled => _pending.Count == 0;

    /// <returns>Null if the same log of the same file is open already.</returns>
    public static FileProgress? Open(CheckpointFile checkpoints, TimeProvider time, UInt128 key, TailedFile file)
    {
        var slot = checkpoints.Take(key, time.GetUtcNow(), out var checkpoint);
        if (slot < 0)
        {
            return null;
        }

        var progress = new FileProgress(checkpoints, time, slot, checkpoint);
        progress.Label(file);
        return progress;
    }

    /// <summary>Says what the checkpoint is about, for people who look at the status.</summary>
    public void Label(TailedFile file) => CheckpointSlot.WriteLabel(
        _checkpoints.SlotBytes(_slot), file.Path, file.Source.OwnerName, file.Source.Declaration.Name);

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
    public void Add(in FileRange range) => _pending.Add(new PendingRange(range.Start, range.End, range.ResumeFrom, IsDelivered: false));

    /// <summary>A range has nothing to deliver, such as empty lines: it is passed once everything before it is.</summary>
    public void Skip(in FileRange range)
    {
        _pending.Add(new PendingRange(range.Start, range.End, range.ResumeFrom, IsDelivered: true));
        Advance();
    }

    /// <summary>A range that was added, alone or with its neighbours, is delivered.</summary>
    /// <remarks>
    /// What an ended program left unfinished is a range without bytes behind the one that holds its parts. It is no part of
    /// that range unless their batch is the same, and then the range resumes behind it.
    /// </remarks>
    public void Deliver(in FileRange range)
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].Start >= range.Start && _pending[i].End <= range.End
                && _pending[i].ResumeFrom <= range.ResumeFrom)
            {
                _pending[i] = _pending[i] with { IsDelivered = true };
            }
        }

        Advance();
    }

    /// <summary>Forgets what is on its way: it is read again from <see cref="ResumeFrom"/>.</summary>
    public void TakeBack() => _pending.Clear();

    /// <summary>The file was cut to nothing.</summary>
    public void StartAnew()
    {
        _pending.Clear();
        _checkpoint.Acked = 0;
        _checkpoint.ResumeFrom = 0;
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
        if (offset >= _checkpoint.DatedTo)
        {
            if (_checkpoint.Day != today)
            {
                _checkpoint.EarlierDay = _checkpoint.Day == 0 ? today : _checkpoint.Day;
                _checkpoint.Day = today;
                _checkpoint.DayStart = offset;
                Save();
            }

            return today;
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

        var last = _pending[delivered - 1];
        _pending.RemoveRange(0, delivered);
        _checkpoint.Acked = last.End;
        _checkpoint.ResumeFrom = last.ResumeFrom;
        var now = _time.GetUtcNow();
        _checkpoint.SeenAt = (uint)now.ToUnixTimeSeconds();
        Save();
        CheckpointSlot.WriteAckedAt(_checkpoints.SlotBytes(_slot), now.ToUnixTimeMilliseconds());
    }

    private void Save() => _checkpoints.Write(_slot, _checkpoint);

    private readonly record struct PendingRange(long Start, long End, long ResumeFrom, bool IsDelivered);
}
