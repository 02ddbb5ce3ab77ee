using System.Diagnostics;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The program for runs of the whole process. It is built with the tests, in the same configuration.</summary>
internal static class LoadProgram
{
    /// <summary>Runs it to its end, shows what it said, and skips the test where it could not run here.</summary>
    public static CommandResult Run(TimeSpan deadline, params string[] arguments)
    {
        var configuration = Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name;
        var program = Path.Combine(
            RepositoryRoot.Path, "perf", "LogPilot.Load", "bin", configuration, "net10.0", "LogPilot.Load");

        var run = Command.Run(new ProcessStartInfo(program, arguments), deadline);

        TestContext.Current.TestOutputHelper?.WriteLine(run.Everything);
        if (run.Output.Contains("\nskipped ", StringComparison.Ordinal))
        {
            Prerequisite.Missing(run.Output);
        }

        return run;
    }
}
