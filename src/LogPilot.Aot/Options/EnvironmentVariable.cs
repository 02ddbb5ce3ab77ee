namespace LogPilot.Aot.Options;

/// <summary>One environment variable that the agent understands: what is read, validated and documented comes from it.</summary>
/// <param name="Name">The name as it is set.</param>
/// <param name="Section">The heading it stands under in the help and the README.</param>
/// <param name="Kind">How its value is written.</param>
/// <param name="Default">The value that counts when it is not set, as it is shown; empty for none.</param>
/// <param name="Text">What it does and why its default is what it is.</param>
internal sealed record EnvironmentVariable(
    string Name,
    VariableSection Section,
    VariableKind Kind,
    string Default,
    string Text)
{
    /// <summary>The smallest value of a number, size or duration, written as a value is.</summary>
    public string Minimum { get; init; } = "";

    /// <summary>The largest value of a number, size or duration, written as a value is.</summary>
    public string Maximum { get; init; } = "";

    /// <summary>The possible values of a choice.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What a value may be, for a reader.</summary>
    public string Values => Kind switch
    {
        VariableKind.Flag => "true, false",
        VariableKind.Choice => string.Join(", ", Choices),
        VariableKind.Number or VariableKind.Size or VariableKind.Duration => $"{Minimum} to {Maximum}",
        VariableKind.Secret => "secret",
        VariableKind.FilePath => "path",
        _ => "text",
    };
}

/// <summary>How the value of a variable is written.</summary>
internal enum VariableKind
{
    Text,
    FilePath,
    Secret,
    Flag,
    Choice,
    Number,

    /// <summary>Bytes, as <c>1048576</c> or <c>1MiB</c>.</summary>
    Size,

    /// <summary>A time span, as <c>200ms</c>, <c>5s</c>, <c>2m</c> or <c>1h</c>.</summary>
    Duration,
}

/// <summary>The headings of the variables, in the order in which they are shown.</summary>
internal enum VariableSection
{
    Collecting,
    Runtimes,
    Output,
    Elasticsearch,
    FileAndConsole,
    Process,
}
