using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LogPilot.Agent.Shipping;

/// <summary>Writes documents to standard output: one JSON object a line, or indented.</summary>
internal sealed class ConsoleSink(Stream output, bool pretty, SinkContext context) : ISink
{
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 1024 };
    private static readonly JsonWriterOptions Writing = new()
    {
        Indented = true,
        MaxDepth = 1024,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // One batch at a time, so that documents of two senders do not mix.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly WriteRetry _retry = new(context);

    public Task<DocumentTarget> ConnectAsync(CancellationToken stopping) =>
        Task.FromResult(new DocumentTarget(Actions: false, TypeName: null, TimeDigits: 9));

    public async Task ShipAsync(Batch batch, CancellationToken stopping)
    {
        var content = pretty ? Indent(batch.Content.Span) : batch.Content;
        await _turn.WaitAsync(stopping);
        try
        {
            await _retry.RunAsync(
                async () =>
                {
                    await output.WriteAsync(content, stopping);
                    await output.FlushAsync(stopping);
                },
                "standard output",
                stopping);
        }
        finally
        {
            _turn.Release();
        }

        context.Counters.AddStored(batch.Items);
        foreach (ref var range in batch.Ranges)
        {
            range.Outcome = RangeOutcome.Delivered;
        }
    }

    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ReadOnlyMemory<byte> Indent(ReadOnlySpan<byte> documents)
    {
        var indented = new ArrayBufferWriter<byte>(documents.Length * 2 + 16);
        while (documents.Length > 0)
        {
            var end = documents.IndexOf((byte)'\n');
            Indent(documents[..end], indented);
            indented.Write("\n"u8);
            documents = documents[(end + 1)..];
        }

        return indented.WrittenMemory;
    }

    private static void Indent(ReadOnlySpan<byte> document, ArrayBufferWriter<byte> indented)
    {
        var before = indented.WrittenCount;
        try
        {
            using var writer = new Utf8JsonWriter(indented, Writing);
            var reader = new Utf8JsonReader(document, Reading);
            var value = JsonElement.ParseValue(ref reader);
            value.WriteTo(writer);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // JSON that no string can hold, such as half of a surrogate pair: as it is.
            if (indented.WrittenCount == before)
            {
                indented.Write(document);
            }
        }
    }
}
