using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Tracking;

/// <summary>How far one log of one file is delivered, and what is needed to go on from there after any end.</summary>
internal record struct Checkpoint
{
    public const int MarkBits = 28;

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

    /// <summary>The chain that the file belongs to: a hash of the log and of where it is written.</summary>
    public ulong Chain { get; set; }

    /// <summary>Milliseconds since 1970 from when on the chain was followed: what was written before is not a part of it.</summary>
    public long FollowedSince { get; set; }

    /// <summary>Who wrote the text, as the ids of its records have it: the file that it stood in first, even if this is a copy of it.</summary>
    public ulong Origin { get; set; }

    /// <summary>
    /// The file was copied from one that was cut then and written on, so that a line without an end goes on at the start of the next
    /// one of its copies, or of that file itself. Its mark; zero if that is not known, null if the file is no such copy.
    /// </summary>
    public uint? CutFrom { get; set; }

    /// <summary>By which a copy knows the file that it was made from.</summary>
    public readonly uint Mark => (uint)(Origin >> (64 - MarkBits));

    /// <summary>
    /// The records of these streams that are open at <see cref="Acked"/> end there, since no line came for a while: kept before
    /// they are sent, and until they are delivered.
    /// </summary>
    public StandardStreams Closing { get; set; }

    /// <summary>The first bytes of the file.</summary>
    public Fingerprint Head { get; set; }

    /// <summary>The bytes before <see cref="Acked"/>.</summary>
    public Fingerprint Tail { get; set; }
}
