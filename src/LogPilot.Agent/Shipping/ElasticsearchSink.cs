using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Shipping;

/// <summary>
/// Delivers to Elasticsearch and OpenSearch: the batch as one bulk request, and item by item whatever its answer leaves open.
/// </summary>
internal sealed class ElasticsearchSink : ISink
{
    private const string ServerKey = "server";
    private const string ItemsKey = "items";
    private const string DeadLettersKey = "dead letters";

    // A cluster that is busy says the same as one that the request is too large for, and many small requests make a busy one
    // busier: no limit that anybody sets is below this.
    private const int OverloadBytesFloor = 64 * 1024;

    private readonly ElasticsearchClient _client;
    private readonly ElasticsearchOptions _options;
    private readonly ServerProbe _probe;
    private readonly HeldIndexes _held;
    private readonly RequestLimit _limit;
    private readonly DeadLetters _deadLetters;
    private readonly SinkContext _context;

    /// <summary>Owns the client.</summary>
    public ElasticsearchSink(
        ElasticsearchClient client, ElasticsearchOptions options, DeadLetters deadLetters, SinkContext context)
    {
        _client = client;
        _options = options;
        _deadLetters = deadLetters;
        _context = context;
        _probe = new ServerProbe(client);
        _held = new HeldIndexes(options, context.Status, context.Time);
        _limit = new RequestLimit(context.Time);
    }

    public async Task<DocumentTarget> ConnectAsync(CancellationToken stopping)
    {
        if (!_options.VerifyCertificate)
        {
            _context.Logger.CertificateNotVerified();
        }

        var schedule = NewSchedule();
        while (true)
        {
            var (target, text) = await _probe.AskAsync(stopping);
            if (target is not null)
            {
                _context.Status.Clear(ServerKey);
                _context.Logger.Connected(text);
                return target;
            }

            _context.Status.Report(ServerKey, text);
            if (_context.Limit.Allows(ServerError.WithoutQuote(text), out var suppressed))
            {
                _context.Logger.ServerNotReady(text, suppressed);
            }

            await Task.Delay(schedule.Next(), _context.Time, stopping);
        }
    }

