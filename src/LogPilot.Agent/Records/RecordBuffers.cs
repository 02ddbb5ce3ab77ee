using LogPilot.Agent.Lines;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Records;

/// <summary>What is written while a record is read. One for a thread, for record after record.</summary>
internal sealed class RecordBuffers
{
    private readonly ScratchBuffer<byte> _decoded = new();

    public FieldWriter Fields { get; } = new();

    /// <summary>Room for the text of a time.</summary>
    public byte[] Time { get; } = new byte[RecordTime.LengthMax];

    /// <summary>The text of a line as its program wrote it, valid until the next call.</summary>
    public ReadOnlySpan<byte> Decode(in Line line)
    {
        if (!line.IsEscaped || !line.Text.Contains((byte)'\\'))
        {
            return line.Text;
        }

        var decoded = _decoded.Room(line.Text.Length);
        return decoded[..EscapedText.Decode(line.Text, decoded)];
    }
}
