namespace LogPilot.Agent.Records.Formats;

/// <summary>The format <c>apache_error</c>: the error log of Apache 2.2 and 2.4.</summary>
/// <remarks>
/// fluentd's expression is <c>^\[[^ ]* (?&lt;time>[^\]]*)\] \[(?&lt;level>[^\]]*)\](?: \[pid (?&lt;pid>[^\]]*)\])?(
/// \[client (?&lt;client>[^\]]*)\])? (?&lt;message>.*)$</c>:
/// <code>
/// [Wed Oct 11 14:32:52 2000] [error] [client 127.0.0.1] client denied by server configuration
/// [Wed Oct 11 14:32:52.123456 2000] [core:error] [pid 35708:tid 4328636416] [client 72.15.99.187:34567] AH00126: Invalid URI
/// </code>
/// It leaves the day of the week out of the time, and what Apache 2.4 writes more stays where it is: the module before the
/// level, the thread behind the process, the port behind the client. The message is the rest of the record and may have
/// further lines, which the expression would lose.
/// </remarks>
internal sealed class ApacheErrorFormat(FieldNames names) : IRecordFormat
{
    private readonly byte[] _timeName = FieldWriter.Encode(names.OfDeclared("time"));
    private readonly byte[] _levelName = FieldWriter.Encode(names.OfDeclared("level"));
    private readonly byte[] _pidName = FieldWriter.Encode(names.OfDeclared("pid"));
    private readonly byte[] _clientName = FieldWriter.Encode(names.OfDeclared("client"));
    private readonly byte[] _messageName = FieldWriter.Encode(names.OfDeclared("message"));

    public bool TryParse(ReadOnlySpan<byte> text, FieldWriter fields)
    {
        var weekday = text.IndexOf((byte)' ');
        if (weekday < 0 || text[0] != '[' || !TryTake(text[(weekday + 1)..], out var time, out var rest)
            || !rest.StartsWith(" ["u8) || !TryTake(rest[2..], out var level, out rest) || !rest.StartsWith(" "u8))
        {
            return false;
        }

        fields.SetTime(time);
        fields.AddText(_timeName, time);
        fields.AddText(_levelName, level);
        rest = TakeOptional(rest, " [pid "u8, _pidName, fields);
        rest = TakeOptional(rest, " [client "u8, _clientName, fields);
        fields.AddText(_messageName, rest[1..]);
        return true;
    }

    // A bracket behind which there is no blank is the start of the message.
    private static ReadOnlySpan<byte> TakeOptional(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> start, byte[] name, FieldWriter fields)
    {
        if (!text.StartsWith(start) || !TryTake(text[start.Length..], out var value, out var rest) || !rest.StartsWith(" "u8))
        {
            return text;
        }

        fields.AddText(name, value);
        return rest;
    }

    private static bool TryTake(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> rest)
    {
        var end = text.IndexOf((byte)']');
        value = end < 0 ? default : text[..end];
        rest = end < 0 ? default : text[(end + 1)..];
        return end >= 0;
    }
}
