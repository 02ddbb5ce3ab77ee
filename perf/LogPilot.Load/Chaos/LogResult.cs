using LogPilot.Load.Logs;
using LogPilot.Load.Stores;

namespace LogPilot.Load.Chaos;

/// <summary>What was written to one log and what became of it.</summary>
internal sealed record LogResult
{
    private const int ShownRanges = 20;

    public required char Letter { get; init; }
    public required string Description { get; init; }
    public required int Rotations { get; init; }
    public required int Written { get; init; }
    public required int Stored { get; init; }
    public required IReadOnlyList<NumberRange> Missing { get; init; }
    public required IReadOnlyList<int> Duplicates { get; init; }

    /// <summary>How often a line was stored behind one that was written after it; null if nobody knows.</summary>
    public required int? Reordered { get; init; }

    public bool IsGood => Missing.Count == 0 && Duplicates.Count == 0;

    public static string Header =>
        Row("", "rotations", "written", "stored", "missing", "duplicate", "reordered");

    /// <summary>The numbers of the lines that are missing, the first of them.</summary>
    public string MissingNumbers
    {
        get
        {
            var more = Missing.Count > ShownRanges ? $", and {Missing.Count - ShownRanges} more" : "";
            return $"{Letter} {string.Join(", ", Missing.Take(ShownRanges))}{more}";
        }
    }

    /// <summary>The numbers of the lines that are stored more than once, the first of them.</summary>
    public string DuplicateNumbers
    {
        get
        {
            var more = Duplicates.Count > ShownRanges ? $", and {Duplicates.Count - ShownRanges} more" : "";
            return $"{Letter} {string.Join(", ", Duplicates.Take(ShownRanges))}{more}";
        }
    }

    private int MissingCount => Missing.Sum(range => range.Count);

    public static LogResult Of(ILog log, StoredLines stored, bool knowsOrder) => new()
    {
        Letter = log.Letter,
        Description = log.Description,
        Rotations = log.Rotations,
        Written = log.Last,
        Stored = stored.CountOf(log.Letter),
        Missing = stored.MissingOf(log.Letter, log.Last),
        Duplicates = stored.DuplicatesOf(log.Letter),
        Reordered = knowsOrder ? stored.ReorderedOf(log.Letter) : null,
    };

    public override string ToString() => Row(
        $"{Letter}  {Description}", Rotations, Written, Stored, MissingCount, Duplicates.Count, Reordered?.ToString() ?? "-");

    private static string Row(string name, params object[] cells) =>
        $"{name,-34}{string.Concat(cells.Select(cell => $"{cell,10}"))}";
}
