using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>Documents that are not taken for long, while their neighbours are.</summary>
public sealed class UnavailableShardTests : IAsyncDisposable
{
    private static readonly FakeError Unavailable = new(503, "unavailable_shards_exception", "[a][0] primary shard is not active Timeout: [30s]");
    private static readonly FakeError Rejected = new(429, "es_rejected_execution_exception", "rejected execution of primary operation");

    // No pause is longer, so that the clock has passed it when it has moved once.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly SinkFixture _fixture;

    public UnavailableShardTests()
    {
        _fixture = new SinkFixture(_time);
        _fixture.Options = _fixture.Options with { RetryDelayMin = TimeSpan.FromMilliseconds(200), RetryDelayMax = Step };
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Ship_ShardIsUnavailable_LeavesMemoryAfterItsTimeAndNotBefore()
    {
        _fixture.Server.Item = item => item.Index == "a" ? Unavailable : null;

        var started = _time.GetUtcNow();
        var outcomes = await ShipAsync(new TestBatch().Add("a", "1", "{}").EndRange().Add("b", "1", "{}").Batch);

        Assert.Equal([RangeOutcome.Held, RangeOutcome.Delivered], outcomes);
        Assert.True(_time.GetUtcNow() - started >= TimeSpan.FromSeconds(30));
        Assert.Equal(2, _fixture.RequestSizes[0]);
        Assert.All(_fixture.RequestSizes.Skip(1), size => Assert.Equal(1, size));
        Assert.Contains("_cluster/allocation/explain", _fixture.Status.Oldest()!.Value.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ship_DocumentIsRefusedForWantOfCapacityForEver_LeavesMemoryLater()
    {
        _fixture.Server.Item = item => item.Id == "1" ? Rejected : null;

        var started = _time.GetUtcNow();
        var outcomes = await ShipAsync(TestBatch.Of(3));

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Held, RangeOutcome.Delivered], outcomes);
        Assert.InRange(_time.GetUtcNow() - started, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task Ship_NextBatchOfAHeldShard_IsHeldWithoutARequest()
    {
        _fixture.Server.Item = item => item.Index == "a" ? Unavailable : null;
        var first = new TestBatch().Add("a", "1", "{}").Batch;
        await ShipAsync(first);
        var requests = _fixture.RequestSizes.Count;

        var second = new TestBatch().Add("a", "2", "{}").EndRange().Add("b", "1", "{}").EndRange().Add("a", "3", "{}").Batch;
        var outcomes = await ShipAsync(second);

        Assert.Equal([RangeOutcome.Held, RangeOutcome.Delivered, RangeOutcome.Held], outcomes);
        Assert.True(second.Ranges[0].HoldFor > TimeSpan.Zero);
        Assert.Equal([1], _fixture.RequestSizes.Skip(requests));
    }

    [Fact]
    public async Task Ship_PauseOfAHeldShardIsOver_SendsOneBatchToFindOut()
    {
        _fixture.Server.Item = _ => Unavailable;
        var held = new TestBatch().Add("a", "1", "{}").Batch;
        await ShipAsync(held);
        var requests = _fixture.RequestSizes.Count;
        _time.Advance(held.Ranges[0].HoldFor);
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        _fixture.Server.Work = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };

        var probe = _fixture.ShipAsync(new TestBatch().Add("a", "1", "{}").Batch);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var meanwhile = await _fixture.ShipAsync(new TestBatch().Add("a", "2", "{}").Batch);
        answer.SetResult();

        Assert.Equal([RangeOutcome.Held], meanwhile);
        Assert.Equal([RangeOutcome.Held], await probe);
        Assert.Equal(requests + 1, _fixture.RequestSizes.Count);
    }

    [Fact]
    public async Task Ship_ShardIsBack_TellsSoAndSendsEverythingAgain()
    {
        _fixture.Server.Item = _ => Unavailable;
        var held = new TestBatch().Add("a", "1", "{}").Batch;
        await ShipAsync(held);
        _fixture.Server.Item = _ => null;
        _time.Advance(held.Ranges[0].HoldFor);

        var outcomes = await ShipAsync(new TestBatch().Add("a", "1", "{}").Batch);
        var both = new TaskCompletionSource();
        var arrived = 0;
        _fixture.Server.Work = _ =>
        {
            if (Interlocked.Increment(ref arrived) == 2)
            {
                both.SetResult();
            }

            return both.Task;
        };

        // Each of them is answered when both are there.
        await Task.WhenAll(
            _fixture.ShipAsync(new TestBatch().Add("a", "2", "{}").Batch),
            _fixture.ShipAsync(new TestBatch().Add("a", "3", "{}").Batch));

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(3, _fixture.Server.Documents.Count);
        Assert.Null(_fixture.Status.Oldest());
    }

    [Fact]
    public async Task Ship_OneOfTheShardsIsAway_WaitsLongerEachTime()
    {
        _fixture.Options = _fixture.Options with { RetryDelayMax = TimeSpan.FromSeconds(30), HoldAfter = TimeSpan.FromMilliseconds(1) };
        _fixture.Server.Item = item => item.Id == "lost" ? Unavailable : null;
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 6; i++)
        {
            var batch = new TestBatch().Add("a", "lost", "{}").EndRange().Add("a", $"{i}", "{}").Batch;
            await ShipAsync(batch);
            pauses.Add(batch.Ranges[0].HoldFor);
            _time.Advance(pauses[^1]);
        }

        Assert.Equal(6, _fixture.Server.Documents.Count);
        Assert.True(pauses[^1] > 10 * pauses[0], string.Join(", ", pauses));
    }

    [Fact]
    public async Task Ship_ShardIsUnavailable_AsksTheServerToSaySoBeforeTheRequestEnds()
    {
        _fixture.Options = _fixture.Options with { RequestTimeout = TimeSpan.FromSeconds(10) };

        await ShipAsync(TestBatch.Of(1));

        Assert.EndsWith("&timeout=5000ms", Assert.Single(_fixture.Server.Bulks).Path, StringComparison.Ordinal);
    }

    /// <summary>Ships while the clock moves on in every pause.</summary>
    private async Task<List<RangeOutcome>> ShipAsync(Batch batch)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _time.AdvanceUntilAsync(_fixture.Sink.ShipAsync(batch, deadline.Token), Step);
        return SinkFixture.Outcomes(batch);
    }
}
