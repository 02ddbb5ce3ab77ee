using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Lines;

/// <summary>One line over the chunk that it was read from. It is gone when the chunk is.</summary>
internal readonly ref struct Line
{
    /// <summary>The text without its end of line.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The text is valid content of a JSON string, escaped already; otherwise bytes as the program wrote them.</summary>
    public bool IsEscaped { get; init; }

    /// <summary>The stream it was written to, where the runtime says so.</summary>
    public StandardStreams Stream { get; init; }

    /// <summary>The runtime's time, <c>yyyy-MM-ddTHH:mm:ss[.fffffffff]Z</c>; empty where there is none.</summary>
    public ReadOnlySpan<byte> Time { get; init; }

    /// <summary>The offset of its first byte in the file, of the first part if it came in parts; in the file before if it is continued.</summary>
    public long Start { get; init; }

    /// <summary>It began in the file before.</summary>
    public bool IsContinued { get; init; }

    /// <summary>The offset behind the last byte that is read when it has been taken, the end of line included.</summary>
    public long End { get; init; }

    /// <summary>The offset behind the first line, if it is a record of several lines; zero otherwise.</summary>
    public long FirstLineEnd { get; init; }

    /// <summary>Its end was never written: it ends where its file does, as far as it came.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>It was longer than the limit and was cut there.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>It is not what the runtime writes: the text is the raw line.</summary>
    public bool IsUndecodable { get; init; }
}
