using LogPilot.Agent.Files;

namespace LogPilot.Agent;

/// <summary>What the pass has done since the start. Written by the pipeline's thread alone.</summary>
internal sealed class AgentTotals
{
    private readonly Dictionary<(string Owner, LossReason Reason), long> _losses = [];

    public long LinesRead { get; set; }

    /// <summary>Lines that the filters of their declarations left out.</summary>
    public long LinesFiltered { get; set; }

    /// <summary>Lines of which the format or the time was not as declared.</summary>
    public long LinesUnparsed { get; set; }

    public long BytesRead { get; set; }

    public long CutBytes { get; set; }

    public long LostBytes { get; private set; }

    /// <summary>Lost bytes for each owner and reason.</summary>
    public IReadOnlyDictionary<(string Owner, LossReason Reason), long> Losses => _losses;

    public void AddLost(string owner, LossReason reason, long bytes)
    {
        LostBytes += bytes;
        _losses[(owner, reason)] = _losses.GetValueOrDefault((owner, reason)) + bytes;
    }
}
