using System.Collections.Concurrent;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Shipping;

/// <summary>
/// Holds the fixed number of batches, fills one at a time and sends it when it is full or due. When none is free, reading has to
/// wait: the files are the buffer.
/// </summary>
/// <remarks>
/// A document that comes after a silence is sent almost at once; in a steady stream one batch goes out in each
/// <see cref="ShippingOptions.BatchAge"/>. So no document waits longer than that, and a server is not asked more often.
/// </remarks>
internal sealed class BatchAssembler
{
    // Long enough for the lines of one burst to travel together, short beside everything else on the way.
    private static readonly TimeSpan BurstAge = TimeSpan.FromMilliseconds(5);

    private readonly ShippingOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<Batch> _send;
    private readonly Stack<Batch> _free = [];
    private readonly ConcurrentQueue<Batch> _settled = [];
    private readonly List<Batch> _inFlight = [];
    private readonly Action _wake;
    private Batch? _current;
    private long _lastSent;

    /// <param name="send">Takes a batch over until it comes back through <see cref="Settled"/>.</param>
    /// <param name="wake">Called from any thread when a batch has come back.</param>
    public BatchAssembler(ShippingOptions options, TimeProvider time, Action<Batch> send, Action wake)
    {
        _options = options;
        _time = time;
        _send = send;
        _wake = wake;
        for (var i = 0; i < options.BatchCount; i++)
        {
            _free.Push(new Batch(options.BatchBytes));
        }
    }

    /// <summary>What documents look like; null while the sink is not known yet, and then there is no room.</summary>
    public DocumentTarget? Target { get; set; }

    /// <summary>The batch to write to; null if none is free.</summary>
    public Batch? Current => _current ?? Open();

    /// <summary>A batch is being filled and waits for company.</summary>
    public bool IsGathering => _current is { Items: > 0 };

    public bool IsIdle => _inFlight.Count == 0 && !IsGathering;

    /// <summary>When the current batch is to be sent, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long NextDue => IsGathering
        ? Math.Max(_current!.FirstTimestamp + Ticks(BurstAge), Math.Min(_lastSent + Ticks(_options.BatchAge), _current.FirstTimestamp + Ticks(_options.BatchAge)))
        : long.MaxValue;

    /// <summary>When the oldest document that is not delivered was read; null if there is none.</summary>
    public long? OldestTimestamp => _inFlight.Count > 0 ? _inFlight[0].FirstTimestamp
        : IsGathering ? _current!.FirstTimestamp : null;

    /// <summary>Sends the current batch, which has no room for what comes next.</summary>
    public void Send()
    {
        if (_current is { Items: > 0 } full)
        {
            _current = null;
            _lastSent = _time.GetTimestamp();
            _inFlight.Add(full);
            _send(full);
        }
    }

    /// <summary>Sends the current batch if it is due.</summary>
    public void SendDue()
    {
        if (_time.GetTimestamp() >= NextDue)
        {
            Send();
        }
    }

    /// <summary>Whether the current batch holds as many documents as one may.</summary>
    public bool IsFull => _options.BatchItemsMax > 0 && _current is { } batch && batch.Items >= _options.BatchItemsMax;

    /// <summary>A batch comes back with an outcome for each of its ranges. From any thread.</summary>
    public void Settled(Batch batch)
    {
        _settled.Enqueue(batch);
        _wake();
    }

    /// <summary>Hands every range that has come back to <paramref name="settle"/>, and frees its batch.</summary>
    public void Settle(Action<BatchRange> settle)
    {
        while (_settled.TryDequeue(out var batch))
        {
            foreach (var range in batch.Ranges)
            {
                settle(range);
            }

            _inFlight.Remove(batch);
            batch.Empty();
            _free.Push(batch);
        }
    }

    private Batch? Open()
    {
        if (Target is { } target && _free.TryPop(out var batch))
        {
            batch.Reset(target);
            _current = batch;
        }

        return _current;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
