using LogPilot.Load.Servers;

namespace LogPilot.Load.Faults;

/// <summary>What a cluster in trouble says, in the words of Elasticsearch 9.2 as far as the agent reads them.</summary>
internal static class FaultAnswers
{
    public static ReadOnlySpan<byte> TooMany =>
        """{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution"},"status":429}"""u8;

    public static ReadOnlySpan<byte> Unavailable =>
        """{"error":{"type":"cluster_block_exception","reason":"blocked by: [2/no master];"},"status":503}"""u8;

    public static ReadOnlySpan<byte> TooLarge => "<html><body>413 Request Entity Too Large</body></html>"u8;

    public static ReadOnlySpan<byte> ProxyPage => "<html><body>Bad Gateway</body></html>"u8;

    /// <summary>The answer for an item that a fault hits; null for a fault that is not about items.</summary>
    public static ItemAnswer? Item(Fault fault) => fault switch
    {
        Fault.SomeItems => new(429, "es_rejected_execution_exception", "rejected execution of primary operation"),
        Fault.ShardUnavailable => new(503, "unavailable_shards_exception", "[index][0] primary shard is not active"),
        Fault.IndexReadOnly => new(
            403, "cluster_block_exception", "index [index] blocked by: [FORBIDDEN/8/index write (api)];"),
        Fault.IndexNotFound => new(
            404, "index_not_found_exception", "no such index [index] and [action.auto_create_index] is [false]"),
        Fault.NoShardsLeft => new(
            400, "validation_exception", "Validation Failed: 1: this cluster has [1000]/[1000] maximum shards open;"),
        _ => null,
    };

    /// <summary>Whether a fault hits all items of an index or none.</summary>
    public static bool IsAboutIndex(Fault fault) =>
        fault is Fault.IndexReadOnly or Fault.IndexNotFound or Fault.NoShardsLeft;
}
