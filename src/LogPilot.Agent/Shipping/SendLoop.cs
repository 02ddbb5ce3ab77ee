using System.Threading.Channels;

namespace LogPilot.Agent.Shipping;

/// <summary>The senders: each takes a full batch, has the sink deliver it and hands it back.</summary>
/// <param name="sink">Where batches go.</param>
/// <param name="senders">Batches in flight at a time.</param>
/// <param name="settled">Takes each batch back, on the sender's own thread: it must be quick and must not throw.</param>
/// <param name="batchesMax">How many batches there are.</param>
internal sealed class SendLoop(ISink sink, int senders, Action<Batch> settled, int batchesMax = 64)
{
    private readonly Channel<Batch> _queue = Channel.CreateBounded<Batch>(batchesMax);

    /// <summary>Gives a full batch away. Never waits: there are no more batches than the queue has places.</summary>
    public void Post(Batch batch)
    {
        if (!_queue.Writer.TryWrite(batch))
        {
            throw new InvalidOperationException("A batch was posted after the end, or more batches than there are.");
        }
    }

    /// <summary>No more batches come: <see cref="RunAsync"/> ends when those posted are settled.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>
    /// Runs until <see cref="Complete"/> and the last batch, or until the token is cancelled; then batches that are not
    /// delivered are handed back as <see cref="RangeOutcome.Pending"/>. Throws what a sink must not throw: a defect.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var running = new Task[senders];
        for (var i = 0; i < senders; i++)
        {
            running[i] = Task.Run(() => SendAsync(halt), CancellationToken.None);
        }

        try
        {
            await Task.WhenAll(running);
        }
        finally
        {
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var batch))
            {
                settled(batch);
            }
        }
    }

    private async Task SendAsync(CancellationTokenSource halt)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(halt.Token))
            {
                while (!halt.IsCancellationRequested && _queue.Reader.TryRead(out var batch))
                {
                    await ShipAsync(batch, halt.Token);
                }
            }
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested)
        {
            // Asked to stop, by the owner or by a sender that failed.
        }
        catch
        {
            await halt.CancelAsync();
            throw;
        }
    }

    private async Task ShipAsync(Batch batch, CancellationToken stopping)
    {
        try
        {
            await sink.ShipAsync(batch, stopping);
        }
        finally
        {
            settled(batch);
        }
    }
}
