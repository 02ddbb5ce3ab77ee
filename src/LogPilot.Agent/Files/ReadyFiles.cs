namespace LogPilot.Agent.Files;

/// <summary>The files that wait for their turn to be read, and those that rest until a time.</summary>
internal sealed class ReadyFiles(TimeProvider time)
{
    private readonly Queue<TailedFile> _ready = [];
    private readonly List<TailedFile> _resting = [];
    private readonly PriorityQueue<TailedFile, long> _due = new();

    public int Count => _ready.Count;

    /// <summary>When the next one has rested or is due, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long NextDue
    {
        get
        {
            var due = _due.TryPeek(out _, out var first) ? first : long.MaxValue;
            foreach (var file in _resting)
            {
                due = Math.Min(due, file.RestsUntil);
            }

            return due;
        }
    }

    /// <summary>There may be something to read in it.</summary>
    public void Add(TailedFile file)
    {
        if (file.UnreadSince == 0)
        {
            file.UnreadSince = time.GetTimestamp();
        }

        if (!file.Queued && file.RestsUntil == 0 && !file.IsClosed)
        {
            file.Queued = true;
            _ready.Enqueue(file);
        }
    }

    /// <summary>The next file whose turn it is; null if that one rests or was closed.</summary>
    public TailedFile? Take()
    {
        var file = _ready.Dequeue();
        file.Queued = false;
        return file.RestsUntil != 0 || file.IsClosed ? null : file;
    }

    public void Rest(TailedFile file, TimeSpan pause)
    {
        file.RestsUntil = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        file.Content.Rest();
        if (!_resting.Contains(file))
        {
            _resting.Add(file);
        }
    }

    /// <summary>Its reader is to be called then, even if it has not grown.</summary>
    public void AddDue(TailedFile file)
    {
        // One entry a file: one that comes too early finds when the file is due by then.
        if (file.Reader.Due != long.MaxValue && !file.HasDue)
        {
            file.HasDue = true;
            _due.Enqueue(file, file.Reader.Due);
        }
    }

    public void WakeRested()
    {
        var now = time.GetTimestamp();
        while (_due.TryPeek(out var due, out var at) && at <= now)
        {
            _due.Dequeue();
            due.HasDue = false;
            if (!due.IsClosed && due.Reader.Due > now)
            {
                AddDue(due);
            }
            else
            {
                Add(due);
            }
        }

        for (var i = _resting.Count - 1; i >= 0; i--)
        {
            var file = _resting[i];
            if (now >= file.RestsUntil)
            {
                _resting.RemoveAt(i);
                file.RestsUntil = 0;
                Add(file);
            }
        }
    }

    public void Remove(TailedFile file) => _resting.Remove(file);
}
