using LogPilot.Load.Faults;
using LogPilot.Load.Processes;
using LogPilot.Load.Sources;
using LogPilot.Load.Stores;

namespace LogPilot.Load.Chaos;

/// <summary>Everything around the agent: what is written and rotated, and the server that takes it.</summary>
internal sealed class World : IDisposable
{
    private const int AliveMillisecondsMaxFast = 1500;

    // A real server takes ten seconds to come back, and is to be killed as well.
    private const int AliveMillisecondsMaxSlow = 6000;

    private const int BurstLinesMaxFast = 80;

    // A real server has the machine's processors to share with the agent and with its own starts.
    private const int BurstLinesMaxSlow = 10;

    private static readonly TimeSpan PatienceFast = TimeSpan.FromMinutes(1);

    // Each start of a real server may come just before the next crash, and each may take a minute on a busy machine.
    private static readonly TimeSpan PatienceSlow = TimeSpan.FromMinutes(5);

    private World(ISource source, IStore store, bool isReal)
    {
        AliveMillisecondsMax = isReal ? AliveMillisecondsMaxSlow : AliveMillisecondsMaxFast;
        Patience = isReal ? PatienceSlow : PatienceFast;
        Source = source;
        Store = store;
    }

    public static IReadOnlyList<string> Names { get; } =
        ["fake", "docker", "docker-compress", "containerd", "containerd-compress", "volume", "elasticsearch-6.8.23", "elasticsearch-9.2.0"];

    public ISource Source { get; }

    public IStore Store { get; }

    /// <summary>The longest time between a start of the agent and its end.</summary>
    public int AliveMillisecondsMax { get; }

    /// <summary>If no line is stored for so long, none will be.</summary>
    public TimeSpan Patience { get; }

    /// <summary>The world of a name; null and why where this machine cannot have it.</summary>
    public static World? TryBuild(string name, ScratchDirectory scratch, Random random, out string reason)
    {
        var isReal = name.StartsWith("elasticsearch-", StringComparison.Ordinal);
        reason = "";
        IStore? store = isReal
            ? CrashingElasticsearch.TryStart(name, scratch, random.Next(), out reason)
            : new FaultServer(new FaultWeather(random.Next()));
        if (store is null)
        {
            return null;
        }

        ISource? source = name switch
        {
            "docker" => ContainerSource.TryStart(scratch, store, compresses: false, out reason),
            "docker-compress" => ContainerSource.TryStart(scratch, store, compresses: true, out reason),
            "containerd" => PodSource.TryStart(scratch, store, compresses: false, out reason),
            "containerd-compress" => PodSource.TryStart(scratch, store, compresses: true, out reason),
            "volume" => new VolumeSource(scratch, store, random),
            _ => new FileSource(scratch, store, isReal ? BurstLinesMaxSlow : BurstLinesMaxFast, random),
        };
        if (source is null)
        {
            store.Dispose();
            return null;
        }

        return new World(source, store, isReal);
    }

    public void Dispose()
    {
        Source.Dispose();
        Store.Dispose();
    }
}
