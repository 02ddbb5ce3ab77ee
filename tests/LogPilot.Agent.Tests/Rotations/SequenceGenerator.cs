namespace LogPilot.Agent.Tests.Rotations;

/// <summary>Draws sequences of actions from a seed.</summary>
internal sealed class SequenceGenerator(WorldOptions world, Random random)
{
    private const int ActionsMin = 10;
    private const int ActionsMax = 60;
    private const int PreambleMax = 8;
    private const int DowntimeMax = 10;
    private const int SeedFactor = -1_640_531_527;

    /// <summary>The world and the actions of a seed.</summary>
    public static (WorldOptions World, List<SequenceAction> Actions) Draw(WorldKind kind, Features features, int seed)
    {
        // The first numbers of neighbouring seeds are alike; far ones are not.
        var random = new Random(unchecked(seed * SeedFactor));
        var world = WorldOptions.Draw(kind, features, random);
        return (world, new SequenceGenerator(world, random).Draw());
    }

    private List<SequenceAction> Draw()
    {
        var actions = new List<SequenceAction>();
        var count = random.Next(ActionsMin, ActionsMax + 1);
        AddLogActions(actions, random.Next(PreambleMax));
        actions.Add(new Start());
        while (actions.Count < count)
        {
            if (random.Next(14) == 0)
            {
                actions.Add(new GoDown(IsClean: random.Next(2) == 0, Lot: random.Next(16)));
                AddLogActions(actions, random.Next(DowntimeMax));
                actions.Add(new Start());
            }
            else
            {
                actions.Add(random.Next(5) < 2 ? DrawAgentAction() : DrawLogAction());
            }
        }

        return actions;
    }

    private void AddLogActions(List<SequenceAction> actions, int count)
    {
        for (var i = 0; i < count; i++)
        {
            actions.Add(random.Next(8) == 0 ? DrawAdvance() : DrawLogAction());
        }
    }

    private SequenceAction DrawAgentAction() => random.Next(10) switch
    {
        < 4 => new Turn(),
        < 8 => new Answer(random.Next(4), (AnswerKind)random.Next(3), random.Next()),
        _ => DrawAdvance(),
    };

    // Mostly the next moment; sometimes long enough for every grace, or the next day.
    private Advance DrawAdvance() => new(random.Next(10) switch
    {
        < 5 => TimeSpan.FromSeconds(random.Next(1, 6)),
        < 7 => TimeSpan.FromSeconds(random.Next(6, 31)),
        < 9 => TimeSpan.FromSeconds(random.Next(31, 300)),
        _ => TimeSpan.FromHours(random.Next(1, 25)),
    });

    private LogAction DrawLogAction() => random.Next(20) switch
    {
        < 8 => new Write(random.Next(1, 5), random.Next(1, 4), DrawBytes(), random.Next(2)),
        < 11 => new WriteHalf(DrawBytes(), random.Next(2)),
        < 16 => new Rotate(Reopens: random.Next(2) == 0, Looks: random.Next(4) == 0),
        16 => random.Next(2) == 0 ? new Cut() : new FinishCompression(),
        17 => new FinishCompression(),
        18 => DrawRare(),
        _ => new Reopen(FinishesLine: random.Next(2) == 0),
    };

    private LogAction DrawRare() => random.Next(4) switch
    {
        0 when !world.HasEqualLines => new Delete(Reopens: random.Next(2) == 0),
        1 when world.Has(Features.Restarts) => new EndContainer(),
        2 or 3 when world.Has(Features.Restarts) => new ResumeContainer(),
        _ => new FinishCompression(),
    };

    // Sometimes so much that a file is longer than what a fingerprint covers.
    private int DrawBytes() => random.Next(8) == 0 ? random.Next(60, 120) : random.Next(1, 20);
}
