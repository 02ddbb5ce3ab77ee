namespace LogPilot.Agent;

/// <summary>What the pass has done since the start. Written by the pipeline's thread alone.</summary>
internal sealed class AgentTotals
{
    public long LinesRead { get; set; }

    public long BytesRead { get; set; }

    public long CutBytes { get; set; }

    public long LostBytes { get; set; }
}
