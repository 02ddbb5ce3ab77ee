namespace LogPilot.Agent.Declarations;

/// <summary>The names of fields that nothing a container declares or writes can set.</summary>
internal static class ReservedFields
{
    // What the agent writes into every document, and what it knows of the container.
    private static readonly string[] OwnNames =
    [
        "@timestamp", "source", "offset", "stream", "index", "topic",
        "docker_container", "docker_app", "docker_service", "docker_container_id", "docker_image",
        "k8s_pod", "k8s_pod_namespace", "k8s_container_name", "k8s_node_name", "k8s_pod_uid",
    ];

    private static readonly string[] PrefixesOfTags = ["docker_label_", "docker_env_"];

    // What Elasticsearch 5 to 9 and OpenSearch keep for themselves at the root of a document, with and without x-pack and the
    // mapper-size plugin. Most of these are refused. Others are taken, which is worse: _doc_count changes what aggregations count, and
    // a document with __soft_deletes is created, and deleted at once. Below the root they are names as others are.
    // https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/document-metadata-fields
    private static readonly string[] ServerNames =
    [
        "__soft_deletes", "_all", "_data_stream_timestamp", "_doc_count", "_feature", "_field_names", "_id", "_ignored", "_ignored_source", "_index",
        "_index_mode", "_inference_fields", "_nested_path", "_parent", "_primary_term", "_recovery_source", "_routing", "_seq_no",
        "_size", "_source", "_tier", "_timestamp", "_tombstone", "_ts_routing_hash", "_tsid", "_ttl", "_type", "_uid", "_version",
    ];

    private static readonly HashSet<string> NamesForTags = [.. OwnNames, "message", "log", .. ServerNames];

    /// <summary>Names that a record cannot set at its root. It may bring its own <c>message</c>.</summary>
    public static IEnumerable<string> InRecords => [.. OwnNames, "log", .. ServerNames];

    /// <summary>A record cannot set a name that begins so either, whether the agent has a field of that name or not.</summary>
    public static IReadOnlyList<string> PrefixesInRecords { get; } = ["docker_", "k8s_"];

    /// <summary>Whether a tag cannot have this name.</summary>
    /// <remarks>To the server <c>a.b</c> is the member <c>b</c> of <c>a</c>, so only the first part counts.</remarks>
    public static bool Has(string key) =>
        NamesForTags.Contains(FirstPart(key)) || Array.Exists(PrefixesOfTags, prefix => key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The part of a name that tells which field of the root it is in.</summary>
    public static string FirstPart(string key) => key.Split('.')[0];
}
