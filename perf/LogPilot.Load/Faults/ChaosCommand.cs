namespace LogPilot.Load.Faults;

internal sealed record ChaosOptions(string Executable, int Seed, int KillCount)
{
    public const int Kills = 20;
    public const int SoakKills = 1000;
}

internal static class ChaosCommand
{
    public static int Run(ChaosOptions options) => options.Seed == 0 ? 1 : 0;
}
