namespace LogPilot.Load.Stores;

/// <summary>Numbers without a gap, both ends included.</summary>
internal readonly record struct NumberRange(int First, int Last)
{
    public int Count => Last - First + 1;

    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
