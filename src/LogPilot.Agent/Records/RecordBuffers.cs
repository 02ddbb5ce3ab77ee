using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Records;

/// <summary>What is written while a record is read. One for a thread, for record after record.</summary>
internal sealed class RecordBuffers
{
    public FieldWriter Fields { get; } = new();

    /// <summary>Room for the text of a time.</summary>
    public byte[] Time { get; } = new byte[RecordTime.LengthMax];
}
