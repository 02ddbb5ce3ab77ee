using System.Text;

namespace LogPilot.Agent.Shipping;

/// <summary>What the answer for one item means for it.</summary>
internal enum ItemVerdict
{
    /// <summary>The server has it now.</summary>
    Stored,

    /// <summary>The server had it already: a replay recognised by its id.</summary>
    Duplicate,

    /// <summary>Not now, since there is no capacity: the same item again will do.</summary>
    Busy,

    /// <summary>Not now for another cause: the same item again will do.</summary>
    NotNow,

    /// <summary>Not now, since the shard that it belongs to has no active copy: the same item again will do.</summary>
    Unavailable,

    /// <summary>The cluster does not take the item's index now, whatever the document.</summary>
    Held,

    /// <summary>The server does not take this document as it is.</summary>
    Refused,

    /// <summary>No document can be stored under this index name.</summary>
    RefusedIndex,
}

/// <summary>The verdicts of one bulk answer, in the order of the items that were sent. Reused from request to request.</summary>
internal sealed class BulkVerdicts
{
    private ItemVerdict[] _verdicts = [];
    private string?[] _reasons = [];
    private readonly List<byte> _text = [];
    private byte[] _lastReason = [];
    private string _lastText = "";

    public int Count { get; private set; }

    public ItemVerdict this[int item] => _verdicts[item];

    public bool Has(ItemVerdict verdict) => _verdicts.AsSpan(0, Count).Contains(verdict);

    /// <summary>What the server said, for items that are not stored.</summary>
    public string ReasonOf(int item) => _reasons[item] ?? "";

    /// <summary>Forgets the last answer.</summary>
    public void Clear() => Count = 0;

    /// <summary>Takes the answer for the next item.</summary>
    public void Add(int status, ReadOnlySpan<byte> type, ReadOnlySpan<byte> reason, ReadOnlySpan<byte> cause)
    {
        if (Count == _verdicts.Length)
        {
            Array.Resize(ref _verdicts, Math.Max(256, Count * 2));
            Array.Resize(ref _reasons, _verdicts.Length);
        }

        var verdict = Judge(status, type, reason);
        _verdicts[Count] = verdict;
        _reasons[Count] = verdict > ItemVerdict.Duplicate ? Text(status, type, reason, cause) : null;
        Count++;
    }

    /// <summary>What an item's status and error mean; as seen on Elasticsearch 5.6 to 9.2 and OpenSearch 2.19.</summary>
    internal static ItemVerdict Judge(int status, ReadOnlySpan<byte> type, ReadOnlySpan<byte> reason) => status switch
    {
        >= 200 and < 300 => ItemVerdict.Stored,
        409 => ItemVerdict.Duplicate,

        // From 7 on a full disk answers 429 where 5 and 6 answer 403. It lasts until somebody makes room, so waiting with
        // the batch in memory would stop every other index too: it is held like the 403.
        429 when type.SequenceEqual("cluster_block_exception"u8) => ItemVerdict.Held,
        429 => ItemVerdict.Busy,
        503 when type.SequenceEqual("unavailable_shards_exception"u8) => ItemVerdict.Unavailable,
        408 or >= 500 => ItemVerdict.NotNow,

        // Blocks, closed indexes (403 on 5 only) and missing rights are all about the index.
        401 or 403 => ItemVerdict.Held,
        404 => type.SequenceEqual("index_not_found_exception"u8) ? ItemVerdict.Held
            : type.SequenceEqual("shard_not_found_exception"u8) ? ItemVerdict.Unavailable
            : ItemVerdict.NotNow,
        400 => JudgeBadRequest(type, reason),

        // No server says this of a document, so what said it was none, and the document is not to blame.
        < 400 => ItemVerdict.NotNow,
        _ => ItemVerdict.Refused,
    };

    private static ItemVerdict JudgeBadRequest(ReadOnlySpan<byte> type, ReadOnlySpan<byte> reason)
    {
        // No shards left in the cluster, or the index is closed (6 and newer).
        if (type.SequenceEqual("validation_exception"u8) || type.SequenceEqual("index_closed_exception"u8))
        {
            return ItemVerdict.Held;
        }

        if (type.SequenceEqual("invalid_index_name_exception"u8))
        {
            return ItemVerdict.RefusedIndex;
        }

        // Both would refuse every document of the index: an alias without an index to write to, and on 6 an index whose
        // documents have another _type.
        var wholeIndex = type.SequenceEqual("illegal_argument_exception"u8)
            && (reason.StartsWith("no write index is defined"u8) || reason.IndexOf("more than 1 type"u8) >= 0);
        return wholeIndex ? ItemVerdict.Held : ItemVerdict.Refused;
    }

    /// <summary>One string for a run of equal answers, since a whole batch is often refused with the same words.</summary>
    private string Text(int status, ReadOnlySpan<byte> type, ReadOnlySpan<byte> reason, ReadOnlySpan<byte> cause)
    {
        _text.Clear();
        Append(_text, type);
        Append(_text, reason);
        Append(_text, cause);
        if (_text.Count == 0)
        {
            return $"status {status}";
        }

        if (!System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text).SequenceEqual(_lastReason))
        {
            _lastReason = [.. _text];
            _lastText = Encoding.UTF8.GetString(_lastReason);
        }

        return _lastText;
    }

    private static void Append(List<byte> bytes, ReadOnlySpan<byte> part)
    {
        if (part.Length > 0)
        {
            if (bytes.Count > 0)
            {
                bytes.AddRange(": "u8);
            }

            bytes.AddRange(part);
        }
    }
}
