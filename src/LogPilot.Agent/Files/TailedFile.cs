namespace LogPilot.Agent.Files;

/// <summary>One open file that is being read.</summary>
internal sealed class TailedFile
{
    /// <summary>The path by which it was found, host root included: the field <c>source</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Counts the times that reading was taken back to an earlier position.</summary>
    public uint Epoch { get; private set; }
}
