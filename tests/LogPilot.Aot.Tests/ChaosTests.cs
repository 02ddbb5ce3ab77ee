using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The short form of <c>make chaos</c>: the agent is killed while its files rotate and its server fails in every way.</summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("fake")]
    [InlineData("volume")]
    [InlineData("containerd")]
    public void Chaos_TwentyKills_StoresEveryLineExactlyOnce(string world)
    {
        var run = LoadProgram.Run(Deadline, "chaos", world, "--kills", "20");

        Assert.True(run.ExitCode == 0, run.Everything);
    }
}
