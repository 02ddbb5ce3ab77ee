using System.Text;

namespace LogPilot.Agent.Shipping;

/// <summary>The indexes that the cluster does not take now, each with its own growing pause. Safe for concurrent use.</summary>
internal sealed class HeldIndexes(ElasticsearchOptions options, SinkStatus status, TimeProvider time)
{
    // Its lines leave memory and are read and encoded again for each attempt, so a pause below this would only cost.
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);

    // An index that nobody has written to for so long has no lines waiting any more, such as yesterday's.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(15);

    // The answer to a probe comes at once where the index is well again, and its lines should not wait much longer then.
    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private volatile int _count;

    /// <summary>Whether any index is held; cheap, asked for every batch.</summary>
    public bool Any => _count > 0;

    /// <summary>The cluster refused the index: returns how long its lines should wait, and what to tell.</summary>
    /// <param name="index">Its name.</param>
    /// <param name="reason">What the cluster says.</param>
    /// <param name="isUnavailable">A shard of it is, so that each request with a document for that shard waits long for its answer.</param>
    /// <param name="text">Cause and fix.</param>
    public TimeSpan Hold(string index, string reason, bool isUnavailable, out string text)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(index, out var entry))
            {
                var min = options.RetryDelayMin > PauseMin ? options.RetryDelayMin : PauseMin;
                entry = new Entry(new Backoff(min, options.RetryDelayMax, time));
                _entries.Add(index, entry);
                _count = _entries.Count;
            }

            entry.LastHeld = time.GetTimestamp();
            entry.IsUnavailable = isUnavailable;
            entry.IsHeld = true;
            entry.Probe = TimeSpan.Zero;
            text = $"the cluster does not take index {index} now: {Advice(reason)}; it says: {reason}";
            status.Report(Key(index), text);
            return entry.Backoff.Fail();
        }
    }

    /// <summary>Whether a shard of the index was unavailable of late, so that one more refusal is no surprise.</summary>
    public bool IsUnavailable(string index)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(index, out var entry) && entry.IsUnavailable;
        }
    }

    /// <summary>
    /// For how long documents of the index are not to be sent; zero to send them. Where a shard is unavailable one batch at a
    /// time finds out whether it still is: it would be all of them otherwise that wait for the answer.
    /// </summary>
    public TimeSpan Avoid(string index)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(index, out var entry) || !entry.IsUnavailable || !entry.IsHeld)
            {
                return TimeSpan.Zero;
            }

            var remaining = entry.Backoff.Remaining;
            var probing = entry.Probe - time.GetElapsedTime(entry.ProbeStart);
            if (remaining <= TimeSpan.Zero && probing <= TimeSpan.Zero)
            {
                entry.Probe = options.HoldAfter + PauseMin;
                entry.ProbeStart = time.GetTimestamp();
                return TimeSpan.Zero;
            }

            return remaining > TimeSpan.Zero ? remaining : probing < ProbePause ? probing : ProbePause;
        }
    }

    /// <summary>The cluster took a document of this index; true if it was held.</summary>
    public bool Release(ReadOnlySpan<byte> index)
    {
        var name = Encoding.UTF8.GetString(index);
        lock (_gate)
        {
            if (!_entries.TryGetValue(name, out var entry))
            {
                return false;
            }

            if (!entry.IsUnavailable)
            {
                return Remove(name);
            }

            // It may have been one of the shards that are there. So its pauses go on to grow if it is held again soon.
            if (!entry.IsHeld || entry.Backoff.Remaining > TimeSpan.Zero)
            {
                return false;
            }

            entry.Probe = TimeSpan.Zero;
            entry.IsHeld = false;
            status.Clear(Key(name));
            return true;
        }
    }

    /// <summary>Forgets indexes that nothing is written to any more.</summary>
    public void Prune()
    {
        lock (_gate)
        {
            foreach (var (index, entry) in _entries)
            {
                if (time.GetElapsedTime(entry.LastHeld) > ForgottenAfter)
                {
                    Remove(index);
                }
            }
        }
    }

    private bool Remove(string index)
    {
        if (!_entries.Remove(index))
        {
            return false;
        }

        _count = _entries.Count;
        status.Clear(Key(index));
        return true;
    }

    private static string Key(string index) => "index " + index;

    /// <summary>What to change, from the words that 5.6 to 9.2 and OpenSearch use.</summary>
    private static string Advice(string reason)
    {
        bool Says(string words) => reason.Contains(words, StringComparison.Ordinal);

        return Says("read-only / allow delete") || Says("read-only-allow-delete")
            ? "a disk of the cluster is full: make room, and before 7.4 set index.blocks.read_only_allow_delete to null"
            : Says("cluster_block_exception") ? "it is blocked for writing: lift index.blocks.write or index.blocks.read_only"
            : Says("index_not_found") ? "it does not exist and action.auto_create_index forbids to create it: allow its name there, or create it"
            : Says("validation_exception") ? "no shards are left: raise cluster.max_shards_per_node, delete old indexes or add a node"
            : Says("index_closed") ? "it is closed: open it"
            : Says("no write index") ? "it is an alias without a write index: set is_write_index"
            : Says("more than 1 type") ? "its documents have another _type than doc: delete it or choose another name by the log's target"
            : Says("unavailable_shards") || Says("shard_not_found")
                ? "a shard of it has no active copy: ask GET _cluster/allocation/explain for the cause"
            : Says("rejected_execution") ? "the node with its shard has no capacity: see its write thread pool and indexing pressure"
            : Says("security_exception") ? "the user may not write to it: its role needs create_index and create_doc for this name"
            : "see what the cluster says";
    }

    private sealed class Entry(Backoff backoff)
    {
        public Backoff Backoff { get; } = backoff;

        public long LastHeld { get; set; }

        /// <summary>It is held for a shard, and not as a whole.</summary>
        public bool IsUnavailable { get; set; }

        /// <summary>It is held now. An index with a shard that was away is remembered for a while after it is not.</summary>
        public bool IsHeld { get; set; }

        /// <summary>How long a batch that finds out whether it is available again may take.</summary>
        public TimeSpan Probe { get; set; }

        public long ProbeStart { get; set; }
    }
}
