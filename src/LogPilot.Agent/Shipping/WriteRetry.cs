namespace LogPilot.Agent.Shipping;

/// <summary>Repeats a write until it succeeds, and tells meanwhile what holds it up.</summary>
internal sealed class WriteRetry(SinkContext context)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <summary>Throws only <see cref="OperationCanceledException"/> when asked to stop, and what is no failure of input or output.</summary>
    public async Task RunAsync(Func<Task> write, string name, CancellationToken stopping)
    {
        var schedule = new RetrySchedule(PauseMin, PauseMax, Random.Shared);
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                await write();
                context.Status.Clear(name);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var text = $"{name} cannot be written: {e.Message}";
                context.Status.Report(name, text);
                if (context.Limit.Allows(text, out var suppressed))
                {
                    context.Logger.WriteFailed(text, suppressed);
                }
            }

            await Task.Delay(schedule.Next(), context.Time, stopping);
        }
    }
}
