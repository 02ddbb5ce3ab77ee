namespace LogPilot.Agent.Declarations;

/// <summary>One log that a container, or the host itself, asked to have collected, validated.</summary>
internal sealed record LogDeclaration
{
    public required string Name { get; init; }

    /// <summary>Which of the two standard streams are collected; <see cref="StandardStreams.None"/> for a log in files.</summary>
    public StandardStreams Streams { get; init; }

    /// <summary>The files to collect; null for a log on standard output.</summary>
    public MountedPath? Path { get; init; }

    public LogFormat Format { get; init; } = LogFormat.Plain;

    public MultilineRule? Multiline { get; init; }

    /// <summary>Only records that match one of these regular expressions are collected; all if there are none.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Records that match one of these regular expressions are not collected.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Longer lines are cut here; null for the agent's own limit, which no declaration can exceed.</summary>
    public int? LineBytesMax { get; init; }

    /// <summary>How the files are encoded, by the name that .NET knows; null for UTF-8.</summary>
    public string? Encoding { get; init; }

    /// <summary>Extra fields of every document in declared order, without <c>index</c> and <c>topic</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>The index name before its date, already made valid for Elasticsearch.</summary>
    public required string Index { get; init; }

    public required string Topic { get; init; }
}

/// <summary>The standard streams of a container.</summary>
[Flags]
internal enum StandardStreams
{
    None = 0,
    Stdout = 1,
    Stderr = 2,
    Both = Stdout | Stderr,
}

/// <summary>
/// A declared path after the container's mounts were applied. Nothing below <see cref="Root"/> is trusted: it is resolved
/// inside that directory only.
/// </summary>
/// <param name="Declared">The path as the container declared it.</param>
/// <param name="Root">A directory on the host, without the host root: the source of the mount.</param>
/// <param name="Pattern">A relative path below it; each part may have the wildcards of <c>glob</c>, or be <c>**</c>.</param>
internal sealed record MountedPath(string Declared, string Root, string Pattern);

/// <summary>How the lines of a log are parsed into fields.</summary>
internal sealed record LogFormat(LogFormatKind Kind)
{
    public static readonly LogFormat Plain = new(LogFormatKind.None);

    public string? Pattern { get; init; }
    public string? Keys { get; init; }
    public string? TimeKey { get; init; }
    public string? TimeFormat { get; init; }
}

/// <summary>The formats of log-pilot's fluentd flavour.</summary>
internal enum LogFormatKind
{
    None,
    Json,
    Csv,
    Nginx,
    Apache2,
    ApacheError,
    Regexp,
}

/// <summary>Which lines belong together, with the meaning of Filebeat's <c>multiline.*</c>.</summary>
internal sealed record MultilineRule(string Pattern)
{
    /// <summary>The name of the preset that the pattern is from; null if the pattern was declared.</summary>
    public string? Preset { get; init; }

    public bool Negate { get; init; }
    public bool MatchBefore { get; init; }
    public int LinesMax { get; init; } = 500;
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
