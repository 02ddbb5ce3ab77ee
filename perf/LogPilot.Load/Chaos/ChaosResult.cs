namespace LogPilot.Load.Chaos;

/// <summary>What was written in a world and what became of it.</summary>
internal sealed record ChaosResult
{
    public required int Kills { get; init; }

    /// <summary>How many there were to be: fewer are enough where nothing is stored any more.</summary>
    public required int KillsWanted { get; init; }

    public required string Troubles { get; init; }
    public required IReadOnlyList<LogResult> Logs { get; init; }
    public required int Altered { get; init; }
    public required long ResidentPeak { get; init; }

    /// <summary>Whether the agent ended with exit code 0 when it was asked to.</summary>
    public required bool HasStopped { get; init; }

    public bool IsGood => Logs.All(log => log.IsGood) && Altered == 0 && Kills == KillsWanted && HasStopped;

    public void Print(TextWriter writer)
    {
        writer.WriteLine(LogResult.Header);
        foreach (var log in Logs)
        {
            writer.WriteLine(log);
        }

        foreach (var log in Logs.Where(log => log.Missing.Count > 0))
        {
            writer.WriteLine($"missing     {log.MissingNumbers}");
        }

        foreach (var log in Logs.Where(log => log.Duplicates.Count > 0))
        {
            writer.WriteLine($"duplicate   {log.DuplicateNumbers}");
        }

        writer.WriteLine($"altered     {Altered}");
        writer.WriteLine($"kills       {Kills}{(Kills < KillsWanted ? $" of {KillsWanted}, since nothing was stored any more" : "")}");
        writer.WriteLine($"server      {Troubles}");
        writer.WriteLine($"peak RSS    {ResidentPeak / (1024.0 * 1024):0.0} MiB");
        writer.WriteLine($"stopped     {(HasStopped ? "in time" : "NOT in time, or with an error")}");
    }
}
