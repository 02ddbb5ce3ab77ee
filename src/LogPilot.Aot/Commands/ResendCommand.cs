using System.Runtime.InteropServices;
using LogPilot.Agent;
using LogPilot.Agent.Shipping;
using Microsoft.Extensions.Logging;

namespace LogPilot.Aot.Commands;

/// <summary><c>logpilot resend</c>: sends the documents that Elasticsearch refused once more, after the cause is mended.</summary>
internal static class ResendCommand
{
    /// <returns>1 if any letter is left: refused again, or not taken.</returns>
    public static async Task<int> RunAsync(AgentOptions options, ILoggerFactory logs, TextWriter output, TextWriter errors)
    {
        var shipping = options.Shipping;
        if (shipping.Output != OutputKind.Elasticsearch)
        {
            errors.WriteLine("logpilot: only Elasticsearch refuses documents: set LOGGING_OUTPUT=elasticsearch, as for the agent");
            return ExitCode.WrongConfiguration;
        }

        var time = TimeProvider.System;
        var context = new SinkContext(
            new DeliveryCounters(), new SinkStatus(time), logs.CreateLogger("LogPilot.Shipping"), time);
        if (!SinkFactory.TryCreate(shipping, Stream.Null, context, out var sink, out var error))
        {
            errors.WriteLine($"logpilot: {error}");
            return ExitCode.WrongConfiguration;
        }

        await using (sink)
        {
            using var stop = new CancellationTokenSource();
            using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            return await SendAsync(shipping, sink, context, output, errors, stop.Token).ConfigureAwait(false);

            // The default action would leave a file as if nothing of it had been sent.
            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = true;
                stop.Cancel();
            }
        }
    }

    private static async Task<int> SendAsync(
        ShippingOptions shipping, ISink sink, SinkContext context, TextWriter output, TextWriter errors, CancellationToken stopping)
    {
        var patience = shipping.Elasticsearch.RequestTimeout;
        DeadLetterResend? resend = null;
        try
        {
            var letters = new DeadLetters(shipping.DeadLetterDirectory, shipping.DeadLetterBytesMax, context.Time);
            if (!letters.Any)
            {
                output.WriteLine($"no dead letters in {shipping.DeadLetterDirectory}");
                return ExitCode.Done;
            }

            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            deadline.CancelAfter(patience);
            var target = await sink.ConnectAsync(deadline.Token).ConfigureAwait(false);
            resend = new DeadLetterResend(sink, target, shipping.BatchBytes, patience);
            foreach (var file in letters.Take())
            {
                await resend.SendAsync(file, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine($"logpilot: nothing is sent: {context.Status.Oldest()?.Text ?? "stopped"}");
            return ExitCode.Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"logpilot: {failure.Message}");
            Report(shipping, context.Counters, resend, output);
            return ExitCode.Failed;
        }

        if (resend.Kept > 0 && context.Status.Oldest() is { } problem)
        {
            errors.WriteLine($"logpilot: {problem.Text}");
        }

        Report(shipping, context.Counters, resend, output);
        return resend.Kept + context.Counters.DeadLetters == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Report(ShippingOptions shipping, DeliveryCounters counts, DeadLetterResend? resend, TextWriter output)
    {
        output.WriteLine($"stored {counts.Stored}, of them {counts.Plain} as plain message; stored before {counts.Duplicates}; "
            + $"refused again {counts.DeadLetters}; not taken {(resend?.Kept ?? 0) - (resend?.Unreadable ?? 0)}; "
            + $"no letters {resend?.Unreadable ?? 0}");
        if (counts.DeadLetters > 0 || resend?.Kept > 0)
        {
            output.WriteLine($"what is left is in {shipping.DeadLetterDirectory}/dead-letters*.ndjson");
        }
    }
}
