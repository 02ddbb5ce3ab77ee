using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Shipping;

/// <summary>A document that the server refuses in every form, with the words it refused it with.</summary>
internal readonly record struct DeadLetter(string Index, string Id, string Source, string Reason, ReadOnlyMemory<byte> Document);

/// <summary>
/// The file of documents that the server refuses in every form. Two generations share the allowed size: when the newer one is
/// full it replaces the older one, so the oldest letters are given up first. Safe for concurrent use.
/// </summary>
/// <remarks>One JSON object a line: <c>{"time":"…","index":"…","id":"…","reason":"…","document":{…}}</c>; a document that is no JSON is a text.</remarks>
internal sealed class DeadLetters(string directory, long bytesMax, TimeProvider time)
{
    private const string Name = "dead-letters.ndjson";
    private const string OlderName = "dead-letters.1.ndjson";
    private const string TakenPrefix = "dead-letters.resend-";

    // Held while lines are written or a file is renamed, against another process that does the same.
    private const string LockName = "dead-letters.lock";

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 1024 };
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();

    public string Path { get; } = System.IO.Path.Combine(directory, Name);

    /// <summary>Whether there are letters, new ones or those of a <see cref="Take"/>.</summary>
    public bool Any => Directory.Exists(directory) && Directory.EnumerateFiles(directory, "dead-letters*.ndjson").Any();

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
                using var turn = TakeTurn();
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

    /// <summary>
    /// Moves all letters out of the way of new ones, and returns the files to send again, the oldest first; those of an attempt that
    /// did not come to its end are among them. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public IReadOnlyList<string> Take()
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        lock (_gate)
        {
            using var turn = TakeTurn();
            var taken = Taken();
            var next = taken.Count == 0 ? 1 : NumberOf(taken[^1]) + 1;
            foreach (var name in (string[])[OlderName, Name])
            {
                var path = System.IO.Path.Combine(directory, name);
                if (File.Exists(path))
                {
                    var aside = System.IO.Path.Combine(directory, $"{TakenPrefix}{next++}.ndjson");
                    File.Move(path, aside);
                    taken.Add(aside);
                }
            }

            return taken;
        }
    }

    private List<string> Taken() =>
        [.. Directory.EnumerateFiles(directory, TakenPrefix + "*.ndjson").Where(path => NumberOf(path) > 0).OrderBy(NumberOf)];

    private static int NumberOf(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path.AsSpan());
        return int.TryParse(name[TakenPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>Throws <see cref="IOException"/> while another process has it, which takes no longer than a write.</summary>
    private SafeFileHandle TakeTurn() => File.OpenHandle(
        System.IO.Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

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
            writer.WriteString("id"u8, letter.Id);
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
