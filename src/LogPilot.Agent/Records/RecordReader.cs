using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Records;

/// <summary>Reads the lines of one log: which are wanted, and what each of them says.</summary>
internal sealed class RecordReader(byte[] undecodable)
{
    public static readonly RecordReader Plain = new([.. "json-file"u8]);

    public bool IsWanted(in Line line) => undecodable.Length > 0 || line.IsEscaped;

    public Record Read(in Line line, ReadOnlySpan<byte> time) => new()
    {
        Time = time,
        ParseError = line.IsUndecodable ? undecodable : [],
    };
}
