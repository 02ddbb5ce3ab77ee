using LogPilot.Load.Processes;

namespace LogPilot.Load.Chaos;

/// <summary>
/// <c>chaos</c> and, with more kills, <c>soak</c>: exit code 0 only if every line is stored once in every world.
/// </summary>
internal static class ChaosCommand
{
    public static int Run(IReadOnlyList<ChaosOptions> runs)
    {
        var failed = runs.Where(options => !IsGood(options)).Select(options => options.World).ToList();
        if (failed.Count > 0)
        {
            Console.WriteLine($"FAILED      {string.Join(", ", failed)}");
        }

        return failed.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs one world and prints what came of it; one that this machine cannot have is skipped.</summary>
    private static bool IsGood(ChaosOptions options)
    {
        Console.WriteLine($"world       {options.World}, seed {options.Seed}");
        using var scratch = new ScratchDirectory();
        try
        {
            var random = new Random(options.Seed);
            using var world = World.TryBuild(options.World, scratch, random, out var reason);
            if (world is null)
            {
                Console.WriteLine($"skipped     {reason}\n");
                return true;
            }

            var agent = new Agent(options.Executable, scratch, world.Store.Address);
            using var run = new ChaosRun(options, world, agent, random);
            var result = run.Run();
            result.Print(Console.Out);
            Console.WriteLine();
            if (result.IsGood)
            {
                return true;
            }
        }
        catch (LoadException exception)
        {
            Console.WriteLine(exception.Message);
        }

        scratch.Keep();
        Console.WriteLine($"The agent's log and all files are kept: {scratch.Root}.");
        Console.WriteLine($"Run it again with {options.World} --seed {options.Seed}.\n");
        return false;
    }
}
