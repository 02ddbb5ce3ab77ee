namespace LogPilot.Agent.Tracking;

/// <summary>How far one log of one file is delivered, and what is needed to go on from there after any end.</summary>
internal record struct Checkpoint
{
    /// <summary>Which log of which file this is: a hash of both.</summary>
    public UInt128 Key { get; init; }

    /// <summary>Everything before this offset is delivered.</summary>
    public long Acked { get; set; }

    /// <summary>Where reading starts to find the lines behind <see cref="Acked"/> whole.</summary>
    public long ResumeFrom { get; set; }

    /// <summary>How often the file started anew.</summary>
    public uint Generation { get; set; }

    /// <summary>
    /// Lines before this offset have their day already, even if they are not delivered: <see cref="Day"/> from
    /// <see cref="DayStart"/> on, <see cref="EarlierDay"/> before. For logs whose time is the time of reading.
    /// </summary>
    public long DatedTo { get; set; }

    /// <summary>Days since 1970.</summary>
    public int Day { get; set; }

    public long DayStart { get; set; }

    public int EarlierDay { get; set; }

    /// <summary>Seconds since 1970 when the file was last open, to tell what may be forgotten.</summary>
    public uint SeenAt { get; set; }
}
