namespace LogPilot.Agent.Records.Formats;

/// <summary>An object or an array of a record that is open.</summary>
internal struct JsonFrame
{
    public bool IsObject;

    /// <summary>The number of the object; 0 is the root.</summary>
    public int Object;

    /// <summary>How many parts of names lead to it.</summary>
    public int Depth;

    /// <summary>How many parts of names lead to the member that is read.</summary>
    public int NameDepth;

    /// <summary>Which object of the agent's it is: one of <see cref="FieldPlaces"/>.</summary>
    public int Place;

    /// <summary>The same for the member that is read.</summary>
    public int NamePlace;

    /// <summary>How many bytes of the path to the time lead to it; -1 if the path leads elsewhere.</summary>
    public int TimeMatch;

    /// <summary>The same for the member that is read.</summary>
    public int NameTimeMatch;

    /// <summary>The number of the member that is read.</summary>
    public int Member;
}
