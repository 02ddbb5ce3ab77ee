namespace LogPilot.Load.Faults;

/// <summary>What a run of chaos does.</summary>
/// <param name="Executable">The agent.</param>
/// <param name="Seed">Of everything that is drawn by lot; the same seed gives the same faults, though not at the same moments.</param>
/// <param name="Kills">How often the agent is killed.</param>
internal sealed record ChaosOptions(string Executable, int Seed, int Kills)
{
    public const int KillsOfChaos = 20;
    public const int KillsOfSoak = 1000;
}
