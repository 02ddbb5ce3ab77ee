namespace LogPilot.Agent.Files;

/// <summary>Whether a file still holds what was read from it, and if not, how far it is known what became of that.</summary>
internal enum CutState
{
    /// <summary>It was not cut, as far as anybody knows.</summary>
    Whole,

    /// <summary>It was cut to nothing, and may have been filled again.</summary>
    Cut,

    /// <summary>Its directory was scanned since then, so a copy of what it held would have been seen.</summary>
    LookedFor,

    /// <summary>A copy of what it held before is being read.</summary>
    Saved,
}
