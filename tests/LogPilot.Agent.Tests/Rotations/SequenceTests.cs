using System.Collections.Concurrent;
using System.Globalization;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>
/// Random lives of a log, beside a model of what has to come of it: every line that could be read is stored once, as it
/// was written. A failure names its seed and the few actions that are enough for it; the seed is kept as a case.
/// </summary>
/// <remarks>
/// <c>LOGPILOT_SEQUENCES</c> says how many there are of all worlds together, <c>LOGPILOT_SEED</c> with which seed they
/// begin, and <c>LOGPILOT_FEATURES</c> what is in them.
/// </remarks>
[Collection(RunsAlone.Name)]
public sealed class SequenceTests
{
    private const int FailuresMax = 3;

    // Waiting for the kernel to let go of a watch is most of what a sequence does.
    private static readonly ParallelOptions Parallelism = new()
    {
        MaxDegreeOfParallelism = 4 * Environment.ProcessorCount,
    };

    [Theory]
    [InlineData(nameof(WorldKind.Docker))]
    [InlineData(nameof(WorldKind.RawWildcard))]
    [InlineData(nameof(WorldKind.RawExact))]
    [InlineData(nameof(WorldKind.EqualLinesWildcard))]
    [InlineData(nameof(WorldKind.EqualLinesExact))]
    [InlineData(nameof(WorldKind.Cri))]
    public void Sequences_Random_StoreEveryLineOnce(string world)
    {
        var kind = Enum.Parse<WorldKind>(world);
        var features = Drawn();
        var failed = new ConcurrentBag<int>();
        var first = Setting("LOGPILOT_SEED", 0);
        var count = Setting("LOGPILOT_SEQUENCES", 2000) / Enum.GetValues<WorldKind>().Length;
        Parallel.For(first, first + count, Parallelism, (seed, loop) =>
        {
            var (options, actions) = SequenceGenerator.Draw(kind, features, seed);
            if (SequenceRun.Play(options, actions).Count > 0)
            {
                failed.Add(seed);
                if (failed.Count >= FailuresMax)
                {
                    loop.Stop();
                }
            }
        });

        var shown = failed.Order().Take(FailuresMax).Select(seed => Explain(kind, features, seed));
        Assert.True(failed.IsEmpty, string.Join("\n\n", shown));
    }

    // Seeds that have failed, with the features that they were drawn with.
    [Theory]
    [InlineData(nameof(WorldKind.Docker), "All", 13)]
    [InlineData(nameof(WorldKind.Docker), "All", 34)]
    [InlineData(nameof(WorldKind.Docker), "All", 52)]
    [InlineData(nameof(WorldKind.Docker), "All", 58)]
    [InlineData(nameof(WorldKind.Docker), "All", 93)]
    [InlineData(nameof(WorldKind.Docker), "All", 210)]
    [InlineData(nameof(WorldKind.Docker), "All", 494)]
    [InlineData(nameof(WorldKind.Docker), "All", 547)]
    [InlineData(nameof(WorldKind.Docker), "All", 1000205)]
    [InlineData(nameof(WorldKind.Docker), "All", 1000257)]
    [InlineData(nameof(WorldKind.RawWildcard), "Compression, Copies", 15)]
    [InlineData(nameof(WorldKind.RawWildcard), "Compression, Copies, Holes", 44)]
    [InlineData(nameof(WorldKind.RawWildcard), "Compression, Copies, Holes", 68)]
    [InlineData(nameof(WorldKind.RawWildcard), "Compression, Siblings", 132)]
    [InlineData(nameof(WorldKind.RawWildcard), "Compression, Siblings", 330)]
    [InlineData(nameof(WorldKind.RawExact), "Compression, Siblings", 1)]
    [InlineData(nameof(WorldKind.RawExact), "Compression, Copies, Siblings", 206)]
    [InlineData(nameof(WorldKind.RawExact), "All", 459)]
    [InlineData(nameof(WorldKind.RawExact), "All", 474)]
    [InlineData(nameof(WorldKind.RawExact), "All", 665)]
    [InlineData(nameof(WorldKind.RawExact), "All", 716)]
    [InlineData(nameof(WorldKind.RawExact), "All", 757)]
    [InlineData(nameof(WorldKind.RawExact), "All", 849)]
    [InlineData(nameof(WorldKind.RawExact), "All", 1108)]
    [InlineData(nameof(WorldKind.RawExact), "All", 1130)]
    [InlineData(nameof(WorldKind.RawExact), "All", 1439)]
    [InlineData(nameof(WorldKind.RawExact), "All", 1571)]
    [InlineData(nameof(WorldKind.RawExact), "All", 2019)]
    [InlineData(nameof(WorldKind.RawExact), "All", 2143)]
    [InlineData(nameof(WorldKind.RawExact), "All", 2364)]
    [InlineData(nameof(WorldKind.RawExact), "All", 2970)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3063)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3278)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3312)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3465)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3648)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3849)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3951)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3970)]
    [InlineData(nameof(WorldKind.RawExact), "All", 4138)]
    [InlineData(nameof(WorldKind.RawExact), "All", 4229)]
    [InlineData(nameof(WorldKind.RawExact), "All", 2000594)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3001038)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3004540)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3006759)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3007371)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3011088)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 113)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 757)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 849)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 1571)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 2219)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 1001451)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 1001767)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 1002227)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 1003636)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 2000594)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 3001038)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 3004540)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 13)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 114)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 204)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 3015481)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 3022510)]
    [InlineData(nameof(WorldKind.RawExact), "All", 3022510)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 3016222)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 3016222)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 4101887)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 4101887)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 4105526)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 4105526)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 4204672)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 4204672)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 4206253)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 4206253)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 4202512)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 4202512)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 4104985)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 4104985)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 4304628)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 4304628)]
    [InlineData(nameof(WorldKind.RawWildcard), "All, CloseLooks", 4306043)]
    [InlineData(nameof(WorldKind.RawExact), "All, CloseLooks", 4306043)]
    [InlineData(nameof(WorldKind.EqualLinesExact), "All", 25)]
    [InlineData(nameof(WorldKind.EqualLinesExact), "All", 762)]
    public void Sequence_Seed_StoresEveryLineOnce(string world, string drawnWith, int seed)
    {
        var kind = Enum.Parse<WorldKind>(world);
        var features = Enum.Parse<Features>(drawnWith);
        var (options, actions) = SequenceGenerator.Draw(kind, features, seed);

        Assert.Empty(SequenceRun.Play(options, actions));
    }

    // What is in the random worlds.
    private static Features Drawn() =>
        Enum.TryParse<Features>(Environment.GetEnvironmentVariable("LOGPILOT_FEATURES"), out var features) ? features
        : Features.All | Features.CloseLooks;

    private static string Explain(WorldKind kind, Features features, int seed)
    {
        var (world, actions) = SequenceGenerator.Draw(kind, features, seed);
        var fewer = SequenceShrinker.Shrink(world, actions);
        return $"""
            [InlineData(nameof(WorldKind.{kind}), "{features}", {seed})]
            {world}
            {actions.Count} actions, of which these {fewer.Count} are enough:
              {string.Join("\n  ", fewer)}
            {string.Join("\n", SequenceRun.Play(world, fewer))}
            """;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value : otherwise;
}
