namespace LogPilot.Load.Stores;

/// <summary>What is stored of one log.</summary>
internal sealed class StoredLog
{
    private readonly List<int> _arrived = [];
    private int _latest;

    public NumberSet Numbers { get; } = new();

    /// <summary>The numbers of documents whose line was stored already under another id.</summary>
    public List<int> Duplicates { get; } = [];

    /// <summary>How often a line came behind one that was written after it.</summary>
    public int Reordered { get; private set; }

    /// <summary>The line with the highest number.</summary>
    public int Newest { get; private set; }

    /// <summary>By how many places, at most, a line came later than it would have in the order of all that are stored.</summary>
    public int ReorderedBy
    {
        get
        {
            var inOrder = _arrived.Order().ToList();
            return _arrived.Select((number, place) => place - inOrder.BinarySearch(number)).DefaultIfEmpty().Max();
        }
    }

    public void Add(int number)
    {
        if (!Numbers.Add(number))
        {
            Duplicates.Add(number);
            return;
        }

        if (number < _latest)
        {
            Reordered++;
        }

        Newest = Math.Max(Newest, number);
        _arrived.Add(number);
        _latest = number;
    }
}
