using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent;

/// <summary>Where the parts of the agent note what an operator wants to know.</summary>
internal sealed class AgentReport(DeliveryCounters deliveries, SinkStatus sink, Func<StatusProblem?> runtime)
{
    public AgentTotals Totals { get; } = new();

    public AgentCounts Counts => new()
    {
        LinesRead = Totals.LinesRead,
        LinesFiltered = Totals.LinesFiltered,
        LinesUnparsed = Totals.LinesUnparsed,
        BytesRead = Totals.BytesRead,
        CutBytes = Totals.CutBytes,
        LostBytes = Totals.LostBytes,
        Stored = deliveries.Stored,
        Duplicates = deliveries.Duplicates,
        Retried = deliveries.Retried,
        Plain = deliveries.Plain,
        DeadLetters = deliveries.DeadLetters,
        Requests = deliveries.Requests,
        RequestBytes = deliveries.RequestBytes,
    };

    public StatusProblem? Sink =>
        sink.Oldest() is { } problem ? new StatusProblem(problem.Text, problem.Since.ToUnixTimeMilliseconds()) : null;

    public StatusProblem? Runtime => runtime();

    public IReadOnlyList<StatusLoss> Losses =>
        [.. Totals.Losses.OrderByDescending(loss => loss.Value).Select(loss => new StatusLoss(loss.Key.Owner, loss.Key.Reason, loss.Value))];
}
