using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>A server that is away while logs are written at full speed and their files deleted, for seconds instead of an hour.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Fact]
    public void Outage_MoreThanMayBeHeld_MemoryStaysAndWhatIsMissingIsCounted()
    {
        var run = LoadProgram.Run(Deadline, "outage", "--minutes", "0.1", "--held", "8");

        Assert.True(run.ExitCode == 0, run.Everything);
    }
}
