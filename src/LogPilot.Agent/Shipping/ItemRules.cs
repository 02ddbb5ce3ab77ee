using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Shipping;

/// <summary>What becomes of each document of a batch by what the server says of it.</summary>
internal sealed class ItemRules(ElasticsearchOptions options, DeadLetters deadLetters, SinkContext context)
{
    private const string CapacityKey = "items";
    private const string DeadLettersKey = "dead letters";

    // A cluster without capacity has it again sooner or later, and to read a whole range again because of one document that had
    // bad luck would only give it more to do. But what is never taken must not keep its batch for ever.
    private const int BusyFactor = 4;

    private readonly HeldIndexes _held = new(options, context.Status, context.Time);

    /// <summary>Holds at once what would only wait for shards that are away. Before the first request of a batch.</summary>
    public void Begin(Shipment shipment)
    {
        if (!_held.Any)
        {
            return;
        }

        _held.Prune();
        shipment.Open();
        var avoided = new Dictionary<string, TimeSpan>();
        foreach (ref var item in shipment.All)
        {
            var index = shipment.IndexOf(item);
            ref var pause = ref CollectionsMarshal.GetValueRefOrAddDefault(avoided, index, out var isKnown);
            pause = isKnown ? pause : _held.Avoid(index);
            if (pause > TimeSpan.Zero)
            {
                item.State = ItemState.Held;
                item.HoldFor = pause;
            }
        }
    }

    /// <summary>Every document of the request is stored.</summary>
    public void CompleteAll(Shipment shipment)
    {
        if (_held.Any)
        {
            shipment.Open();
        }

        var plain = 0;
        if (shipment.IsOpen)
        {
            for (var i = 0; i < shipment.Count; i++)
            {
                ref var item = ref shipment.At(i);
                Release(shipment, item);
                plain += item.Form >= ItemForm.Plain ? 1 : 0;
            }
        }

        context.Counters.AddStored(shipment.Count);
        context.Counters.AddPlain(plain);
        context.Status.Clear(CapacityKey);
        shipment.CompleteAll();
    }

    /// <summary>Takes in what the answer says of each document of a request.</summary>
    /// <param name="shipment">The batch, with the request that was sent.</param>
    /// <param name="sentAt">When it was sent, by <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <returns>How many there were of each kind.</returns>
    public VerdictCounts Apply(Shipment shipment, long sentAt)
    {
        shipment.Open();
        var counts = default(VerdictCounts);
        for (var i = 0; i < shipment.Count; i++)
        {
            counts.Add(shipment.Verdicts[i]);
        }

        for (var i = 0; i < shipment.Count; i++)
        {
            counts.Waiting += Turn(shipment, i, sentAt, counts.Refused) ? 1 : 0;
        }

        // Last, since an index that took one document and not another is held.
        for (var i = 0; i < shipment.Count; i++)
        {
            if (shipment.Verdicts[i] is ItemVerdict.Stored or ItemVerdict.Duplicate)
            {
                Complete(shipment, ref shipment.At(i));
            }
        }

        context.Counters.AddStored(counts.Stored);
        context.Counters.AddDuplicates(counts.Duplicate);
        context.Counters.AddRetried(counts.Waiting);
        if (counts.HasProgress)
        {
            shipment.Grow();
        }

        if (counts.Waiting > 0 && !counts.HasProgress)
        {
            context.Delay(CapacityKey, "the cluster has no capacity for any document of a request (429 or 5xx an item)");
        }
        else
        {
            context.Status.Clear(CapacityKey);
        }

        return counts;
    }

    /// <summary>The server does not take the only document of a request, by an answer to the request as a whole.</summary>
    public void RefuseOnly(Shipment shipment, string reason)
    {
        shipment.Open();
        Refuse(shipment, ref shipment.At(0), reason, skipSame: true, refused: 1);
    }

