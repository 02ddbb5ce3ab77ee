using System.Diagnostics;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The short form of <c>make chaos</c>: the agent is killed while its files rotate and its server fails in every way.</summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("fake")]
    [InlineData("volume")]
    public void Chaos_TwentyKills_StoresEveryLineExactlyOnce(string world)
    {
        // It is built with the tests, in the same configuration.
        var configuration = Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!.Name;
        var program = Path.Combine(
            RepositoryRoot.Path, "perf", "LogPilot.Load", "bin", configuration, "net10.0", "LogPilot.Load");

        var run = Command.Run(new ProcessStartInfo(program, ["chaos", world, "--kills", "20"]), Deadline);

        TestContext.Current.TestOutputHelper?.WriteLine(run.Everything);
        if (run.Output.Contains("\nskipped ", StringComparison.Ordinal))
        {
            Prerequisite.Missing(run.Output);
        }

        Assert.True(run.ExitCode == 0, run.Everything);
    }
}
