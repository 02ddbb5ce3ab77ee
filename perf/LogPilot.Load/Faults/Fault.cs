namespace LogPilot.Load.Faults;

/// <summary>What can happen to a bulk request.</summary>
internal enum Fault
{
    None,

    /// <summary>Some items are stored and some are refused with 429.</summary>
    SomeItems,

    /// <summary>Some items are stored and some are refused with 503, as their shard is away.</summary>
    ShardUnavailable,

    /// <summary>An index is read-only: its items are refused with 403.</summary>
    IndexReadOnly,

    /// <summary>An index does not exist and is not made by itself: its items are refused with 404.</summary>
    IndexNotFound,

    /// <summary>The cluster has no shards left for an index: its items are refused with 400.</summary>
    NoShardsLeft,

    /// <summary>The request is refused with 429.</summary>
    TooMany,

    /// <summary>The request is refused with 503.</summary>
    Unavailable,

    /// <summary>The request is refused with 413 if it is large.</summary>
    TooLarge,

    /// <summary>A proxy answers with a page of its own.</summary>
    ProxyPage,

    /// <summary>The connection is reset before the request was read.</summary>
    ResetBefore,

    /// <summary>Nothing is stored, and no answer comes until the agent gives up.</summary>
    Silence,

    /// <summary>Everything is stored, and the connection is reset instead of an answer.</summary>
    ResetBehind,

    /// <summary>Everything is stored, and the answer breaks off.</summary>
    HalfAnswer,

    /// <summary>Everything is stored, and the answer is 200 with nothing in it.</summary>
    EmptyAnswer,

    /// <summary>Everything is stored, and no answer comes until the agent gives up.</summary>
    NoAnswer,

    /// <summary>The answer is right, and late.</summary>
    Late,
}
