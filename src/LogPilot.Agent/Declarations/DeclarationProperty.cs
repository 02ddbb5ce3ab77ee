namespace LogPilot.Agent.Declarations;

/// <summary>The properties of a log: their names in label form, and where they are in the name of an env variable.</summary>
internal static class DeclarationProperty
{
    public const string Encoding = "encoding";
    public const string Exclude = "exclude";
    public const string Format = "format";
    public const string Include = "include";
    public const string MaxBytes = "max_bytes";
    public const string Multiline = "multiline";
    public const string Stream = "stream";
    public const string Tags = "tags";
    public const string Target = "target";

    /// <summary>What an owner can choose from, for fixes.</summary>
    public const string Known = "format, format.pattern, format.keys, format.time_key, format.time_format, tags, target, "
        + "stream, multiline, multiline.pattern, multiline.negate, multiline.match, multiline.max_lines, multiline.timeout, "
        + "include, exclude, max_bytes, encoding";

    // Longest first, so that the first suffix found is the longest.
    private static readonly (string Suffix, string Property)[] EnvSuffixes =
        [.. Known.Split(", ")
            .Select(property => ("_" + property.Replace('.', '_'), property))
            .OrderByDescending(pair => pair.Item1.Length)];

    /// <summary>
    /// Splits what follows <c>P_logs_</c> in the name of an env variable. The longest known suffix is the property, the
    /// rest is the name of the log, which may hold <c>_</c> itself. A dot ends the name as in a label.
    /// </summary>
    public static (string Name, string? Property) SplitEnv(string rest)
    {
        if (rest.Contains('.', StringComparison.Ordinal))
        {
            return SplitLabel(rest);
        }

        foreach (var (suffix, property) in EnvSuffixes)
        {
            if (rest.Length > suffix.Length && rest.EndsWith(suffix, StringComparison.Ordinal))
            {
                return (rest[..^suffix.Length], property);
            }
        }

        return (rest, null);
    }

    /// <summary>Splits what follows <c>P.logs.</c> in the name of a label.</summary>
    public static (string Name, string? Property) SplitLabel(string rest)
    {
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (rest, null) : (rest[..dot], rest[(dot + 1)..]);
    }

    /// <summary>A name of one part below <paramref name="parent"/>, such as <c>format.keys</c>, known or not.</summary>
    public static bool IsBelow(string property, string parent)
        => property.Length > parent.Length + 1
            && property.StartsWith(parent, StringComparison.Ordinal)
            && property.IndexOf('.', StringComparison.Ordinal) == parent.Length
            && property.LastIndexOf('.') == parent.Length;
}
