namespace LogPilot.Agent.Tests.Rotations;

/// <summary>Leaves actions out of a sequence for as long as it fails, so that what is left can be read.</summary>
internal static class SequenceShrinker
{
    private const int RunsMax = 500;

    public static List<SequenceAction> Shrink(WorldOptions world, List<SequenceAction> actions)
    {
        var runs = 0;
        for (var length = Math.Max(1, actions.Count / 2); ; length = length > 1 ? length / 2 : 1)
        {
            var before = actions.Count;
            for (var start = 0; start < actions.Count && runs < RunsMax;)
            {
                var end = Math.Min(start + length, actions.Count);
                List<SequenceAction> fewer = [.. actions[..start], .. actions[end..]];
                runs++;
                if (SequenceRun.Play(world, fewer).Count > 0)
                {
                    actions = fewer;
                }
                else
                {
                    start += length;
                }
            }

            if (runs >= RunsMax || (length == 1 && actions.Count == before))
            {
                return actions;
            }
        }
    }
}
