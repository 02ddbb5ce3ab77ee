using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using LogPilot.Agent.Records;

namespace LogPilot.Agent.Shipping;

/// <summary>
/// Rewrites a document that the server refuses into one that it should take: the agent's own fields as they are, and all that
/// came from the line as one text in <c>message</c>.
/// </summary>
/// <remarks>
/// Members are copied as bytes and never unescaped: what a line holds may be JSON that no string can hold, such as half of
/// a surrogate pair, and it may have been refused for just that.
/// </remarks>
internal static class PlainDocument
{
    private const int ReasonCharsMax = 1024;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 1024 };

    // No record can bring this name: in the other shapes the whole object log is the agent's.
    private static ReadOnlySpan<byte> EcsPath => "log.file.path"u8;

    /// <summary>
    /// Returns <c>document LF</c>. With a reason, <c>log.index_error</c> holds it; without, there is no <c>log</c> at all, for an
    /// index that cannot take even that field: its field limit is reached, or it has a <c>log</c> of another kind.
    /// </summary>
    /// <remarks>
    /// The shape is seen in the document: one that comes back from the dead letters may be older than the agent's configuration.
    /// </remarks>
    public static byte[] Rewrite(ReadOnlySpan<byte> document, string? reason)
    {
        var output = new ArrayBufferWriter<byte>(document.Length + 512);
        output.Write("{"u8);
        if (!Utf8.IsValid(document)
            || !TryFindShape(document, out var shape)
            || !TryCopyMembers(document, shape, reason, output))
        {
            // The document is no JSON, which is a defect of the agent; its text is still somebody's line.
            output.ResetWrittenCount();
            output.Write("{\"message\":"u8);
            WriteText(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(document)), output);
            WriteLog([], DocumentShape.LogPilot, reason, output);
        }

        output.Write("}\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static bool TryFindShape(ReadOnlySpan<byte> document, out DocumentShape shape)
    {
        shape = DocumentShape.LogPilot;
        try
        {
            var reader = new Utf8JsonReader(document, Reading);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(EcsPath))
                {
                    shape = DocumentShape.Ecs;
                    return true;
                }

                reader.Skip();
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryCopyMembers(
        ReadOnlySpan<byte> document, DocumentShape shape, string? reason, ArrayBufferWriter<byte> output)
    {
        var rest = new ArrayBufferWriter<byte>(document.Length + 2);
        rest.Write("{"u8);
        ReadOnlySpan<byte> message = default;
        ReadOnlySpan<byte> log = default;
        var others = 0;
        var isBehindLine = false;
        try
        {
            var reader = new Utf8JsonReader(document, Reading);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var start = (int)reader.TokenStartIndex;

                // The agent writes its own names without escapes, so an escaped one is from the line.
                var name = reader.ValueIsEscaped ? default : reader.ValueSpan;
                reader.Read();
                var value = (int)reader.TokenStartIndex;
                var isText = reader.TokenType == JsonTokenType.String;
                var isOwn = IsOwn(shape, name, isBehindLine, reader.TokenType);
                reader.Skip();
                var end = (int)reader.BytesConsumed;
                if (isOwn)
                {
                    isBehindLine |= name.SequenceEqual(shape == DocumentShape.Ecs ? EcsPath : "source"u8);
                    if (reason is not null || !name.StartsWith("log."u8))
                    {
                        output.Write(document[start..end]);
                        output.Write(","u8);
                    }

                    continue;
                }

                if (shape != DocumentShape.Ecs && name.SequenceEqual("log"u8))
                {
                    log = document[value..end];
                    continue;
                }

                // A message that is the only field of the line stays as it is; beside others it becomes part of the text. A
                // second one counts as another field: a name given twice is a reason to be refused.
                var isMessage = name.SequenceEqual("message"u8) && isText && message.IsEmpty;
                message = isMessage ? document[value..end] : message;
                others += isMessage ? 0 : 1;
                rest.Write(rest.WrittenCount > 1 ? ","u8 : ""u8);
                rest.Write(document[start..end]);
            }
        }
        catch (JsonException)
        {
            return false;
        }

        output.Write("\"message\":"u8);
        if (others == 0 && !message.IsEmpty)
        {
            output.Write(message);
        }
        else
        {
            rest.Write("}"u8);
            WriteText(rest.WrittenSpan, output);
        }

        WriteLog(log, shape, reason, output);
        return true;
    }

    /// <summary>
    /// Adds <c>,"log":{…}</c> with the members that the document had there and the reason; in ECS only the reason, since the others have
    /// names of their own.
    /// </summary>
    private static void WriteLog(
        ReadOnlySpan<byte> log, DocumentShape shape, string? reason, ArrayBufferWriter<byte> output)
    {
        if (reason is null)
        {
            return;
        }

        if (shape == DocumentShape.Ecs)
        {
            output.Write(",\"log.index_error\":"u8);
            WriteText(Encoding.UTF8.GetBytes(Cut(reason)), output);
            return;
        }

        output.Write(",\"log\":{"u8);
        var members = log.Length > 2 && log[0] == (byte)'{' ? log[1..^1] : default;
        output.Write(members);
        output.Write(members.IsEmpty ? "\"index_error\":"u8 : ",\"index_error\":"u8);
        WriteText(Encoding.UTF8.GetBytes(Cut(reason)), output);
        output.Write("}"u8);
    }

    private static void WriteText(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        output.Write("\""u8);
    }

    /// <summary>
    /// Whether a member is the agent's and cannot be why the document is refused. Tags and labels can: what an index has made of
    /// their names is not for the agent to know.
    /// </summary>
    /// <remarks>In ECS a record may bring values of names that the agent writes otherwise, but only before the path.</remarks>
    private static bool IsOwn(DocumentShape shape, ReadOnlySpan<byte> name, bool isBehindLine, JsonTokenType value) =>
        shape == DocumentShape.Ecs
            ? name.SequenceEqual("@timestamp"u8)
                || name.SequenceEqual(EcsPath)
                || (isBehindLine && !name.IsEmpty && !name.StartsWith("labels."u8))
            : AgentFields.PlainNames.Contains(name)
                || (isBehindLine && value == JsonTokenType.StartObject
                    && (name.SequenceEqual("beat"u8) || name.SequenceEqual("prospector"u8)));

    private static string Cut(string reason) =>
        reason.Length <= ReasonCharsMax
            ? reason
            : reason[..(char.IsHighSurrogate(reason[ReasonCharsMax - 1]) ? ReasonCharsMax - 1 : ReasonCharsMax)];
}
