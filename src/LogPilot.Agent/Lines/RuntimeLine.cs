using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Lines;

/// <summary>What a runtime writes on one line of its file about one line of a container, or a part of one.</summary>
internal readonly ref struct RuntimeLine
{
    /// <summary>Without its end of line.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The text is valid content of a JSON string; otherwise bytes as the program wrote them.</summary>
    public bool IsEscaped { get; init; }

    public StandardStreams Stream { get; init; }

    /// <summary><c>yyyy-MM-ddTHH:mm:ss[.fffffffff]Z</c>; valid until the next line is parsed.</summary>
    public ReadOnlySpan<byte> Time { get; init; }

    /// <summary>False for a part that the next line of the same stream continues.</summary>
    public bool IsComplete { get; init; }
}

/// <summary>How a runtime writes the lines of its containers.</summary>
internal interface IRuntimeFormat
{
    /// <param name="line">Without its newline.</param>
    /// <param name="result">What stands on it.</param>
    /// <returns>False if this is nothing that the runtime writes.</returns>
    static abstract bool TryParse(ReadOnlySpan<byte> line, out RuntimeLine result);
}
