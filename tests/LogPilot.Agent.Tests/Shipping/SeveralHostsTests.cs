using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>A cluster of several addresses, of which some do not work.</summary>
public sealed class SeveralHostsTests : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly SinkFixture _fixture = new() { Senders = 4 };
    private readonly FakeElasticsearch _other = new();

    public SeveralHostsTests()
    {
        _fixture.Options = _fixture.Options with { Hosts = [_fixture.Server.Address, _other.Address] };
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Ship_AllWork_DividesTheRequests()
    {
        for (var i = 0; i < 10; i++)
        {
            await _fixture.ShipAsync(TestBatch.Of(1));
        }

        Assert.Equal((5, 5), (_fixture.Server.Bulks.Count, _other.Bulks.Count));
    }

    [Fact]
    public async Task Ship_OneIsDead_IsTriedOnceUntilItsPauseIsOver()
    {
        _fixture.Options = _fixture.Options with
        {
            Hosts = [new Uri("http://127.0.0.1:1"), _fixture.Server.Address],
            RetryDelayMin = Long,
            RetryDelayMax = Long,
        };

        for (var i = 0; i < 6; i++)
        {
            await _fixture.ShipAsync(TestBatch.Of(1));
        }

        Assert.Equal(6, _fixture.Server.Bulks.Count);
        Assert.Equal(1, _fixture.Counters.Retried);
        Assert.Null(_fixture.Status.Oldest());
    }

    [Fact]
    public async Task Ship_OneIsSlow_TakesAPlaceFromTheOthersAndNotAll()
    {
        var stuck = new TaskCompletionSource();
        _other.Work = _ => stuck.Task;
        var shipped = new List<Task<List<RangeOutcome>>>();

        // A host that never answers, and a request timeout of a minute and a half: only the other one can have stored these.
        for (var i = 0; i < 40; i++)
        {
            shipped.Add(_fixture.ShipAsync(TestBatch.Of(1)));
        }

        while (shipped.Count(task => task.IsCompleted) < 36)
        {
            await Task.WhenAny(shipped.Where(task => !task.IsCompleted)).WaitAsync(TimeSpan.FromSeconds(10));
        }

        stuck.SetResult();
        await Task.WhenAll(shipped);
        Assert.InRange(_other.Bulks.Count, 1, 10);
    }

    [Fact]
    public async Task Ship_OneIsReadOnly_DeliversThroughTheOtherAndHoldsNothing()
    {
        _other.Request = _ => FakeReply.Error(403, "cluster_block_exception", "blocked by: [FORBIDDEN/6/cluster read-only (api)];");

        for (var i = 0; i < 8; i++)
        {
            var outcomes = await _fixture.ShipAsync(TestBatch.Of(2));
            Assert.All(outcomes, outcome => Assert.Equal(RangeOutcome.Delivered, outcome));
        }

        Assert.Equal(8, _fixture.Server.Bulks.Count);
        Assert.NotEmpty(_other.Bulks);
        Assert.Null(_fixture.Status.Oldest());
    }

    [Fact]
    public async Task Ship_OneTimesOut_IsAskedAgainByOneRequestAtATime()
    {
        _fixture.Options = _fixture.Options with { RequestTimeout = TimeSpan.FromMilliseconds(300) };
        await _fixture.ShipAsync(TestBatch.Of(1));
        var inFlight = 0;
        var most = 0;
        var stuck = new TaskCompletionSource();
        _other.Next.Enqueue(FakeReply.Of(ReplyKind.Silence));
        while (!_other.Next.IsEmpty)
        {
            await _fixture.ShipAsync(TestBatch.Of(1));
        }

        _other.Work = _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            return stuck.Task;
        };
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _fixture.ShipAsync(TestBatch.Of(1))));
        stuck.SetResult();

        // Those that it does not answer are counted here for ever, each after the one before it was given up.
        Assert.InRange(_other.Bulks.Count - 1, 0, 5);
        Assert.True(most <= 5, $"{most} requests hang at a host that is known not to answer.");
    }

    [Fact]
    public async Task Ship_EachGoesAndComesInTurn_StoresEveryLineOnce()
    {
        // A rolling restart as clients see it: one node at a time resets what it has taken, then refuses, then is back.
        var requests = 0;
        FakeElasticsearch[] nodes = [_fixture.Server, _other];
        for (var node = 0; node < nodes.Length; node++)
        {
            var own = node;
            nodes[own].Item = item => nodes[1 - own].Documents.ContainsKey(item.Key)
                ? new FakeError(409, "version_conflict_engine_exception", "document already exists")
                : null;
            nodes[own].Request = _ => (Interlocked.Increment(ref requests) / 20 % 4) switch
            {
                1 when own == 0 => FakeReply.Of(ReplyKind.Reset),
                3 when own == 1 => FakeReply.Error(503, "node_closed_exception", "node closed"),
                _ => null,
            };
        }

        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => _fixture.ShipAsync(new TestBatch()
            .Add("logs", $"{number}-a", "{}").EndRange()
            .Add("logs", $"{number}-b", "{}").Batch)));

        Assert.Equal(400, nodes.Sum(node => node.Documents.Count));
        Assert.Equal(400, nodes.SelectMany(node => node.Documents.Keys).Distinct().Count());
        Assert.True(_fixture.Counters.Retried > 0);
    }
}
