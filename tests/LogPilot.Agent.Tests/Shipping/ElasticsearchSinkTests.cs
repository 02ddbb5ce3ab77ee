using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>The contract's table of answers, row by row.</summary>
public sealed class ElasticsearchSinkTests : IAsyncDisposable
{
    private readonly SinkFixture _fixture = new();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Ship_AllStored_TakesOneRequest()
    {
        var outcomes = await _fixture.ShipAsync(TestBatch.Of(100));

        Assert.All(outcomes, outcome => Assert.Equal(RangeOutcome.Delivered, outcome));
        Assert.Equal([100], _fixture.RequestSizes);
        Assert.Equal(100, _fixture.Server.Documents.Count);
        Assert.Equal(100, _fixture.Counters.Stored);
    }

    [Fact]
    public async Task Ship_BatchWithoutItems_DeliversItsRangesWithoutARequest()
    {
        var batch = new TestBatch().EndRange().Batch;

        var outcomes = await _fixture.ShipAsync(batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Empty(_fixture.Server.Bulks);
    }

    [Fact]
    public async Task Ship_SameBatchTwice_CountsDuplicatesAndDelivers()
    {
        await _fixture.ShipAsync(TestBatch.Of(3));
        var outcomes = await _fixture.ShipAsync(TestBatch.Of(3));

        Assert.All(outcomes, outcome => Assert.Equal(RangeOutcome.Delivered, outcome));
        Assert.Equal((3, 3), (_fixture.Counters.Stored, _fixture.Counters.Duplicates));
    }

    [Theory]
    [InlineData(429, "es_rejected_execution_exception")]
    [InlineData(500, "timeout_exception")]
    [InlineData(503, "unavailable_shards_exception")]
    [InlineData(404, "shard_not_found_exception")]
    public async Task Ship_ItemNotNow_SendsOnlyThatItemAgain(int status, string type)
    {
        var refusals = 0;
        _fixture.Server.Item = item => item.Id == "1" && refusals++ < 3 ? new FakeError(status, type, "later") : null;

        var outcomes = await _fixture.ShipAsync(TestBatch.Of(4));

        Assert.All(outcomes, outcome => Assert.Equal(RangeOutcome.Delivered, outcome));
        Assert.Equal([4, 1, 1, 1], _fixture.RequestSizes);
        Assert.Equal((4, 3), (_fixture.Counters.Stored, _fixture.Counters.Retried));
    }

    public static TheoryData<string> BrokenAnswers => [.. Broken.Keys];

    private static readonly Dictionary<string, FakeReply> Broken = new()
    {
        ["429"] = FakeReply.Error(429, "es_rejected_execution_exception", "full"),
        ["500"] = FakeReply.Json(500, ""),
        ["503 of a proxy"] = FakeReply.Json(503, "<html>"),
        ["400 of a proxy"] = FakeReply.Json(400, "<html>plain HTTP request was sent to HTTPS port</html>"),
        ["404 of a proxy"] = FakeReply.Json(404, "<html>"),
        ["301"] = FakeReply.Json(301, ""),
        ["401"] = FakeReply.Error(401, "security_exception", "missing credentials"),
        ["403"] = FakeReply.Error(403, "security_exception", "unauthorized"),
        ["403 read-only cluster"] = FakeReply.Error(403, "cluster_block_exception", "cluster read-only (api)"),
        ["reset"] = FakeReply.Of(ReplyKind.Reset),
        ["stored, then reset"] = FakeReply.Of(ReplyKind.AppliedThenReset),
        ["stored, then silence"] = FakeReply.Of(ReplyKind.AppliedThenSilence),
        ["empty"] = FakeReply.Json(200, ""),
        ["no JSON"] = FakeReply.Json(200, "<html>please log in</html>"),
        ["half of a good answer"] = FakeReply.Of(ReplyKind.Half, 200, """{"errors":false,"items":[{"create":{"status":201}}"""),
        ["half of a bad answer"] = FakeReply.Of(ReplyKind.Half, 200, """{"errors":true,"items":[{"create":{"status":400}}"""),
        ["cut good answer"] = FakeReply.Json(200, """{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}},{"create":{"status":2"""),
        ["cut bad answer"] = FakeReply.Json(200, """{"errors":true,"items":[{"create":{"status":400}},{"create":{"status":400}},{"create":{"status":400}}"""),
        ["too few, good"] = FakeReply.Json(200, """{"errors":false,"items":[{"create":{"status":201}}]}"""),
        ["too few, bad"] = FakeReply.Json(200, """{"errors":true,"items":[{"create":{"status":400}}]}"""),
        ["too many, bad"] = FakeReply.Json(200, """{"errors":true,"items":[{"create":{"status":400}},{"create":{"status":400}},{"create":{"status":400}},{"create":{"status":400}}]}"""),
    };

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task Ship_RequestFails_SendsTheWholeAgain(string name)
    {
        _fixture.Options = _fixture.Options with { RequestTimeout = TimeSpan.FromSeconds(3) };
        _fixture.Server.Next.Enqueue(Broken[name]);

        var outcomes = await _fixture.ShipAsync(TestBatch.Of(3));

        Assert.All(outcomes, outcome => Assert.Equal(RangeOutcome.Delivered, outcome));
        Assert.Equal([3, 3], _fixture.RequestSizes);
        Assert.Equal(3, _fixture.Server.Documents.Count);
        Assert.Equal(3, _fixture.Counters.Stored + _fixture.Counters.Duplicates);
        Assert.Null(_fixture.Status.Oldest());
    }

    [Fact]
    public async Task Ship_CredentialsRefused_SaysSoWithoutThem()
    {
        _fixture.Options = _fixture.Options with { User = "logs", Password = "s3cret" };
        _fixture.Server.Request = _ => FakeReply.Error(401, "security_exception", "unable to authenticate user");
        using var stop = new CancellationTokenSource();
        var batch = TestBatch.Of(2);

        var shipping = _fixture.Sink.ShipAsync(batch, stop.Token);
        await UntilAsync(() => _fixture.Status.Oldest() is not null);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shipping);
        Assert.All(SinkFixture.Outcomes(batch), outcome => Assert.Equal(RangeOutcome.Pending, outcome));
        var told = _fixture.Status.Oldest()!.Value.Text + string.Concat(_fixture.Logger.Entries.Select(entry => entry.Text));
        Assert.Contains("(401): set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD", told, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", told, StringComparison.Ordinal);
        Assert.Single(_fixture.Logger.Entries);
    }

    [Theory]
    [InlineData(403, "cluster_block_exception", "index [a] blocked by: [FORBIDDEN/8/index write (api)];", "index.blocks.write")]
    [InlineData(429, "cluster_block_exception", "index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];", "disk")]
    [InlineData(403, "cluster_block_exception", "blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];", "disk")]
    [InlineData(404, "index_not_found_exception", "no such index [a] and [action.auto_create_index] ([good*]) doesn't match", "action.auto_create_index")]
    [InlineData(400, "validation_exception", "Validation Failed: 1: this action would add [2] shards, but this cluster currently has [8]/[1] maximum normal shards open;", "cluster.max_shards_per_node")]
    [InlineData(400, "index_closed_exception", "closed", "open it")]
    [InlineData(403, "index_closed_exception", "closed", "open it")]
    [InlineData(403, "security_exception", "action [indices:data/write/bulk[s]] is unauthorized", "create_doc")]
    [InlineData(400, "illegal_argument_exception", "no write index is defined for alias [a]", "is_write_index")]
    [InlineData(400, "illegal_argument_exception", "Rejecting mapping update to [a] as the final mapping would have more than 1 type: [other, doc]", "_type")]
    public async Task Ship_IndexNotTaken_HoldsItsRangesAndDeliversTheOthers(int status, string type, string reason, string fix)
    {
        _fixture.Server.Item = item => item.Index == "a" ? new FakeError(status, type, reason) : null;
        var batch = new TestBatch()
            .Add("a", "1", "{}").Add("b", "2", "{}").EndRange()
            .Add("b", "3", "{}").EndRange()
            .Add("a", "4", "{}").Batch;

        var outcomes = await _fixture.ShipAsync(batch);

        Assert.Equal([RangeOutcome.Held, RangeOutcome.Delivered, RangeOutcome.Held], outcomes);
        Assert.True(batch.Ranges[0].HoldFor > TimeSpan.Zero);
        Assert.Single(_fixture.Server.Bulks);
        Assert.Contains("index a", _fixture.Status.Oldest()!.Value.Text, StringComparison.Ordinal);
        Assert.Contains(fix, _fixture.Status.Oldest()!.Value.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ship_HeldIndexIsTakenAgain_ClearsTheProblem()
    {
        _fixture.Server.Item = _ => new FakeError(404, "index_not_found_exception", "no such index");
        await _fixture.ShipAsync(TestBatch.Of(1));
        _fixture.Server.Item = _ => null;

        var outcomes = await _fixture.ShipAsync(TestBatch.Of(1));

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Null(_fixture.Status.Oldest());
    }

    [Fact]
    public async Task Ship_Cancelled_KeepsWhatIsDeliveredAndLeavesTheRestPending()
    {
        _fixture.Server.Item = item => item.Id == "1" ? new FakeError(429, "es_rejected_execution_exception", "full") : null;
        using var stop = new CancellationTokenSource();
        var batch = TestBatch.Of(3);

        var shipping = _fixture.Sink.ShipAsync(batch, stop.Token);
        await UntilAsync(() => _fixture.Server.Bulks.Count > 1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shipping);
        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Pending, RangeOutcome.Delivered], SinkFixture.Outcomes(batch));
    }

    [Fact]
    public async Task Ship_GzipPrefixAndApiKey_AreSent()
    {
        _fixture.Options = _fixture.Options with
        {
            Gzip = true,
            ApiKey = "a2V5",
            Hosts = [new Uri(_fixture.Server.Address, "/es/logs")],
        };

        await _fixture.ShipAsync(TestBatch.Of(5));

        var bulk = Assert.Single(_fixture.Server.Bulks);
        Assert.StartsWith("/es/logs/_bulk?filter_path=errors,items.*.status,items.*.error", bulk.Path, StringComparison.Ordinal);
        Assert.Equal(("gzip", "ApiKey a2V5"), (bulk.Headers["Content-Encoding"], bulk.Headers["Authorization"]));
        Assert.Equal("application/x-ndjson", bulk.Headers["Content-Type"]);
        Assert.Equal(5, _fixture.Server.Documents.Count);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var deadline = TimeSpan.FromSeconds(10);
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < deadline, "The condition was not met in 10 s.");
            await Task.Yield();
        }
    }
}
