using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Shipping;

/// <summary>
/// Delivers to Elasticsearch and OpenSearch: the batch as one bulk request, and item by item whatever its answer leaves open.
/// </summary>
internal sealed class ElasticsearchSink : ISink
{
    private const string ServerKey = "server";

    // A cluster that is busy says the same as one that the request is too large for, and many small requests make a busy one
    // busier: no limit that anybody sets is below this.
    private const int OverloadBytesFloor = 64 * 1024;

    private readonly ElasticsearchClient _client;
    private readonly ElasticsearchOptions _options;
    private readonly ServerProbe _probe;
    private readonly ItemRules _rules;
    private readonly RequestLimit _limit;
    private readonly SinkContext _context;

    /// <summary>Owns the client.</summary>
    public ElasticsearchSink(
        ElasticsearchClient client, ElasticsearchOptions options, DeadLetters deadLetters, SinkContext context)
    {
        _client = client;
        _options = options;
        _context = context;
        _probe = new ServerProbe(client);
        _rules = new ItemRules(options, deadLetters, context);
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
        var shipment = new Shipment(batch);
        var schedule = NewSchedule();
        var overloads = 0;
        _rules.Begin(shipment);
        try
        {
            while (shipment.Select(_limit.Bytes) || shipment.DeadCount > 0)
            {
                var step = default(Step);
                if (shipment.Pieces.Count > 0)
                {
                    var sentAt = _context.Time.GetTimestamp();
                    var answer = await _client.SendBulkAsync(shipment.Pieces, shipment.Count, shipment.Verdicts, stopping);
                    _context.Counters.AddRequest(shipment.Bytes);
                    step = await ApplyAsync(shipment, answer, sentAt, stopping);
                    overloads = step.IsOverload ? overloads + 1 : 0;
                    if (overloads > 1 && shipment.Count > 1 && shipment.Bytes > OverloadBytesFloor)
                    {
                        // A request may be more than the cluster takes for good: its memory limit, or a reset for the size.
                        shipment.Halve();
                    }
                }

                if (_rules.Bury(shipment) && !step.Pauses)
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

    /// <summary>Takes an answer in.</summary>
    private async Task<Step> ApplyAsync(Shipment shipment, RequestAnswer answer, long sentAt, CancellationToken stopping)
    {
        if (answer.Outcome is RequestOutcome.NotNow or RequestOutcome.Overloaded)
        {
            // No pause here: the client leaves the host alone that failed, and another one may do.
            _context.Delay(ServerKey, answer.Text);
            _context.Counters.AddRetried(shipment.Count);
            return new Step(Pauses: false, IsOverload: answer.Outcome == RequestOutcome.Overloaded);
        }

        _context.Status.Clear(ServerKey);
        switch (answer.Outcome)
        {
            case RequestOutcome.AllStored:
                _rules.CompleteAll(shipment);
                return default;
            case RequestOutcome.PerItem:
                var counts = _rules.Apply(shipment, sentAt);
                return new Step(Pauses: counts.Waiting > 0, IsOverload: counts.Busy > 0 && !counts.HasProgress);
            case RequestOutcome.TooLarge when shipment.Count > 1:
                _limit.Refuse(shipment.Bytes);
                return default;
            case RequestOutcome.TooLarge:
                _rules.RefuseOnly(shipment, answer.Text);
                return default;
            case RequestOutcome.Malformed when shipment.Count > 1:
                shipment.Halve();
                return default;
            case RequestOutcome.Malformed:
                return await RefuseMalformedAsync(shipment, answer.Text, stopping);
            default:
                throw new InvalidOperationException($"No rule for {answer.Outcome}.");
        }
    }

    /// <summary>
    /// A request of one item is not understood. That is about the document only if the server still is what the batch was
    /// written for: after an upgrade it would refuse every document, and none of them is to blame.
    /// </summary>
    private async Task<Step> RefuseMalformedAsync(Shipment shipment, string reason, CancellationToken stopping)
    {
        var (target, text) = await _probe.AskAsync(stopping);
        if (target is null || target.TypeName != shipment.Target.TypeName)
        {
            _context.Delay(ServerKey, target is null
                ? text
                : $"the server is another version than at the start of the agent, now {text}: restart the agent; it says: {reason}");
            return new Step(Pauses: true, IsOverload: false);
        }

        _rules.RefuseOnly(shipment, reason);
        return default;
    }

    private RetrySchedule NewSchedule() => new(
        _options.RetryDelayMin,
        _options.RetryDelayMax > _options.RetryDelayMin ? _options.RetryDelayMax : _options.RetryDelayMin,
        Random.Shared);

    /// <summary>What an answer means for the next request.</summary>
    /// <param name="Pauses">It has to wait.</param>
    /// <param name="IsOverload">The last one may have been more than the cluster bears at once.</param>
    private readonly record struct Step(bool Pauses, bool IsOverload);
}
