namespace LogPilot.Agent.Records;

/// <summary>What every document says besides its line.</summary>
internal sealed record RecordOptions
{
    /// <summary>Field <c>k8s_node_name</c>, from <c>NODE_NAME</c>; empty to leave it out.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>The zone of times that name none in the host's own logs, from the agent's <c>TZ</c>; empty for UTC.</summary>
    public string HostZone { get; init; } = "";

    /// <summary>What the host is called in the shapes that always say it: <c>NODE_NAME</c>, else the host's own name.</summary>
    public string HostName { get; init; } = "";

    /// <summary>The date behind the index name, <c>LOGPILOT_INDEX_DATE_FORMAT</c>: <c>yyyy</c>, <c>MM</c>, <c>dd</c>, <c>HH</c> and literals, UTC.</summary>
    public string IndexDateFormat { get; init; } = "yyyy.MM.dd";

    /// <summary><c>LOGPILOT_DOCUMENT</c>.</summary>
    public DocumentShape Shape { get; init; }

    /// <summary><c>LOGPILOT_METADATA</c>.</summary>
    public MetadataOptions Metadata { get; init; } = MetadataOptions.None;
}

/// <summary>What the fields of a document are called.</summary>
internal enum DocumentShape
{
    /// <summary>log-pilot's names.</summary>
    LogPilot,

    /// <summary>log-pilot's names, and what its Filebeat 6.1 wrote besides them.</summary>
    Filebeat,

    /// <summary>Those of the Elastic Common Schema.</summary>
    Ecs,
}

/// <summary>What else of a container is in its documents.</summary>
internal sealed record MetadataOptions
{
    public static readonly MetadataOptions None = new();

    public bool ContainerId { get; init; }

    public bool Image { get; init; }

    public bool PodUid { get; init; }

    /// <summary>Names of labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Names of environment variables.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];
}
