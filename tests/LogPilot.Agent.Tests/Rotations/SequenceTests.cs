using System.Collections.Concurrent;
using System.Globalization;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>
/// Random lives of a log, beside a model of what has to come of it: every line that could be read is stored once, as it
/// was written. A failure names its seed and the few actions that are enough for it; the seed is kept as a case.
/// </summary>
/// <remarks>
/// <c>LOGPILOT_SEQUENCES</c> says how many there are of all worlds together, <c>LOGPILOT_SEED</c> with which seed they
/// begin, and <c>LOGPILOT_FEATURES</c> what is in them.
/// </remarks>
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
    public void Sequences_Random_StoreEveryLineOnce(string world)
    {
        var kind = Enum.Parse<WorldKind>(world);
        var features = Supported(kind);
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

    // The seeds that have failed, with the features that they were drawn with.
    [Theory]
    [InlineData(nameof(WorldKind.Docker), "All", 4)]
    [InlineData(nameof(WorldKind.Docker), "CutRecords", 0)]
    [InlineData(nameof(WorldKind.Docker), "CutRecords", 27)]
    [InlineData(nameof(WorldKind.Docker), "Cuts", 101)]
    [InlineData(nameof(WorldKind.Docker), "Cuts", 164)]
    [InlineData(nameof(WorldKind.Docker), "Compression", 6)]
    [InlineData(nameof(WorldKind.Docker), "Compression", 28)]
    [InlineData(nameof(WorldKind.RawWildcard), "All", 2)]
    [InlineData(nameof(WorldKind.RawWildcard), "Compression", 0)]
    [InlineData(nameof(WorldKind.RawWildcard), "Copies", 50)]
    [InlineData(nameof(WorldKind.RawWildcard), "Copies", 78)]
    [InlineData(nameof(WorldKind.RawWildcard), "Cuts", 53)]
    [InlineData(nameof(WorldKind.RawWildcard), "HalfLines", 13)]
    [InlineData(nameof(WorldKind.RawExact), "All", 4)]
    [InlineData(nameof(WorldKind.RawExact), "Copies", 15)]
    [InlineData(nameof(WorldKind.RawExact), "Copies", 43)]
    [InlineData(nameof(WorldKind.RawExact), "Cuts", 53)]
    [InlineData(nameof(WorldKind.RawExact), "Siblings", 0)]
    [InlineData(nameof(WorldKind.EqualLinesExact), "All", 0)]
    [InlineData(nameof(WorldKind.EqualLinesExact), "Siblings", 2)]
    public void Sequence_Seed_StoresEveryLineOnce(string world, string drawnWith, int seed)
    {
        var kind = Enum.Parse<WorldKind>(world);
        var features = Enum.Parse<Features>(drawnWith);
        Assert.SkipUnless(Supported(kind).HasFlag(features), $"{kind} with {features} is not read yet.");

        var (options, actions) = SequenceGenerator.Draw(kind, features, seed);

        Assert.Empty(SequenceRun.Play(options, actions));
    }

    // What of a world the agent can live in.
    private static Features Supported(WorldKind kind)
    {
        if (Enum.TryParse<Features>(Environment.GetEnvironmentVariable("LOGPILOT_FEATURES"), out var features))
        {
            return features;
        }

        return kind switch
        {
            WorldKind.RawWildcard => Features.Links | Features.Restarts,
            WorldKind.RawExact => Features.Links | Features.Restarts | Features.HalfLines | Features.Compression,
            _ => Features.Restarts,
        };
    }

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
