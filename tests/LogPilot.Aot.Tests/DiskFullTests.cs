using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>A state directory without space: said clearly, and no line is lost for it.</summary>
public sealed class DiskFullTests(TestMachine machine)
{
    private const int LineCount = 1000;

    [Fact]
    public async Task Start_NoSpaceForTheState_NamesItAndLosesNothing()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        using var disk = TmpfsMount.At(scenario.AgentEnvironment["LOGPILOT_STATE_DIR"], "size=16k");
        var filler = disk.Fill();
        await scenario.RunAsync(new ContainerRequest { Script = Lines.Write("line", LineCount), Env = ["aliyun_logs_full=stdout"] });

        var refused = AgentProcess.Run(scenario.AgentEnvironment, "run");
        File.Delete(filler);
        disk.Remount("size=64m");
        var documents = await scenario.CollectAsync(scenario.StartAgent(), "full-*", LineCount);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(disk.Path, refused.Error, StringComparison.Ordinal);
        Assert.Contains("space", refused.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("LOGPILOT_STATE_DIR", refused.Error, StringComparison.Ordinal);
        Lines.AssertEachOnce(Lines.Numbered("line", LineCount), documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Run_DiskBecomesFull_EveryLineOnceAlsoAfterACrash()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        using var disk = TmpfsMount.At(scenario.AgentEnvironment["LOGPILOT_STATE_DIR"], "size=64m");
        var agent = scenario.StartAgent();
        await scenario.RunAsync(new ContainerRequest { Script = $"{Lines.Write("first", LineCount)}; sleep 600", Env = ["aliyun_logs_full=stdout"] });
        await scenario.Search.WaitForCountAsync("full-*", LineCount);

        var filler = disk.Fill();
        await scenario.RunAsync(new ContainerRequest { Script = $"{Lines.Write("second", LineCount)}; sleep 600", Env = ["aliyun_logs_full=stdout"] });
        // New sources may have to wait for the space, but the agent lives and says so.
        await Eventually.TryAsync(async () => await scenario.Search.CountAsync("full-*") >= 2 * LineCount, TimeSpan.FromSeconds(3));
        Assert.False(agent.HasExited);
        await agent.KillAsync();
        File.Delete(filler);

        var documents = await scenario.CollectAsync(scenario.StartAgent(), "full-*", 2 * LineCount);
        Lines.AssertEachOnce(
            [.. Lines.Numbered("first", LineCount), .. Lines.Numbered("second", LineCount)], documents.Select(document => document.Message));
    }
}
