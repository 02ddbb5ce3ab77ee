namespace LogPilot.Agent.Declarations;

/// <summary>The names of fields that no tag can set, in any shape.</summary>
internal static class ReservedFields
{
    /// <summary>What the agent writes into every document in log-pilot's shape, and what it knows of the container.</summary>
    public static readonly IReadOnlyList<string> OwnNames =
    [
        "@timestamp", "source", "offset", "stream", "index", "topic",
        "docker_container", "docker_app", "docker_service", "docker_container_id", "docker_image",
        "k8s_pod", "k8s_pod_namespace", "k8s_container_name", "k8s_node_name", "k8s_pod_uid",
    ];

    /// <summary>What Elasticsearch 5 to 9 and OpenSearch keep for themselves at the root of a document, with and without x-pack and the mapper-size plugin.</summary>
    /// <remarks>
    /// Most of these are refused. Others are taken, which is worse: <c>_doc_count</c> changes what aggregations count, and a document with
    /// <c>__soft_deletes</c> is created, and deleted at once. Below the root they are names as others are.
    /// https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/document-metadata-fields
    /// </remarks>
    public static readonly IReadOnlyList<string> ServerNames =
    [
        "__soft_deletes", "_all", "_data_stream_timestamp", "_doc_count", "_feature", "_field_names", "_id", "_ignored", "_ignored_source", "_index",
        "_index_mode", "_inference_fields", "_nested_path", "_parent", "_primary_term", "_recovery_source", "_routing", "_seq_no",
        "_size", "_source", "_tier", "_timestamp", "_tombstone", "_ts_routing_hash", "_tsid", "_ttl", "_type", "_uid", "_version",
    ];

    private static readonly string[] PrefixesOfTags = ["docker_label_", "docker_env_"];

    private static readonly HashSet<string> NamesForTags = [.. OwnNames, "message", "log", .. ServerNames];

    /// <summary>Whether a tag cannot have this name.</summary>
    /// <remarks>To the server <c>a.b</c> is the member <c>b</c> of <c>a</c>, so only the first part counts.</remarks>
    public static bool Has(string key) =>
        NamesForTags.Contains(FirstPart(key)) || Array.Exists(PrefixesOfTags, prefix => key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The part of a name that tells which field of the root it is in.</summary>
    public static string FirstPart(string key) => key.Split('.')[0];
}
