using System.Collections.Concurrent;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class SendLoopTests
{
    private readonly ConcurrentQueue<Batch> _settled = [];

    [Fact]
    public async Task Run_AfterComplete_SettlesEveryBatch()
    {
        var loop = new SendLoop(new ScriptedSink((_, _) => Task.CompletedTask), 2, _settled.Enqueue);
        var running = loop.RunAsync(CancellationToken.None);

        for (var i = 0; i < 10; i++)
        {
            loop.Post(TestBatch.Of(1));
        }

        loop.Complete();
        await running.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(10, _settled.Count);
    }

    [Fact]
    public async Task Run_TwoSenders_ShipTwoBatchesAtATime()
    {
        var both = new TaskCompletionSource();
        var entered = 0;
        var sink = new ScriptedSink(async (_, _) =>
        {
            if (Interlocked.Increment(ref entered) == 2)
            {
                both.SetResult();
            }

            await both.Task;
        });
        var loop = new SendLoop(sink, 2, _settled.Enqueue);
        var running = loop.RunAsync(CancellationToken.None);

        loop.Post(TestBatch.Of(1));
        loop.Post(TestBatch.Of(1));
        loop.Complete();
        await running.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(2, _settled.Count);
    }

    [Fact]
    public async Task Run_Cancelled_HandsInFlightAndQueuedBatchesBackPending()
    {
        using var stop = new CancellationTokenSource();
        var entered = new TaskCompletionSource();
        var sink = new ScriptedSink((_, stopping) =>
        {
            entered.TrySetResult();
            return Task.Delay(Timeout.Infinite, stopping);
        });
        var loop = new SendLoop(sink, 1, _settled.Enqueue);
        var running = loop.RunAsync(stop.Token);
        loop.Post(TestBatch.Of(1));
        loop.Post(TestBatch.Of(1));

        await entered.Task;
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(2, _settled.Count);
        Assert.All(_settled, batch => Assert.Equal([RangeOutcome.Pending], SinkFixture.Outcomes(batch)));
    }

    [Fact]
    public async Task Run_SinkHasADefect_ThrowsItAndStopsTheOtherSenders()
    {
        var sink = new ScriptedSink((batch, stopping) => batch.Items == 2
            ? throw new InvalidOperationException("defect")
            : Task.Delay(Timeout.Infinite, stopping));
        var loop = new SendLoop(sink, 2, _settled.Enqueue);
        loop.Post(TestBatch.Of(1));
        loop.Post(TestBatch.Of(2));

        var running = loop.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        Assert.Equal(2, _settled.Count);
    }

    private sealed class ScriptedSink(Func<Batch, CancellationToken, Task> ship) : ISink
    {
        public Task<DocumentTarget> ConnectAsync(CancellationToken stopping) =>
            Task.FromResult(new DocumentTarget(true, null, 9));

        public Task ShipAsync(Batch batch, CancellationToken stopping) => ship(batch, stopping);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
