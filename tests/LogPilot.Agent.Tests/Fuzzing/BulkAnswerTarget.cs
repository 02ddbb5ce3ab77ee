using System.Text.Json;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>What a server or a proxy answers: it is understood the same in pieces of any size, and never for more than it says.</summary>
internal sealed class BulkAnswerTarget() : FuzzTarget("bulk-answer")
{
    public override IReadOnlyList<string> Tokens { get; } =
    [
        "{\"errors\":true,\"items\":[", "{\"errors\":false,\"items\":[", "{\"create\":{\"status\":201}}", "\"create\":{", "\"status\":", "429",
        "\"error\":{\"type\":\"", "\"reason\":\"", "\"caused_by\":{", "]}", "}}", "null", "-1", "99999999999", "1e3", "\\ud800", "\\u0000",
        "\xff", "\"items\":", "{\"error\":{\"root_cause\":[", ",", "[", "{", "\"", " \r\n",
    ];

    protected override void Check(byte[] input, Random random)
    {
        _ = ServerError.Read(input).ToString();
        var items = StoredItems(input, out var stored);
        var verdicts = new BulkVerdicts();
        var whole = Read(new MemoryStream(input), items, verdicts);
        var inPieces = Read(new PieceStream(input, random), items, new BulkVerdicts());

        Expect(whole == inPieces, $"whole and in pieces it is the same: {whole}, {inPieces}");
        Expect(whole != BulkAnswerOutcome.PerItem || verdicts.Count == items, "there is a verdict an item");
        for (var i = 0; whole == BulkAnswerOutcome.PerItem && i < items; i++)
        {
            var isStored = verdicts[i] is ItemVerdict.Stored or ItemVerdict.Duplicate;
            Expect(!isStored || stored is null || stored[i], $"item {i} is not taken for stored");
        }
    }

    private static BulkAnswerOutcome Read(Stream body, int items, BulkVerdicts verdicts) =>
        BulkAnswerReader.ReadAsync(body, items, verdicts, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>
    /// How many items a plain reading of the JSON finds, and which of them some member says are stored; null where the answer is
    /// none of a server's.
    /// </summary>
    private static int StoredItems(byte[] input, out List<bool>? stored)
    {
        stored = null;
        try
        {
            using var json = JsonDocument.Parse(input);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("items", out var items)
                && items.ValueKind == JsonValueKind.Array)
            {
                stored = [.. items.EnumerateArray().Select(item => SaysStored(item))];
                return stored.Count;
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // No JSON, or a name that is no text: anything is expected of it then but an exception.
        }

        return 2;
    }

    private static bool SaysStored(JsonElement item) => item.ValueKind == JsonValueKind.Object
        && item.EnumerateObject().Any(operation => operation.Value.ValueKind == JsonValueKind.Object
            && operation.Value.EnumerateObject().Any(member => member.NameEquals("status")
                && member.Value.ValueKind == JsonValueKind.Number
                && member.Value.TryGetInt32(out var status) && status is (>= 200 and < 300) or 409));

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class PieceStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(random.Next(1, 100), buffer.Length)], cancellationToken);
    }
}
