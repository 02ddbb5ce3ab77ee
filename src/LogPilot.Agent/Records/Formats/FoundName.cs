namespace LogPilot.Agent.Records.Formats;

/// <summary>What <see cref="MemberTable"/> knows of a name in an object.</summary>
internal struct FoundName
{
    public uint Hash;

    /// <summary>The name that a member before had; -1 if none had it.</summary>
    public int Index;

    /// <summary>Whether a member was given this name, whatever name it had.</summary>
    public bool IsTaken;

    /// <summary>Whether a member had it.</summary>
    public readonly bool IsKnown => Index >= 0;
}
