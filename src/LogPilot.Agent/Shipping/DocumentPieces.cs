using LogPilot.Agent.Records;

namespace LogPilot.Agent.Shipping;

/// <summary>What stands between the values of a document: the names that differ between the shapes.</summary>
internal sealed class DocumentPieces
{
    private static readonly DocumentPieces LogPilot = new()
    {
        Path = [.. ",\"source\":\""u8],
        Offset = [.. "\",\"offset\":"u8],
        NotesStart = [.. ",\"log\":{"u8],
        Truncated = [.. "\"truncated\":true"u8],
        ParseError = [.. "\"parse_error\":\""u8],
        NotesEnd = [.. "}"u8],
    };

    // No object log: a record may have one.
    private static readonly DocumentPieces Ecs = new()
    {
        Path = [.. ",\"log.file.path\":\""u8],
        Offset = [.. "\",\"log.offset\":"u8],
        NotesStart = [.. ","u8],
        Truncated = [.. "\"log.truncated\":true"u8],
        ParseError = [.. "\"log.parse_error\":\""u8],
        NotesEnd = [],
    };

    public required byte[] Path { get; init; }

    public required byte[] Offset { get; init; }

    public required byte[] NotesStart { get; init; }

    public required byte[] Truncated { get; init; }

    public required byte[] ParseError { get; init; }

    public required byte[] NotesEnd { get; init; }

    public static DocumentPieces Of(DocumentShape shape) => shape == DocumentShape.Ecs ? Ecs : LogPilot;
}
