namespace LogPilot.Load.Faults;

/// <summary><c>chaos</c> and, with more kills, <c>soak</c>: exit code 0 only if every line is stored once.</summary>
internal static class ChaosCommand
{
    public static int Run(ChaosOptions options)
    {
        Console.WriteLine($"seed        {options.Seed}");
        using var run = new ChaosRun(options);
        var result = run.Run();
        result.Print(Console.Out);
        if (!result.IsGood)
        {
            run.KeepFiles();
            Console.WriteLine($"The agent's log and all files are kept: {result.LogPath}. Run it again with --seed {options.Seed}.");
        }

        return result.IsGood ? 0 : 1;
    }
}
