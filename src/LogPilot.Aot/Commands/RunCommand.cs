using System.Runtime.InteropServices;
using LogPilot.Agent;
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
        try
        {
            await using var agent = new AgentHost(options, logs);
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
