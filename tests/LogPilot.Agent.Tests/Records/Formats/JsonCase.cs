using System.Text;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>Reads one record and says what came of it, as text.</summary>
internal static class JsonCase
{
    /// <summary>The members, or null if the record is none.</summary>
    public static string? Members(string text, string? timeKey = null, params string[] ownNames) =>
        Members(Encoding.UTF8.GetBytes(text), timeKey, ownNames);

    public static string? Members(byte[] text, string? timeKey = null, params string[] ownNames)
    {
        var fields = new FieldWriter();
        return new JsonFormat(timeKey, ownNames).TryParse(text, fields) ? Encoding.UTF8.GetString(fields.Members) : null;
    }

    public static string Time(string text, string timeKey)
    {
        var fields = new FieldWriter();
        Assert.True(new JsonFormat(timeKey, []).TryParse(Encoding.UTF8.GetBytes(text), fields), text);
        return Encoding.UTF8.GetString(fields.Time);
    }
}