    public async Task ShipAsync(Batch batch, CancellationToken stopping)
    {
        if (_held.Any)
        {
            _held.Prune();
        }

        var shipment = new Shipment(batch);
        var schedule = NewSchedule();
        var overloads = 0;
        try
        {
            while (shipment.Select(_limit.Bytes) || shipment.DeadCount > 0)
            {
                var goesOn = true;
                if (shipment.Pieces.Count > 0)
                {
                    var answer = await _client.SendBulkAsync(shipment.Pieces, shipment.Count, shipment.Verdicts, stopping);
                    _context.Counters.AddRequest(shipment.Bytes);
                    overloads = answer.Outcome == RequestOutcome.Overloaded ? overloads + 1 : 0;
                    goesOn = await ApplyAsync(shipment, answer, overloads, stopping);
                }

                goesOn &= Bury(shipment);
                if (goesOn)
                {
                    schedule.Reset();
                }
                else
                {
                    await Task.Delay(schedule.Next(), _context.Time, stopping);
                }
            }
        }
        finally
        {
            shipment.Settle();
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes an answer in; false if a pause should come before the next request.</summary>
    private async Task<bool> ApplyAsync(Shipment shipment, RequestAnswer answer, int overloads, CancellationToken stopping)
    {
        if (answer.Outcome is RequestOutcome.NotNow or RequestOutcome.Overloaded)
        {
            // No pause here: the client leaves the host alone that failed, and another one may do.
            Delay(ServerKey, answer.Text);
            _context.Counters.AddRetried(shipment.Count);
            if (overloads > 1 && shipment.Count > 1 && shipment.Bytes > OverloadBytesFloor)
            {
                // A request may be more than the cluster takes for good: its memory limit, or a reset for the size.
                shipment.Halve();
            }

            return true;
        }

        Resume(ServerKey);
        switch (answer.Outcome)
        {
            case RequestOutcome.AllStored:
                CompleteAll(shipment);
                return true;
            case RequestOutcome.PerItem:
                return ApplyVerdicts(shipment);
            case RequestOutcome.TooLarge when shipment.Count > 1:
                _limit.Refuse(shipment.Bytes);
                return true;
            case RequestOutcome.TooLarge:
                shipment.Open();
                Refuse(shipment, ref shipment.At(0), answer.Text, skipSame: true, refused: 1);
                return true;
            case RequestOutcome.Malformed when shipment.Count > 1:
                shipment.Halve();
                return true;
            case RequestOutcome.Malformed:
                return await RefuseMalformedAsync(shipment, answer.Text, stopping);
            default:
                throw new InvalidOperationException($"No rule for {answer.Outcome}.");
        }
    }

    private void CompleteAll(Shipment shipment)
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

        _context.Counters.AddStored(shipment.Count);
        _context.Counters.AddPlain(plain);
        Resume(ItemsKey);
        shipment.CompleteAll();
    }

    private bool ApplyVerdicts(Shipment shipment)
    {
        shipment.Open();
        var counts = default(VerdictCounts);
        for (var i = 0; i < shipment.Count; i++)
        {
            counts.Add(shipment.Verdicts[i]);
        }

        for (var i = 0; i < shipment.Count; i++)
        {
            ref var item = ref shipment.At(i);
            switch (shipment.Verdicts[i])
            {
                case ItemVerdict.Stored or ItemVerdict.Duplicate:
                    Release(shipment, item);
                    _context.Counters.AddPlain(item.Form >= ItemForm.Plain ? 1 : 0);
                    item.State = ItemState.Done;
                    break;
                case ItemVerdict.Held:
                    Hold(shipment, ref item, shipment.Verdicts.ReasonOf(i));
                    break;
                case ItemVerdict.Refused:
                    Refuse(shipment, ref item, shipment.Verdicts.ReasonOf(i), skipSame: false, counts.Refused);
                    break;
                case ItemVerdict.RefusedIndex:
                    shipment.Bury(ref item, shipment.Verdicts.ReasonOf(i));
                    break;
            }
        }

        _context.Counters.AddStored(counts.Stored);
        _context.Counters.AddDuplicates(counts.Duplicate);
        _context.Counters.AddRetried(counts.NotNow);
        if (counts.Stored + counts.Duplicate > 0)
        {
            Resume(ItemsKey);
            shipment.Grow();
        }
        else if (counts.NotNow > 0)
        {
            Delay(ItemsKey, "the cluster has no capacity for any document of a request (429 or 5xx an item)");
        }

        return counts.NotNow == 0;
    }

    private void Hold(Shipment shipment, ref BulkItem item, string reason)
    {
        var index = shipment.IndexOf(item);
        item.HoldFor = _held.Hold(index, reason, out var text);
        item.State = ItemState.Held;
        if (_context.Limit.Allows("held " + index, out var suppressed))
        {
            _context.Logger.IndexHeld(text, suppressed);
        }
    }

    private void Release(Shipment shipment, in BulkItem item)
    {
        if (_held.Any && _held.Release(shipment.IndexBytesOf(item)))
        {
            _context.Logger.IndexReleased(shipment.IndexOf(item));
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
        if (_context.Limit.Allows("plain " + index, out var suppressed))
        {
            _context.Logger.DocumentSimplified(index, shipment.SourceOf(item), reason, suppressed);
        }
    }

    /// <summary>
    /// A request of one item is not understood. That is about the document only if the server still is what the batch was
    /// written for: after an upgrade it would refuse every document, and none of them is to blame.
    /// </summary>
    private async Task<bool> RefuseMalformedAsync(Shipment shipment, string reason, CancellationToken stopping)
    {
        var (target, text) = await _probe.AskAsync(stopping);
        if (target is null || target.TypeName != shipment.Target.TypeName)
        {
            Delay(ServerKey, target is null
                ? text
                : $"the server is another version than at the start of the agent, now {text}: restart the agent; it says: {reason}");
            return false;
        }

        shipment.Open();
        Refuse(shipment, ref shipment.At(0), reason, skipSame: true, refused: 1);
        return true;
    }

    /// <summary>Writes what is refused in every form to the dead-letter file; false if that cannot be, so it stays.</summary>
    private bool Bury(Shipment shipment)
    {
        if (shipment.DeadCount == 0)
        {
            return true;
        }

        var letters = shipment.Letters();
        if (!_deadLetters.TryAppend(letters, out var error))
        {
            _context.Status.Report(DeadLettersKey, error);
            if (_context.Limit.Allows(DeadLettersKey, out var more))
            {
                _context.Logger.DeadLettersFailed(error, more);
            }

            return false;
        }

        _context.Status.Clear(DeadLettersKey);
        foreach (var letter in letters)
        {
            if (_context.Limit.Allows("dead " + letter.Index, out var suppressed))
            {
                _context.Logger.DocumentRefused(letter.Index, letter.Source, _deadLetters.Path, letter.Reason, suppressed);
            }
        }

        _context.Counters.AddDeadLetters(letters.Count);
        shipment.CompleteDead();
        return true;
    }

    private void Delay(string key, string text)
    {
        _context.Status.Report(key, text);
        if (_context.Limit.Allows(ServerError.WithoutQuote(text), out var suppressed))
        {
            _context.Logger.DeliveryDelayed(text, suppressed);
        }
    }

    private void Resume(string key) => _context.Status.Clear(key);

    private RetrySchedule NewSchedule() => new(
        _options.RetryDelayMin,
        _options.RetryDelayMax > _options.RetryDelayMin ? _options.RetryDelayMax : _options.RetryDelayMin,
        Random.Shared);

    /// <summary>How many verdicts of each kind an answer holds.</summary>
    private struct VerdictCounts
    {
        public int Stored, Duplicate, NotNow, Refused;

        public void Add(ItemVerdict verdict)
        {
            Stored += verdict == ItemVerdict.Stored ? 1 : 0;
            Duplicate += verdict == ItemVerdict.Duplicate ? 1 : 0;
            NotNow += verdict == ItemVerdict.NotNow ? 1 : 0;
            Refused += verdict == ItemVerdict.Refused ? 1 : 0;
        }
    }
}
