using System.Buffers;
using System.Text;
using System.Text.Json;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Shipping;

/// <summary>
/// Sends the documents of dead-letter files once more, by the same rules as any others: what is refused again comes back as a new
/// letter. What no answer came for stays in its file.
/// </summary>
/// <param name="sink">A connected sink.</param>
/// <param name="target">What it wants documents to look like.</param>
/// <param name="batchBytes">A batch is sent when it holds this much.</param>
/// <param name="patience">A batch that is not taken for so long is the last one.</param>
internal sealed class DeadLetterResend(ISink sink, DocumentTarget target, int batchBytes, TimeSpan patience)
{
    private const string RestSuffix = ".rest";

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 1024 };

    private readonly Batch _batch = new(batchBytes);
    private readonly List<string> _lines = [];
    private bool _hasStopped;

    /// <summary>Letters that are still in a file that was sent.</summary>
    public int Kept { get; private set; }

    /// <summary>Those of them that are no letters.</summary>
    public int Unreadable { get; private set; }

    /// <summary>
    /// Sends one file and deletes it, or leaves what is to be sent yet. Throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>, also if another process is sending the file; then it stays as it is.
    /// </summary>
    public async Task SendAsync(string path, CancellationToken stopping)
    {
        var keptBefore = Kept;
        await using (var letters = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            using var reader = new StreamReader(letters, Encoding.UTF8);
            await using var rest = new StreamWriter(path + RestSuffix, append: false);
            var file = new TailedFile(null!, default, path);
            _batch.Reset(target);
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                if (!TryRead(line, out var item))
                {
                    await KeepAsync(rest, line);
                    Unreadable++;
                    continue;
                }

                if (!TryAdd(file, line, item))
                {
                    await ShipAsync(rest, stopping);
                    TryAdd(file, line, item);
                }
            }

            await ShipAsync(rest, stopping);
            await rest.FlushAsync(CancellationToken.None);
            RandomAccess.FlushToDisk(((FileStream)rest.BaseStream).SafeFileHandle);

            // While the file is open, so that nobody else begins with it in between.
            Replace(path, isEmpty: Kept == keptBefore);
        }
    }

    private static void Replace(string path, bool isEmpty)
    {
        if (isEmpty)
        {
            File.Delete(path);
            File.Delete(path + RestSuffix);
        }
        else
        {
            File.Move(path + RestSuffix, path, overwrite: true);
        }

        AppendedFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private async Task ShipAsync(StreamWriter rest, CancellationToken stopping)
    {
        if (_lines.Count == 0)
        {
            return;
        }

        if (!_hasStopped)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            deadline.CancelAfter(patience);
            try
            {
                await sink.ShipAsync(_batch, deadline.Token);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                _hasStopped = true;
            }
        }

        for (var i = 0; i < _lines.Count; i++)
        {
            if (_batch.Ranges[i].Outcome != RangeOutcome.Delivered)
            {
                await KeepAsync(rest, _lines[i]);
            }
        }

        _lines.Clear();
        _batch.Reset(target);
    }

    private async Task KeepAsync(StreamWriter rest, string line)
    {
        await rest.WriteAsync(line);
        await rest.WriteAsync('\n');
        Kept++;
    }

    /// <summary>Puts a letter into the batch as a range of its own; false if there is no room.</summary>
    private bool TryAdd(TailedFile file, string line, byte[] item)
    {
        var room = _batch.Room(item.Length);
        if (room.IsEmpty)
        {
            return false;
        }

        item.CopyTo(room);
        _batch.Add(item.Length, 1);

        // The letters are counted in twos, so that no range continues the one before.
        _batch.AddRange(new FileRange(file, 0, _lines.Count * 2, (_lines.Count * 2) + 1, 0), 1);
        _lines.Add(line);
        return true;
    }

    /// <summary>The item of a bulk request that a letter is about; false for a line that is no letter.</summary>
    private bool TryRead(string line, out byte[] item)
    {
        item = [];
        try
        {
            using var letter = JsonDocument.Parse(line, Reading);
            var root = letter.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("index"u8, out var index) || index.ValueKind != JsonValueKind.String
                || !root.TryGetProperty("id"u8, out var id) || id.ValueKind != JsonValueKind.String
                || !root.TryGetProperty("document"u8, out var document))
            {
                return false;
            }

            var output = new ArrayBufferWriter<byte>(line.Length + 128);
            WriteAction(output, index, id);
            WriteDocument(output, document);
            item = output.WrittenSpan.ToArray();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void WriteAction(ArrayBufferWriter<byte> output, JsonElement index, JsonElement id)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteStartObject("create"u8);
            json.WriteString("_index"u8, index.GetString());
            if (target.TypeName is { } type)
            {
                json.WriteString("_type"u8, type);
            }

            json.WriteString("_id"u8, id.GetString());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteDocument(ArrayBufferWriter<byte> output, JsonElement document)
    {
        // A document that was no JSON is a text in its letter. As the message of a document it can be stored.
        var isText = document.ValueKind == JsonValueKind.String;
        output.Write(isText ? "{\"message\":"u8 : ""u8);
        output.Write(Encoding.UTF8.GetBytes(document.GetRawText()));
        output.Write(isText ? "}\n"u8 : "\n"u8);
    }
}
