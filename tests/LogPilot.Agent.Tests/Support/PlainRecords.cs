using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Tests.Support;

/// <summary>The reader of a log that declares no format.</summary>
internal static class PlainRecords
{
    public static RecordReader Reader { get; } = new(null, LogFormat.Plain, ZoneOffsets.Utc, [], [], new RecordBuffers());
}
