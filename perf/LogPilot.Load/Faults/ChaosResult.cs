namespace LogPilot.Load.Faults;

/// <summary>What was written and what became of it.</summary>
internal sealed record ChaosResult
{
    private const int ShownMissing = 20;

    public required int Kills { get; init; }
    public required string Faults { get; init; }
    public required int Rotations { get; init; }
    public required int Written { get; init; }
    public required int Stored { get; init; }
    public required IReadOnlyList<string> Missing { get; init; }
    public required long Duplicates { get; init; }
    public required long Altered { get; init; }
    public required long ResidentPeak { get; init; }

    /// <summary>Whether the agent ended with exit code 0 when it was asked to.</summary>
    public required bool HasStopped { get; init; }

    public required string LogPath { get; init; }

    public bool IsGood => Missing.Count == 0 && Duplicates == 0 && Altered == 0 && HasStopped;

    public void Print(TextWriter writer)
    {
        writer.WriteLine($"written     {Written}, with {Rotations} rotations");
        writer.WriteLine($"stored      {Stored}");
        writer.WriteLine($"missing     {Missing.Count}{(Missing.Count > 0 ? ": " + string.Join(", ", Missing.Take(ShownMissing)) : "")}");
        writer.WriteLine($"duplicates  {Duplicates}");
        writer.WriteLine($"altered     {Altered}");
        writer.WriteLine($"kills       {Kills}");
        writer.WriteLine($"requests    {Faults}");
        writer.WriteLine($"peak RSS    {ResidentPeak / (1024.0 * 1024):0.0} MiB");
        writer.WriteLine($"stopped     {(HasStopped ? "in time" : "NOT in time, or with an error")}");
    }
}
