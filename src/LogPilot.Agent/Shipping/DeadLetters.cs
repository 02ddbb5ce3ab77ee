using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace LogPilot.Agent.Shipping;

/// <summary>A document that the server refuses in every form, with the words it refused it with.</summary>
internal readonly record struct DeadLetter(string Index, string Source, string Reason, ReadOnlyMemory<byte> Document);

/// <summary>
/// The file of documents that the server refuses in every form. Two generations share the allowed size: when the newer one is
/// full it replaces the older one, so the oldest letters are given up first. Safe for concurrent use.
/// </summary>
/// <remarks>One JSON object a line: <c>{"time":"…","index":"…","reason":"…","document":{…}}</c>; a document that is no JSON is a text.</remarks>
internal sealed class DeadLetters(string directory, long bytesMax, TimeProvider time)
{
    private const string Name = "dead-letters.ndjson";
    private const string OlderName = "dead-letters.1.ndjson";

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 1024 };
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();

    public string Path { get; } = System.IO.Path.Combine(directory, Name);

    /// <summary>
    /// Writes the letters and has the disk confirm them. False with the cause if it cannot; nothing of them is in the file
    /// then, and trying again later is safe.
    /// </summary>
    public bool TryAppend(IReadOnlyList<DeadLetter> letters, out string error)
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (var letter in letters)
        {
            WriteLine(letter, lines);
        }

        lock (_gate)
        {
            try
            {
                Directory.CreateDirectory(directory);
                Append(lines.WrittenSpan);
                error = "";
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error = $"{Path} cannot be written: {e.Message}";
                return false;
            }
        }
    }

    private void Append(ReadOnlySpan<byte> lines)
    {
        if (File.Exists(Path) && new FileInfo(Path).Length + lines.Length > bytesMax / 2)
        {
            File.Move(Path, System.IO.Path.Combine(directory, OlderName), overwrite: true);
        }

        using var file = AppendedFile.Open(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        file.Append(lines);
    }

    private void WriteLine(DeadLetter letter, ArrayBufferWriter<byte> lines)
    {
        using (var writer = new Utf8JsonWriter(lines, Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("time"u8, time.GetUtcNow().UtcDateTime);
            writer.WriteString("index"u8, letter.Index);
            writer.WriteString("reason"u8, letter.Reason);
            writer.WritePropertyName("document"u8);
            if (IsJson(letter.Document.Span))
            {
                writer.WriteRawValue(letter.Document.Span, skipInputValidation: true);
            }
            else
            {
                writer.WriteStringValue(Encoding.UTF8.GetString(letter.Document.Span));
            }

            writer.WriteEndObject();
        }

        lines.Write("\n"u8);
    }

    private static bool IsJson(ReadOnlySpan<byte> document)
    {
        if (!Utf8.IsValid(document))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(document, Reading);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
