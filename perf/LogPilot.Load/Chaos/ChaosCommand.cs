using LogPilot.Load.Processes;

namespace LogPilot.Load.Chaos;

/// <summary>
/// <c>chaos</c> and, with more kills, <c>soak</c>: exit code 0 only if every line is stored once in every world.
/// </summary>
internal static class ChaosCommand
{
    public static int Run(IReadOnlyList<ChaosOptions> runs)
    {
        var worlds = runs.Select(Play).ToList();
        var failed = worlds.Where(world => !world.IsGood).Select(world => world.Name).ToList();
        Console.WriteLine($"in all      {worlds.Sum(world => world.Kills)} kills, {worlds.Sum(world => world.Lines)} lines");
        if (failed.Count > 0)
        {
            Console.WriteLine($"FAILED      {string.Join(", ", failed)}");
        }

        return failed.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs one world and prints what came of it; one that this machine cannot have is skipped.</summary>
    private static PlayedWorld Play(ChaosOptions options)
    {
        Console.WriteLine($"world       {options.World}, seed {options.Seed}");
        using var scratch = new ScratchDirectory();
        var played = new PlayedWorld(options.World, IsGood: false, 0, 0);
        try
        {
            var random = new Random(options.Seed);
            using var world = World.TryBuild(options.World, scratch, random, out var reason);
            if (world is null)
            {
                Console.WriteLine($"skipped     {reason}\n");
                return new PlayedWorld(options.World, IsGood: true, 0, 0);
            }

            var agent = new Agent(options.Executable, scratch, world.Store.Address);
            using var run = new ChaosRun(options, world, agent, random);
            var result = run.Run();
            result.Print(Console.Out);
            Console.WriteLine();
            played = played with { IsGood = result.IsGood, Kills = result.Kills, Lines = result.Logs.Sum(log => (long)log.Written) };
            if (played.IsGood)
            {
                return played;
            }
        }
        catch (LoadException exception)
        {
            Console.WriteLine(exception.Message);
        }

        scratch.Keep();
        Console.WriteLine($"The agent's log and all files are kept: {scratch.Root}.");
        Console.WriteLine($"Run it again with {options.World} --seed {options.Seed}.\n");
        return played;
    }

    /// <summary>What came of a world.</summary>
    private readonly record struct PlayedWorld(string Name, bool IsGood, int Kills, long Lines);
}
