namespace LogPilot.Load.Outages;

/// <summary>How lines arrived after the server had come back, counted from then on.</summary>
internal sealed record Drain
{
    /// <summary>Until any line was stored.</summary>
    public required TimeSpan First { get; init; }

    /// <summary>Until a line of the quiet log was stored that was written after the return.</summary>
    public required TimeSpan QuietLive { get; init; }

    /// <summary>Until everything was stored that the loud log had written a second ago.</summary>
    public required TimeSpan Over { get; init; }

    /// <summary>
    /// The greatest age of the newest stored line of the quiet log from when it was live until the drain was over. It writes a
    /// line a second, so it is a second where nothing waits.
    /// </summary>
    public required TimeSpan QuietAgeMax { get; init; }
}
