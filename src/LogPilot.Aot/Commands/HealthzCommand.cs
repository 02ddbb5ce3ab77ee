using LogPilot.Agent.Tracking;

namespace LogPilot.Aot.Commands;

/// <summary><c>logpilot healthz</c>: whether the running agent makes progress, read from shared memory.</summary>
internal static class HealthzCommand
{
    public static int Run(TrackingOptions options, TextWriter output, TextWriter errors)
    {
        try
        {
            var wrong = StatusFile.Read(options.StateDirectory).Judge();
            foreach (var reason in wrong)
            {
                errors.WriteLine($"logpilot: {reason}");
            }

            if (wrong.Count > 0)
            {
                return ExitCode.Failed;
            }

            output.WriteLine("ok");
            return ExitCode.Done;
        }
        catch (CheckpointException unreadable)
        {
            errors.WriteLine($"logpilot: {unreadable.Message}");
            return ExitCode.Failed;
        }
    }
}
