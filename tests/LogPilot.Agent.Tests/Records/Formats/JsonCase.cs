using System.Text;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>Reads one record and says what came of it, as text.</summary>
internal static class JsonCase
{
    /// <summary>What the agent leaves to records in the ECS shape, in the order of its bits.</summary>
    public static readonly string[] EcsDefaults = ["ecs.version", "event.dataset", "service.name"];

    /// <summary>The fields of a log whose documents have these names beside those of each.</summary>
    public static AgentFields Agent(DocumentShape shape, params IEnumerable<string> names) => new(
        shape,
        [.. names.Select(name => RecordField.Text(name, "agent"))],
        shape == DocumentShape.Ecs ? [.. EcsDefaults.Select(name => RecordField.Text(name, "agent"))] : []);

    /// <summary>What fields of a log may be called in log-pilot's shape.</summary>
    public static FieldNames Names(params IEnumerable<string> ownNames) => new(Agent(DocumentShape.LogPilot, ownNames));

    /// <summary>The members, or null if the record is none.</summary>
    public static string? Members(string text, string? timeKey = null, params string[] ownNames) =>
        Members(Encoding.UTF8.GetBytes(text), timeKey, ownNames);

    public static string? Members(byte[] text, string? timeKey = null, params string[] ownNames)
    {
        var fields = new FieldWriter();
        return new JsonFormat(timeKey, Names(ownNames)).TryParse(text, fields) ? Encoding.UTF8.GetString(fields.Members) : null;
    }

    public static string Time(string text, string timeKey)
    {
        var fields = new FieldWriter();
        Assert.True(new JsonFormat(timeKey, Names()).TryParse(Encoding.UTF8.GetBytes(text), fields), text);
        return Encoding.UTF8.GetString(fields.Time);
    }
}
