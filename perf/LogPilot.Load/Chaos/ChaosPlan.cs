using LogPilot.Load.Processes;

namespace LogPilot.Load.Chaos;

/// <summary>Which worlds are run, and with how many kills each.</summary>
internal static class ChaosPlan
{
    private const string All = "all";
    private const int KillsOfChaos = 20;

    // A thousand over what rotates by itself, and some of the real servers, which take 10 s for each start.
    private static readonly (string World, int Kills)[] Soak =
    [
        ("docker", 250), ("docker-compress", 250), ("volume", 250), ("containerd", 250),
        ("elasticsearch-6.8.23", 100), ("elasticsearch-9.2.0", 100),
    ];

    private static readonly (string World, int Kills)[] Chaos =
    [
        ("fake", KillsOfChaos), ("docker", KillsOfChaos), ("docker-compress", KillsOfChaos),
        ("containerd", KillsOfChaos), ("containerd-compress", KillsOfChaos), ("volume", KillsOfChaos),
    ];

    public static string Names => string.Join('|', World.Names) + "|" + All;

    /// <summary>The runs of a command line; throws <see cref="LoadException"/> for a world that there is not.</summary>
    public static IReadOnlyList<ChaosOptions> For(LoadCommandLine line)
    {
        var usual = line.Command == "soak" ? Soak : Chaos;
        var worlds = line.Names.Count == 0 ? usual.Select(run => run.World)
            : line.Names.Contains(All) ? World.Names
            : line.Names;
        return
        [
            .. worlds.Select(world => new ChaosOptions(
                line.Executable(), Known(world), line.Seed, line.Kills ?? KillsOf(world, usual))),
        ];
    }

    private static string Known(string world) =>
        World.Names.Contains(world) ? world : throw new LoadException($"There is no world {world}: {Names}");

    private static int KillsOf(string world, (string World, int Kills)[] usual)
    {
        var known = Array.FindIndex(usual, run => run.World == world);
        return usual[Math.Max(known, 0)].Kills;
    }
}