    /// <summary>Writes what is refused in every form to the dead-letter file; false if that cannot be, so it stays.</summary>
    public bool Bury(Shipment shipment)
    {
        if (shipment.DeadCount == 0)
        {
            return true;
        }

        var letters = shipment.Letters();
        if (!deadLetters.TryAppend(letters, out var error))
        {
            context.Status.Report(DeadLettersKey, error);
            if (context.Limit.Allows(DeadLettersKey, out var more))
            {
                context.Logger.DeadLettersFailed(error, more);
            }

            return false;
        }

        context.Status.Clear(DeadLettersKey);
        foreach (var letter in letters)
        {
            if (context.Limit.Allows("dead " + letter.Index, out var suppressed))
            {
                context.Logger.DocumentRefused(letter.Index, letter.Source, deadLetters.Path, letter.Reason, suppressed);
            }
        }

        context.Counters.AddDeadLetters(letters.Count);
        shipment.CompleteDead();
        return true;
    }

    /// <summary>Takes in what the answer says of a document that is not stored; true if it is to be sent again after a pause.</summary>
    private bool Turn(Shipment shipment, int position, long sentAt, int refused)
    {
        ref var item = ref shipment.At(position);
        var verdict = shipment.Verdicts[position];
        var reason = shipment.Verdicts.ReasonOf(position);
        switch (verdict)
        {
            case ItemVerdict.Busy or ItemVerdict.NotNow or ItemVerdict.Unavailable:
                item.WaitsSince = item.WaitsSince == 0 ? sentAt : item.WaitsSince;
                if (IsWorthWaiting(shipment, item, verdict))
                {
                    return true;
                }

                Hold(shipment, ref item, reason, verdict == ItemVerdict.Unavailable);
                return false;
            case ItemVerdict.Held:
                Hold(shipment, ref item, reason, isUnavailable: false);
                return false;
            case ItemVerdict.Refused:
                Refuse(shipment, ref item, reason, skipSame: false, refused);
                return false;
            case ItemVerdict.RefusedIndex:
                shipment.Bury(ref item, reason);
                return false;
            default:
                return false;
        }
    }

    private bool IsWorthWaiting(Shipment shipment, in BulkItem item, ItemVerdict verdict)
    {
        var waited = context.Time.GetElapsedTime(item.WaitsSince);
        return verdict == ItemVerdict.Unavailable
            ? waited < options.HoldAfter && !_held.IsUnavailable(shipment.IndexOf(item))
            : waited < options.HoldAfter * BusyFactor;
    }

    private void Hold(Shipment shipment, ref BulkItem item, string reason, bool isUnavailable)
    {
        var index = shipment.IndexOf(item);
        item.HoldFor = _held.Hold(index, reason, isUnavailable, out var text);
        item.State = ItemState.Held;
        if (context.Limit.Allows("held " + index, out var suppressed))
        {
            context.Logger.IndexHeld(text, suppressed);
        }
    }

    private void Complete(Shipment shipment, ref BulkItem item)
    {
        Release(shipment, item);
        context.Counters.AddPlain(item.Form >= ItemForm.Plain ? 1 : 0);
        item.State = ItemState.Done;
    }

    private void Release(Shipment shipment, in BulkItem item)
    {
        if (_held.Any && _held.Release(shipment.IndexBytesOf(item))
            && context.Limit.Allows("released " + shipment.IndexOf(item), out var suppressed))
        {
            context.Logger.IndexReleased(shipment.IndexOf(item), suppressed);
        }
    }

    private void Refuse(Shipment shipment, ref BulkItem item, string reason, bool skipSame, int refused)
    {
        shipment.Refuse(ref item, reason, skipSame, refused);
        if (item.Form != ItemForm.Plain || item.State != ItemState.Waiting)
        {
            return;
        }

        var index = shipment.IndexOf(item);
        if (context.Limit.Allows("plain " + index, out var suppressed))
        {
            context.Logger.DocumentSimplified(index, shipment.SourceOf(item), reason, suppressed);
        }
    }
}

/// <summary>How many documents of a request there are of each kind.</summary>
internal record struct VerdictCounts
{
    public int Stored { get; private set; }

    public int Duplicate { get; private set; }

    public int Busy { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Those to be sent again after a pause.</summary>
    public int Waiting { get; set; }

    public readonly bool HasProgress => Stored + Duplicate > 0;

    public void Add(ItemVerdict verdict)
    {
        Stored += verdict == ItemVerdict.Stored ? 1 : 0;
        Duplicate += verdict == ItemVerdict.Duplicate ? 1 : 0;
        Busy += verdict == ItemVerdict.Busy ? 1 : 0;
        Refused += verdict == ItemVerdict.Refused ? 1 : 0;
    }
}
