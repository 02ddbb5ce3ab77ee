namespace LogPilot.Load.Stores;

/// <summary>What is stored of one log.</summary>
internal sealed class StoredLog
{
    private int _newest;

    public NumberSet Numbers { get; } = new();

    /// <summary>Documents whose line was stored already under another id.</summary>
    public int Duplicates { get; private set; }

    /// <summary>How often a line came behind one that was written after it.</summary>
    public int Reordered { get; private set; }

    public void Add(int number)
    {
        if (!Numbers.Add(number))
        {
            Duplicates++;
            return;
        }

        if (number < _newest)
        {
            Reordered++;
        }

        _newest = number;
    }
}
