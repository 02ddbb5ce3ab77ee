using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>A server that bears only so many requests at a time.</summary>
public sealed class CrowdedServerTests : IAsyncDisposable
{
    private const int Senders = 12;
    private const int Batches = 100;

    private readonly SinkFixture _fixture = new() { Senders = Senders };
    private int _inFlight;
    private int _most;
    private int _refused;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Ship_RequestsAboveAFewAreRefused_SettlesThere(int borne)
    {
        Crowd(borne, FakeReply.Error(429, "es_rejected_execution_exception", "rejected execution of coordinating operation"));

        await ShipAllAsync(_fixture, Batches);

        Assert.Equal(Batches * 2, _fixture.Server.Documents.Count);

        // One more is tried each time that the allowed number has worked, and costs one request.
        Assert.InRange(_refused, 1, Batches);
        Assert.True(_most <= (borne + 1) * 2, $"{_most} requests were in flight where {borne} are borne.");
    }

    [Fact]
    public async Task Ship_ServerBearsAll_SendsOneMoreEachTimeUntilEverySenderIsAtIt()
    {
        var gate = new Lock();
        var round = 1;
        var arrived = 0;
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // The clock stands still: on a busy machine the requests of a round may come so late that their wait would count as overload.
        await using var fixture = new SinkFixture(new ManualTime()) { Senders = Senders };

        // Answers come when as many requests are there as this round has: fewer, and the test would hang.
        fixture.Server.Work = _ =>
        {
            lock (gate)
            {
                var waiting = together.Task;
                if (++arrived == round)
                {
                    together.SetResult();
                    together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    arrived = 0;
                    round++;
                }

                return waiting;
            }
        };

        await ShipAllAsync(fixture, Senders * (Senders + 1) / 2);

        Assert.Equal(Senders + 1, round);
    }

    [Fact]
    public async Task Ship_ItemsAboveAFewAreRefused_SettlesThere()
    {
        Crowd(borne: 100, answer: null);
        _fixture.Server.Item = _ =>
        {
            if (Volatile.Read(ref _inFlight) < 3)
            {
                return null;
            }

            Interlocked.Increment(ref _refused);
            return new FakeError(429, "es_rejected_execution_exception", "rejected execution of primary operation");
        };

        await ShipAllAsync(_fixture, Batches);

        Assert.Equal(Batches * 2, _fixture.Server.Documents.Count);
        Assert.InRange(_refused, 1, Batches * 2);
        Assert.Null(_fixture.Status.Oldest());
    }

    /// <summary>Requests above a number get this answer.</summary>
    private void Crowd(int borne, FakeReply? answer)
    {
        _fixture.Server.Work = async _ =>
        {
            var now = Interlocked.Increment(ref _inFlight);
            InterlockedMax(now);

            // Long enough for all senders to be there, which is what the server is to see.
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        };
        _fixture.Server.Request = _ =>
        {
            if (Interlocked.Decrement(ref _inFlight) < borne)
            {
                return null;
            }

            Interlocked.Increment(ref _refused);
            return answer;
        };
    }

    private void InterlockedMax(int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref _most)) && Interlocked.CompareExchange(ref _most, value, seen) != seen)
        {
        }
    }

    private static async Task ShipAllAsync(SinkFixture fixture, int batches)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) < batches)
            {
                await fixture.ShipAsync(new TestBatch().Add("logs", $"{number}-a", "{}").Add("logs", $"{number}-b", "{}").Batch);
            }
        }));
    }
}
