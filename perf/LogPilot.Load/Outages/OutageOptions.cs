namespace LogPilot.Load.Outages;

/// <summary>What a run of an outage does.</summary>
/// <param name="Executable">The agent.</param>
/// <param name="Seed">Of how the server is away.</param>
/// <param name="Lasts">How long nothing is stored.</param>
/// <param name="LinesPerSecond">How many lines the loud container writes, all the time.</param>
/// <param name="HeldBytesMax">What the agent may hold of deleted files.</param>
internal sealed record OutageOptions(string Executable, int Seed, TimeSpan Lasts, int LinesPerSecond, long HeldBytesMax)
{
    public const double MinutesDefault = 60;
    public const int LinesPerSecondDefault = 20_000;
    public const int HeldMiBDefault = 256;

    // The engine's usual size, and less where little may be held, so that always several files are held. Much smaller ones would
    // come and go while a busy machine does not let the agent look.
    private const int FileBytesMax = 10_000_000;
    private const int FilesHeldMin = 4;

    /// <summary>A file of a container's log of this length is full.</summary>
    public int FileBytes => (int)Math.Min(FileBytesMax, HeldBytesMax / FilesHeldMin);
}
