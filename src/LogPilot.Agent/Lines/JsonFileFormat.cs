using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Lines;

/// <summary>The files of Docker's json-file log driver, whose lines are taken apart without decoding them.</summary>
/// <remarks>
/// <code>{"log":"TEXT","stream":"stdout|stderr"[,"attrs":{...}],"time":"RFC 3339, UTC"}</code>
/// TEXT ends in <c>\n</c> unless it is a part: the engine splits lines at 16 KiB, and a program may end without a newline.
/// It is JSON string content as Go writes it, so it can be copied into another JSON string as it is.
/// https://docs.docker.com/engine/logging/drivers/json-file/
/// </remarks>
internal readonly struct JsonFileFormat : IRuntimeFormat
{
    // Control characters, which JSON does not allow in a string, and the two characters that end or escape.
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(one => (byte)one), (byte)'"', (byte)'\\']);

    private static ReadOnlySpan<byte> Prefix => "{\"log\":\""u8;
    private static ReadOnlySpan<byte> Stdout => "\",\"stream\":\"stdout\",\"time\":\""u8;
    private static ReadOnlySpan<byte> Stderr => "\",\"stream\":\"stderr\",\"time\":\""u8;

    public static bool TryParse(ReadOnlySpan<byte> line, out RuntimeLine result)
    {
        // The usual order of the fields is recognised from both ends. In TEXT every quote has a backslash before it, so the
        // text between the fields cannot stand inside it.
        var stream = StandardStreams.None;
        ReadOnlySpan<byte> text = default, time = default;
        if (line.StartsWith(Prefix) && line.EndsWith("\"}"u8))
        {
            var timeStart = line[..^2].LastIndexOf((byte)'"') + 1;
            var head = line[..timeStart];
            time = line[timeStart..^2];
            stream = head.EndsWith(Stdout) ? StandardStreams.Stdout
                : head.EndsWith(Stderr) ? StandardStreams.Stderr
                : StandardStreams.None;
            if (stream != StandardStreams.None && head.Length >= Prefix.Length + Stdout.Length)
            {
                text = head[Prefix.Length..^Stdout.Length];
            }
            else
            {
                stream = StandardStreams.None;
            }
        }

        if (stream == StandardStreams.None || !RuntimeTime.IsUtc(time) || !IsStringContent(text))
        {
            return TryParseAnyOrder(line, out result);
        }

        result = Create(text, stream, time);
        return true;
    }

    // With attributes (the driver's labels and env options), or as other engines order the fields.
    private static bool TryParseAnyOrder(ReadOnlySpan<byte> line, out RuntimeLine result)
    {
        result = default;
        ReadOnlySpan<byte> text = default, time = default;
        var stream = StandardStreams.None;
        var hasText = false;
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isText = json.ValueTextEquals("log"u8);
                var isTime = json.ValueTextEquals("time"u8);
                var isStream = json.ValueTextEquals("stream"u8);
                json.Read();
                if (json.TokenType == JsonTokenType.String && isText)
                {
                    text = json.ValueSpan;
                    hasText = true;
                }
                else if (json.TokenType == JsonTokenType.String && isTime)
                {
                    time = json.ValueSpan;
                }
                else if (json.TokenType == JsonTokenType.String && isStream)
                {
                    stream = json.ValueTextEquals("stderr"u8) ? StandardStreams.Stderr : StandardStreams.Stdout;
                }
                else
                {
                    json.Skip();
                }
            }

            // Behind the object stands nothing: two on one line are one torn write, of which neither may be lost. Asked for
            // more, the reader throws.
            json.Read();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The latter says that a name or a value has half of a surrogate pair and so cannot be compared.
            return false;
        }

        // The reader accepts invalid UTF-8 inside strings; a document must not.
        if (!hasText || stream == StandardStreams.None || !Utf8.IsValid(text) || !TryMakeUtc(time, out var utc))
        {
            return false;
        }

        result = Create(text, stream, utc);
        return true;
    }

    private static RuntimeLine Create(ReadOnlySpan<byte> text, StandardStreams stream, ReadOnlySpan<byte> time)
    {
        var isComplete = TryTrimEscape(ref text, (byte)'n');
        if (isComplete)
        {
            TryTrimEscape(ref text, (byte)'r');
        }

        return new RuntimeLine { Text = text, IsEscaped = true, Stream = stream, Time = time, IsComplete = isComplete };
    }

    // "\\n" at the end is a backslash and an n: an escape has an odd number of backslashes.
    private static bool TryTrimEscape(ref ReadOnlySpan<byte> text, byte letter)
    {
        if (text.Length < 2 || text[^1] != letter || text[^2] != '\\')
        {
            return false;
        }

        var beforeLetter = text[..^1];
        var backslashes = beforeLetter.Length - 1 - beforeLetter.LastIndexOfAnyExcept((byte)'\\');
        if (backslashes % 2 == 0)
        {
            return false;
        }

        text = text[..^2];
        return true;
    }

    private static bool IsStringContent(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            return false;
        }

        while (true)
        {
            var at = text.IndexOfAny(Special);
            if (at < 0)
            {
                return true;
            }

            var escapeBytes = text[at] == '\\' ? EscapeBytes(text[at..]) : 0;
            if (escapeBytes == 0)
            {
                return false;
            }

            text = text[(at + escapeBytes)..];
        }
    }

    // RFC 8259, section 7: the letters that may follow a backslash.
    private static int EscapeBytes(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < 2)
        {
            return 0;
        }

        if (escape[1] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(escape[1]) ? 2 : 0;
        }

        return escape.Length >= 6 && char.IsAsciiHexDigit((char)escape[2]) && char.IsAsciiHexDigit((char)escape[3])
            && char.IsAsciiHexDigit((char)escape[4]) && char.IsAsciiHexDigit((char)escape[5]) ? 6 : 0;
    }

    // Other engines write the time in other forms, too.
    private static bool TryMakeUtc(ReadOnlySpan<byte> time, out ReadOnlySpan<byte> result)
    {
        if (RuntimeTime.TryMakeUtc(time, out result))
        {
            return true;
        }

        if (!DateTimeOffset.TryParse(
            Encoding.UTF8.GetString(time), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
        {
            return false;
        }

        result = Encoding.UTF8.GetBytes(parsed.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        return true;
    }
}
