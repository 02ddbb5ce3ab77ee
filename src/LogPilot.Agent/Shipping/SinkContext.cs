using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Shipping;

/// <summary>What every sink reports to, and the clock it waits by.</summary>
internal sealed class SinkContext(DeliveryCounters counters, SinkStatus status, ILogger logger, TimeProvider time)
{
    public DeliveryCounters Counters { get; } = counters;

    public SinkStatus Status { get; } = status;

    public ILogger Logger { get; } = logger;

    public TimeProvider Time { get; } = time;

    /// <summary>One message a cause and minute.</summary>
    public RateLimit Limit { get; } = new(time, TimeSpan.FromMinutes(1));

    /// <summary>Documents wait for something that lasts: it is in the status from now on, and in the log once a minute.</summary>
    public void Delay(string key, string text)
    {
        Status.Report(key, text);
        if (Limit.Allows(ServerError.WithoutQuote(text), out var suppressed))
        {
            Logger.DeliveryDelayed(text, suppressed);
        }
    }
}
