using LogPilot.Agent.Tracking;

namespace LogPilot.Aot.Commands;

/// <summary>What a live or stopped agent has left in its state directory.</summary>
internal sealed record StatusFile(AgentStatus Status, CheckpointDump Dump)
{
    /// <exception cref="CheckpointException">There is no checkpoint file, or it is of another version.</exception>
    public static StatusFile Read(string stateDirectory)
    {
        var dump = CheckpointFile.ReadAll(stateDirectory);
        return new StatusFile(AgentStatus.Read(dump.Status), dump);
    }

    /// <summary>Everything that is wrong with the agent now.</summary>
    public IReadOnlyList<string> Judge() =>
        AgentHealth.Judge(Status, Dump.IsLive, Environment.TickCount64, DateTimeOffset.UtcNow);
}
