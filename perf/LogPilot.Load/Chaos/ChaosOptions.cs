namespace LogPilot.Load.Chaos;

/// <summary>What a run of chaos does.</summary>
/// <param name="Executable">The agent.</param>
/// <param name="World">The name of what is around it.</param>
/// <param name="Seed">
/// Of everything that is drawn by lot; the same seed gives the same faults, though not at the same moments.
/// </param>
/// <param name="Kills">How often the agent is killed.</param>
internal sealed record ChaosOptions(string Executable, string World, int Seed, int Kills);
