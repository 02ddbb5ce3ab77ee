namespace LogPilot.Load.Measurements;

/// <summary>What every benchmark is given.</summary>
/// <param name="Executable">The agent.</param>
/// <param name="Runs">How often what varies most is repeated.</param>
internal sealed record BenchOptions(string Executable, int Runs)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public const double MiB = 1024 * 1024;
}
