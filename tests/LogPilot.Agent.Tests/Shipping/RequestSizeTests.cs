using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>Servers and proxies that take only so much at once.</summary>
public sealed class RequestSizeTests : IAsyncDisposable
{
    private readonly SinkFixture _fixture = new();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Ship_RequestTooLarge_HalvesUntilItFits()
    {
        _fixture.Server.Request = request =>
            request.Body.Length > 40_000 ? FakeReply.Json(413, "") : null;
        var batch = new TestBatch();
        for (var i = 0; i < 100; i++)
        {
            batch.Add("logs", $"{i}", $$"""{"message":"{{new string('x', 1000)}}"}""").EndRange();
        }

        var outcomes = await _fixture.ShipAsync(batch.Batch);

        Assert.All(outcomes, outcome => Assert.Equal(RangeOutcome.Delivered, outcome));
        Assert.Equal(100, _fixture.Server.Documents.Count);
        Assert.Equal((2, 5), (_fixture.Server.Bulks.Count(bulk => bulk.Body.Length > 40_000), _fixture.Server.Bulks.Count(bulk => bulk.Body.Length <= 40_000)));
    }

    [Fact]
    public async Task Ship_AfterTooLarge_StartsTheNextBatchSmaller()
    {
        _fixture.Server.Next.Enqueue(FakeReply.Json(413, ""));
        var text = new string('x', 1000);
        Batch Large()
        {
            var batch = new TestBatch();
            for (var i = 0; i < 100; i++)
            {
                batch.Add("logs", $"{i}", $$"""{"message":"{{text}}"}""");
            }

            return batch.Batch;
        }

        await _fixture.ShipAsync(Large());
        await _fixture.ShipAsync(Large());

        Assert.Equal(100, _fixture.RequestSizes[0]);
        Assert.All(_fixture.RequestSizes.Skip(1), size => Assert.True(size < 60));
    }

    [Fact]
    public async Task Ship_ServerStopsReadingTheRequest_GivesItUpAndGoesOn()
    {
        _fixture.Options = _fixture.Options with { RequestTimeout = TimeSpan.FromMilliseconds(500) };
        _fixture.Server.Next.Enqueue(FakeReply.Of(ReplyKind.Early, 413, "too large"));
        var batch = new TestBatch();
        for (var i = 0; i < 300; i++)
        {
            batch.Add("logs", $"{i}", $$"""{"message":"{{new string('x', 10_000)}}"}""");
        }

        var outcomes = await _fixture.ShipAsync(batch.Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(300, _fixture.Server.Documents.Count);
    }

    [Fact]
    public async Task Ship_ServerRefusesBeforeItHasRead_IsAskedBeforeTheNextBody()
    {
        // The first time costs the timeout. Then its answer is seen, and each batch is sent as small as it wants.
        _fixture.Options = _fixture.Options with { RequestTimeout = TimeSpan.FromSeconds(1) };
        _fixture.Server.Next.Enqueue(FakeReply.Of(ReplyKind.Early, 413, "too large"));
        _fixture.Server.Next.Enqueue(FakeReply.Of(ReplyKind.Early, 413, "too large"));
        var batch = new TestBatch();
        for (var i = 0; i < 300; i++)
        {
            batch.Add("logs", $"{i}", $$"""{"message":"{{new string('x', 10_000)}}"}""");
        }

        var started = TimeProvider.System.GetTimestamp();
        var outcomes = await _fixture.ShipAsync(batch.Batch);
        var elapsed = TimeProvider.System.GetElapsedTime(started);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"It took {elapsed}.");
        Assert.Equal([false, true], _fixture.Server.Bulks.Take(2).Select(bulk => bulk.Asks));
        Assert.False(_fixture.Server.Bulks.Last().Asks);
    }

    [Fact]
    public async Task Ship_ServerDoesNotKnowTheQuestion_SendsTheBodyWithinTheTimeout()
    {
        _fixture.Options = _fixture.Options with { RequestTimeout = TimeSpan.FromSeconds(1) };
        _fixture.Server.KnowsQuestion = false;
        _fixture.Server.Next.Enqueue(FakeReply.Of(ReplyKind.Early, 413, "too large"));
        var batch = new TestBatch();
        for (var i = 0; i < 300; i++)
        {
            batch.Add("logs", $"{i}", $$"""{"message":"{{new string('x', 10_000)}}"}""");
        }

        var outcomes = await _fixture.ShipAsync(batch.Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Contains(_fixture.Server.Bulks, bulk => bulk.Asks && bulk.Body.Length > 0);
    }

    [Fact]
    public async Task Ship_ItemsAreNeverTakenSoManyAtOnce_HalvesAfterTheSecondTime()
    {
        var bytes = 0;
        _fixture.Server.Work = request => Task.FromResult(bytes = request.Body.Length);
        _fixture.Server.Item = _ => bytes > 70_000 ? new FakeError(429, "es_rejected_execution_exception", "primary operation") : null;
        var batch = new TestBatch();
        for (var i = 0; i < 200; i++)
        {
            batch.Add("logs", $"{i}", $$"""{"message":"{{new string('x', 1000)}}"}""");
        }

        var outcomes = await _fixture.ShipAsync(batch.Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(200, _fixture.Server.Documents.Count);
    }

    [Fact]
    public async Task Ship_ClusterNeverTakesSoMuchAtOnce_HalvesAfterTheSecondTime()
    {
        _fixture.Server.Request = request =>
            request.Body.Length > 70_000 ? FakeReply.Error(429, "es_rejected_execution_exception", "coordinating operation") : null;
        var batch = new TestBatch();
        for (var i = 0; i < 200; i++)
        {
            batch.Add("logs", $"{i}", $$"""{"message":"{{new string('x', 1000)}}"}""");
        }

        var outcomes = await _fixture.ShipAsync(batch.Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(200, _fixture.Server.Documents.Count);
        Assert.All(_fixture.RequestSizes, size => Assert.True(size >= 25));
    }

    [Fact]
    public async Task Ship_ClusterIsBusy_DoesNotFallApartIntoSmallRequests()
    {
        for (var i = 0; i < 20; i++)
        {
            _fixture.Server.Next.Enqueue(FakeReply.Error(429, "es_rejected_execution_exception", "coordinating operation"));
        }

        await _fixture.ShipAsync(TestBatch.Of(500));

        Assert.All(_fixture.RequestSizes, size => Assert.Equal(500, size));
    }

    [Fact]
    public async Task Ship_OneDocumentTooLarge_GoesPlainThenToTheDeadLetters()
    {
        _fixture.Server.Request = request =>
            request.Body.Length > 20_000 ? FakeReply.Json(413, "") : null;
        var batch = new TestBatch()
            .Add("logs", "1", "{\"message\":\"small\"}").EndRange()
            .Add("logs", "2", $$"""{"message":"{{new string('x', 50_000)}}"}""").Batch;

        var outcomes = await _fixture.ShipAsync(batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Single(_fixture.Server.Documents);
        Assert.Contains("413", Assert.Single(_fixture.DeadLetters), StringComparison.Ordinal);
        Assert.Equal(1, _fixture.Counters.DeadLetters);
    }
}
