using LogPilot.Agent.Lines;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Records;

/// <summary>What is written while a record is read. One for a thread, for record after record.</summary>
internal sealed class RecordBuffers
{
    // A buffer that one long line has made larger than this is let go again.
    private const int KeptBytesMax = 256 * 1024;

    private byte[] _decoded = [];

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

        if (_decoded.Length < line.Text.Length || (_decoded.Length > KeptBytesMax && line.Text.Length <= KeptBytesMax))
        {
            _decoded = new byte[Math.Max(line.Text.Length, 4096)];
        }

        return _decoded.AsSpan(0, EscapedText.Decode(line.Text, _decoded));
    }
}
