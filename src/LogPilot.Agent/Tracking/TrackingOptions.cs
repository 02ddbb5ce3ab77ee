namespace LogPilot.Agent.Tracking;

/// <summary>How positions are kept over restarts.</summary>
internal sealed record TrackingOptions
{
    /// <summary>Where the checkpoint and dead-letter files live, <c>LOGPILOT_STATE_DIR</c>.</summary>
    public string StateDirectory { get; init; } = "/var/lib/logpilot";

    /// <summary>How often the checkpoint file is forced to disk, <c>LOGPILOT_SYNC_INTERVAL</c>: what a power cut can make to be sent again.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Health turns red when an unacknowledged line is older, <c>LOGPILOT_HEALTH_LAG_MAX</c>.</summary>
    public TimeSpan HealthLagMax { get; init; } = TimeSpan.FromMinutes(5);
}
