namespace LogPilot.Agent.Records;

/// <summary>What every document says besides its line.</summary>
internal sealed record RecordOptions
{
    /// <summary>Field <c>k8s_node_name</c>, from <c>NODE_NAME</c>; empty to leave it out.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>The zone of times that name none in the host's own logs, from the agent's <c>TZ</c>; empty for UTC.</summary>
    public string HostZone { get; init; } = "";

    /// <summary>The date behind the index name, <c>LOGPILOT_INDEX_DATE_FORMAT</c>: <c>yyyy</c>, <c>MM</c>, <c>dd</c>, <c>HH</c> and literals, UTC.</summary>
    public string IndexDateFormat { get; init; } = "yyyy.MM.dd";
}
