using System.Text;

namespace LogPilot.Agent.Shipping;

/// <summary>The indexes that the cluster does not take now, each with its own growing pause. Safe for concurrent use.</summary>
internal sealed class HeldIndexes(ElasticsearchOptions options, SinkStatus status, TimeProvider time)
{
    // Its lines leave memory and are read and encoded again for each attempt, so a pause below this would only cost.
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);

    // An index that nobody has written to for so long has no lines waiting any more, such as yesterday's.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private volatile int _count;

    /// <summary>Whether any index is held; cheap, asked for every batch.</summary>
    public bool Any => _count > 0;

    /// <summary>The cluster refused the index: returns how long its lines should wait, and what to tell.</summary>
    public TimeSpan Hold(string index, string reason, out string text)
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
            text = $"the cluster does not take index {index} now: {Advice(reason)}; it says: {reason}";
            status.Report(Key(index), text);
            return entry.Backoff.Fail();
        }
    }

    /// <summary>The cluster took a document of this index; true if it was held.</summary>
    public bool Release(ReadOnlySpan<byte> index)
    {
        var name = Encoding.UTF8.GetString(index);
        lock (_gate)
        {
            return Remove(name);
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
            : Says("security_exception") ? "the user may not write to it: its role needs create_index and create_doc for this name"
            : "see what the cluster says";
    }

    private sealed class Entry(Backoff backoff)
    {
        public Backoff Backoff { get; } = backoff;

        public long LastHeld { get; set; }
    }
}
