using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent;

/// <summary>The whole configuration of the agent, validated once at start and unchanged after it.</summary>
internal sealed record AgentOptions
{
    /// <summary>The container runtimes that are watched.</summary>
    public IReadOnlyList<RuntimeOptions> Runtimes { get; init; } = [new DockerOptions()];

    public DeclarationOptions Declarations { get; init; } = new();
    public TailOptions Tail { get; init; } = new();
    public LineOptions Lines { get; init; } = new();
    public RecordOptions Records { get; init; } = new();
    public ShippingOptions Shipping { get; init; } = new();
    public TrackingOptions Tracking { get; init; } = new();

    /// <summary>The agent's own environment, read for declarations of host logs.</summary>
    public IReadOnlyList<string> HostEnv { get; init; } = [];

    /// <summary>How long a stop may take to deliver what is in memory, <c>LOGPILOT_STOP_DEADLINE</c>; below Kubernetes' 30 s.</summary>
    public TimeSpan StopDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>LOGPILOT_LOG_FORMAT</c>: one JSON object an event instead of text.</summary>
    public bool LogJson { get; init; }

    /// <summary><c>LOGPILOT_LOG_LEVEL</c>.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
