namespace LogPilot.Agent.Declarations;

/// <summary>The notices of one owner: each said once, and only so many of them, since containers write the keys.</summary>
internal sealed class DeclarationNotices
{
    /// <summary>More than any honest container earns, and little enough to print.</summary>
    public const int CountMax = 64;

    private readonly List<string> _texts = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _unsaid;

    public void Add(string text)
    {
        if (_texts.Count == CountMax)
        {
            _unsaid++;
        }
        else if (_seen.Add(text))
        {
            _texts.Add(text);
        }
    }

    public IReadOnlyList<string> ToList() => _unsaid == 0 ? _texts : [.. _texts, $"and {_unsaid} more notices"];
}
