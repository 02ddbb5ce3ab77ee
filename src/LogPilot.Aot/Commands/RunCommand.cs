using System.Runtime.InteropServices;
using LogPilot.Agent;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;
using Microsoft.Extensions.Logging;

namespace LogPilot.Aot.Commands;

/// <summary><c>logpilot run</c>: the agent in the foreground, until SIGTERM or SIGINT.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(AgentOptions options, ILoggerFactory logs)
    {
        using var stop = new CancellationTokenSource();
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var log = logs.CreateLogger("LogPilot");
        var time = TimeProvider.System;
        var context = new SinkContext(
            new DeliveryCounters(), new SinkStatus(time), logs.CreateLogger("LogPilot.Shipping"), time);
        if (!SinkFactory.TryCreate(options.Shipping, Console.OpenStandardOutput(), context, out var sink, out var error))
        {
            await Console.Error.WriteLineAsync($"logpilot: {error}").ConfigureAwait(false);
            return ExitCode.WrongConfiguration;
        }

        try
        {
            await using var agent = new AgentHost(options, sink, context, logs);
            await agent.RunAsync(stop.Token).ConfigureAwait(false);
            return ExitCode.Done;
        }
        catch (CheckpointException unusable)
        {
            log.StateUnusable(unusable.Message);
            return ExitCode.Failed;
        }

        // The default action would end the process before anything is delivered.
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
