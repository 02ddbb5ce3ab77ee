namespace LogPilot.Agent.Tests.Rotations;

/// <summary>What a sequence is played in: the log, who rotates it and how.</summary>
internal sealed record WorldOptions
{
    /// <summary>The name of the log that is written to.</summary>
    public const string RawName = "app.log";

    public const string JsonName = "c1-json.log";

    public const string CriName = "0.log";

    public required WorldKind Kind { get; init; }

    public required Features Features { get; init; }

    public RotationKind Rotation { get; init; }

    public CompressionKind Compression { get; init; }

    /// <summary>Rotated files that are kept.</summary>
    public int RotatedMax { get; init; } = 5;

    /// <summary>Names of rotated files end in a date of this format instead of a number.</summary>
    public string? DateFormat { get; init; }

    /// <summary>The new log is made by the rotation, and not by the program when it opens it.</summary>
    public bool CreatesLog { get; init; }

    /// <summary>The program writes at the end of its log; otherwise behind what it wrote last.</summary>
    public bool Appends { get; init; } = true;

    public SequenceEnd End { get; init; }

    /// <summary>A runtime writes the log; otherwise a program does.</summary>
    public bool IsOfRuntime => Kind is WorldKind.Docker or WorldKind.Cri;

    public bool HasEqualLines => Kind is WorldKind.EqualLinesExact or WorldKind.EqualLinesWildcard;

    /// <summary>Only the log itself matches the pattern, none of its siblings.</summary>
    public bool IsExact => Kind is WorldKind.RawExact or WorldKind.EqualLinesExact;

    public string LogName => Kind switch
    {
        WorldKind.Docker => JsonName,
        WorldKind.Cri => CriName,
        _ => RawName,
    };

    /// <summary>A rotation may find a line half written.</summary>
    public bool HasHalfLines => Has(Features.HalfLines)
        && (Rotation != RotationKind.CopyTruncate || Has(Features.CopiedHalfLines));

    public bool Has(Features feature) => (Features & feature) == feature;

    public override string ToString() =>
        $"{Kind}, rotated by {Rotation}{(CreatesLog ? " and creation" : "")}, {RotatedMax} kept, "
        + $"named by {DateFormat ?? "number"}, compression {Compression}, "
        + $"{(Appends ? "appending" : "at its own offset")}, end {End}, features {Features}";

    /// <summary>Draws a world of a kind.</summary>
    public static WorldOptions Draw(WorldKind kind, Features features, Random random) => kind switch
    {
        WorldKind.Docker => DrawDocker(features, random),
        WorldKind.Cri => DrawCri(features, random),
        WorldKind.RawWildcard or WorldKind.RawExact => DrawRaw(kind, features, random),
        _ => new WorldOptions
        {
            Kind = kind,
            Features = features,
            RotatedMax = 100,
            CreatesLog = random.Next(2) == 0,
            End = DrawEnd(random),
        },
    };

    private static WorldOptions DrawDocker(Features features, Random random) => new()
    {
        Kind = WorldKind.Docker,
        Features = features,
        Compression = features.HasFlag(Features.Compression) && random.Next(2) == 0
            ? CompressionKind.AtOnce : CompressionKind.None,
        RotatedMax = random.Next(features.HasFlag(Features.Cuts) ? 0 : 1, 6),
        End = DrawEnd(random),
    };

    // Kubelet keeps one rotated log at least.
    private static WorldOptions DrawCri(Features features, Random random) => new()
    {
        Kind = WorldKind.Cri,
        Features = features,
        Compression = features.HasFlag(Features.Compression) ? CompressionKind.Delayed : CompressionKind.None,
        RotatedMax = random.Next(1, 6),
        DateFormat = "yyyyMMdd-HHmmss",
        End = DrawEnd(random),
    };

    private static WorldOptions DrawRaw(WorldKind kind, Features features, Random random)
    {
        var rotation = (RotationKind)random.Next(3);
        if ((rotation == RotationKind.CopyTruncate && !features.HasFlag(Features.Copies))
            || (rotation == RotationKind.SwitchLink && !features.HasFlag(Features.Links)))
        {
            rotation = RotationKind.Rename;
        }

        return new WorldOptions
        {
            Kind = kind,
            Features = features,
            Rotation = rotation,
            Compression = features.HasFlag(Features.Compression) && rotation != RotationKind.SwitchLink
                ? (CompressionKind)random.Next(3) : CompressionKind.None,

            // A copy that is gone before its original is looked at again was not there while it could be read.
            RotatedMax = random.Next(rotation == RotationKind.CopyTruncate ? 3 : 1, 6),
            DateFormat = random.Next(6) switch { 0 => "yyyyMMdd", 1 => "yyyyMMddHH", _ => null },
            CreatesLog = random.Next(2) == 0,
            Appends = !features.HasFlag(Features.Holes) || random.Next(2) == 0,
            End = DrawEnd(random),
        };
    }

    private static SequenceEnd DrawEnd(Random random) => random.Next(4) switch
    {
        0 => SequenceEnd.Ended,
        1 => SequenceEnd.Removed,
        _ => SequenceEnd.None,
    };
}

/// <summary>What writes the log, and what pattern finds it.</summary>
internal enum WorldKind
{
    /// <summary>Standard output by Docker's json-file driver.</summary>
    Docker,

    /// <summary>A program's own file, found by <c>*.log*</c>.</summary>
    RawWildcard,

    /// <summary>A program's own file, found by its name.</summary>
    RawExact,

    /// <summary>All lines are equal: nothing in a file tells it from another.</summary>
    EqualLinesWildcard,

    EqualLinesExact,

    /// <summary>Standard output by containerd, rotated by kubelet.</summary>
    Cri,
}

/// <summary>When rotated files are compressed.</summary>
internal enum CompressionKind
{
    None,

    /// <summary>Beside what goes on, and seen while it is half done.</summary>
    AtOnce,

    /// <summary>By the next rotation.</summary>
    Delayed,
}

/// <summary>What can be left out of a world.</summary>
[Flags]
internal enum Features
{
    None = 0,

    /// <summary>Rotated files are compressed.</summary>
    Compression = 1,

    /// <summary>Logs are copied, then cut to nothing.</summary>
    Copies = 2,

    /// <summary>A log may be cut without a copy, and grow beyond what was read of it before a look.</summary>
    Cuts = 4,

    /// <summary>Programs write at their own offset, so that a hole is left where a file was cut.</summary>
    Holes = 8,

    /// <summary>Names are symbolic links.</summary>
    Links = 16,

    /// <summary>Lines may be half written when their file is rotated.</summary>
    HalfLines = 32,

    /// <summary>Records of several parts may go over from one file to the next.</summary>
    CutRecords = 64,

    /// <summary>Rotated siblings are read that the pattern does not match.</summary>
    Siblings = 128,

    /// <summary>Containers end and run again.</summary>
    Restarts = 256,

    /// <summary>More than one midnight passes while documents are on their way.</summary>
    SlowAnswers = 512,

    /// <summary>Lines may be half written when their file is copied and cut.</summary>
    CopiedHalfLines = 1024,

    All = 2047,

    /// <summary>The agent looks at a half of a copy, and at the whole one while its original is cut. Not in the seeds that are kept of before.</summary>
    CloseLooks = 2048,
}
