using System.Text;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class BulkAnswerTests
{
    // Answers of the real servers to: stored, id known, mapping conflict, closed index, no capacity.
    private const string Elasticsearch5 = """{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"[doc][1]: version conflict, document already exists (current version [1])","index_uuid":"u","shard":"3","index":"good"}}},{"create":{"status":400,"error":{"type":"mapper_parsing_exception","reason":"failed to parse [n]","caused_by":{"type":"number_format_exception","reason":"For input string: \"abc\""}}}},{"create":{"status":403,"error":{"type":"index_closed_exception","reason":"closed","index_uuid":"u","index":"cl"}}},{"create":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"rejected execution on EsThreadPoolExecutor[bulk, queue capacity = 1]"}}}]}""";
    private const string Elasticsearch9 = """{"errors":true,"items":[{"create":{"status":201}},{"create":{"error":{"type":"version_conflict_engine_exception","reason":"[1]: version conflict, document already exists (current version [1])"},"status":409}},{"create":{"error":{"type":"document_parsing_exception","reason":"[1:6] failed to parse field [n] of type [long]","caused_by":{"type":"illegal_argument_exception","reason":"For input string: \"abc\""}},"status":400}},{"create":{"error":{"type":"index_closed_exception","reason":"closed"},"status":400}},{"create":{"error":{"type":"es_rejected_execution_exception","reason":"full"},"status":429}}]}""";

    private static readonly ItemVerdict[] Expected =
        [ItemVerdict.Stored, ItemVerdict.Duplicate, ItemVerdict.Refused, ItemVerdict.Held, ItemVerdict.Busy];

    [Theory]
    [InlineData(Elasticsearch5)]
    [InlineData(Elasticsearch9)]
    public async Task Read_CutIntoPiecesOfAnySize_GivesTheSameVerdicts(string answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        for (var size = 1; size < 80; size++)
        {
            var verdicts = new BulkVerdicts();

            var outcome = await BulkAnswerReader.ReadAsync(new PieceStream(bytes, size), 5, verdicts, CancellationToken.None);

            Assert.Equal(BulkAnswerOutcome.PerItem, outcome);
            Assert.Equal(Expected, Enumerable.Range(0, verdicts.Count).Select(i => verdicts[i]));
            Assert.EndsWith("For input string: \"abc\"", verdicts.ReasonOf(2), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(200, "", nameof(ItemVerdict.Stored))]
    [InlineData(409, "version_conflict_engine_exception", nameof(ItemVerdict.Duplicate))]
    [InlineData(429, "es_rejected_execution_exception", nameof(ItemVerdict.Busy))]
    [InlineData(429, "circuit_breaking_exception", nameof(ItemVerdict.Busy))]
    [InlineData(429, "cluster_block_exception", nameof(ItemVerdict.Held))]
    [InlineData(503, "unavailable_shards_exception", nameof(ItemVerdict.Unavailable))]
    [InlineData(404, "shard_not_found_exception", nameof(ItemVerdict.Unavailable))]
    [InlineData(503, "process_cluster_event_timeout_exception", nameof(ItemVerdict.NotNow))]
    [InlineData(500, "illegal_state_exception", nameof(ItemVerdict.NotNow))]
    [InlineData(408, "", nameof(ItemVerdict.NotNow))]
    [InlineData(404, "index_not_found_exception", nameof(ItemVerdict.Held))]
    [InlineData(400, "validation_exception", nameof(ItemVerdict.Held))]
    [InlineData(400, "invalid_index_name_exception", nameof(ItemVerdict.RefusedIndex))]
    [InlineData(400, "", nameof(ItemVerdict.Refused))]
    [InlineData(413, "", nameof(ItemVerdict.Refused))]
    [InlineData(0, "", nameof(ItemVerdict.NotNow))]
    [InlineData(302, "", nameof(ItemVerdict.NotNow))]
    public void Judge_StatusAndType_GiveTheVerdict(int status, string type, string verdict) =>
        Assert.Equal(verdict, BulkVerdicts.Judge(status, Encoding.UTF8.GetBytes(type), []).ToString());

    [Fact]
    public async Task Read_EveryPrefix_IsUnreadable()
    {
        var bytes = Encoding.UTF8.GetBytes(Elasticsearch5);
        for (var length = 0; length < bytes.Length; length++)
        {
            var outcome = await BulkAnswerReader.ReadAsync(new MemoryStream(bytes, 0, length), 5, new BulkVerdicts(), CancellationToken.None);

            Assert.Equal(BulkAnswerOutcome.Unreadable, outcome);
        }
    }

    [Theory]
    [InlineData("""{"errors":false,"items":[""", "]}")]
    [InlineData("""{"took":30,"errors":false,"items":[""", "]}\n")]
    [InlineData("""{"errors" : false, "items" : [""", " ] }")]
    public async Task Read_AllStored_CountsItemsInPiecesOfAnySize(string head, string tail)
    {
        var bytes = Encoding.UTF8.GetBytes(head + string.Join(',', Enumerable.Repeat("""{"create":{"status":201}}""", 50)) + tail);
        for (var size = 1; size < 80; size++)
        {
            var verdicts = new BulkVerdicts();
            var outcome = await BulkAnswerReader.ReadAsync(new PieceStream(bytes, size), 50, verdicts, CancellationToken.None);
            var short1 = await BulkAnswerReader.ReadAsync(new PieceStream(bytes, size), 51, new BulkVerdicts(), CancellationToken.None);

            Assert.True(outcome == BulkAnswerOutcome.AllStored || verdicts.Count == 50);
            Assert.Equal(BulkAnswerOutcome.Unreadable, short1);
        }
    }

    [Fact]
    public async Task Read_ReasonLargerThanTheBuffer_IsCutAndTheRestIsRead()
    {
        var answer = $$$"""{"errors":true,"items":[{"create":{"error":{"type":"x","reason":"{{{new string('a', 100_000)}}}"},"status":400}},{"create":{"status":201}}]}""";
        var verdicts = new BulkVerdicts();

        var outcome = await BulkAnswerReader.ReadAsync(new PieceStream(Encoding.UTF8.GetBytes(answer), 5000), 2, verdicts, CancellationToken.None);

        Assert.Equal(BulkAnswerOutcome.PerItem, outcome);
        Assert.Equal((ItemVerdict.Refused, ItemVerdict.Stored), (verdicts[0], verdicts[1]));
        Assert.InRange(verdicts.ReasonOf(0).Length, 1000, 1100);
    }

    // A reason quotes the document, and a document may hold anything. An answer that is never understood is asked for again for ever.
    [Theory]
    [InlineData("half a pair \\ud800")]
    [InlineData("no UTF-8 \u00ff")]
    public async Task Read_ReasonThatIsNoText_KeepsTheVerdict(string reason)
    {
        var answer = $$$"""{"errors":true,"items":[{"create":{"error":{"type":"x","reason":"{{{reason}}}"},"status":400}},{"create":{"status":201}}]}""";
        var verdicts = new BulkVerdicts();

        var outcome = await BulkAnswerReader.ReadAsync(new PieceStream(Encoding.Latin1.GetBytes(answer), 7), 2, verdicts, CancellationToken.None);

        Assert.Equal(BulkAnswerOutcome.PerItem, outcome);
        Assert.Equal((ItemVerdict.Refused, ItemVerdict.Stored), (verdicts[0], verdicts[1]));
        Assert.Contains(reason[..8], verdicts.ReasonOf(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NameWithHalfAPair_IsUnreadable()
    {
        var answer = """{"\ud800":1,"errors":true,"items":[{"create":{"status":201}}]}""";

        var outcome = await BulkAnswerReader.ReadAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(answer)), 1, new BulkVerdicts(), CancellationToken.None);

        Assert.Equal(BulkAnswerOutcome.Unreadable, outcome);
    }

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class PieceStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
