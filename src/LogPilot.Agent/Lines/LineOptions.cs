namespace LogPilot.Agent.Lines;

/// <summary>The limits of a line.</summary>
internal sealed record LineOptions
{
    /// <summary>Longer lines are cut here, <c>LOGPILOT_LINE_BYTES_MAX</c>.</summary>
    public int LineBytesMax { get; init; } = 1024 * 1024;
}
