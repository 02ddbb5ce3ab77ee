using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>SIGKILL in the middle of the work: to the agent, and to the server; and what the work may cost.</summary>
public sealed class CrashTests(TestMachine machine)
{
    private const int LineCount = 20_000;

    /// <summary>What the agent promises at full speed.</summary>
    private const long ResidentBytesMax = 32 * 1024 * 1024;

    /// <summary>In twenty portions with pauses between, so that there is a middle to be killed in.</summary>
    private static readonly ContainerRequest SlowWriter = new()
    {
        Script = "n=0; while [ $n -lt 20 ]; do "
            + "awk -v n=$n 'BEGIN { for (i = 1; i <= 1000; i++) print \"line \" n * 1000 + i }'; usleep 150000; n=$((n + 1)); done; sleep 600",
        Env = ["aliyun_logs_crash=stdout"],
    };

    [Fact]
    public async Task Kill_AgentInTheMiddleOfTheLines_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        await scenario.RunAsync(SlowWriter);

        foreach (var documents in (long[])[1, 3000, 8000, 13_000])
        {
            await scenario.Search.WaitForCountAsync("crash-*", documents);
            await agent.KillAsync();
            agent = scenario.StartAgent();
        }

        await AssertEachOnceAsync(scenario, agent);
    }

    [Fact]
    public async Task Kill_AgentAndItsStateIsLost_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        await scenario.RunAsync(SlowWriter);
        await scenario.Search.WaitForCountAsync("crash-*", 5000);

        await agent.KillAsync();
        scenario.AgentEnvironment["LOGPILOT_STATE_DIR"] = scenario.Scratch.CreateDirectory("new-state");

        await AssertEachOnceAsync(scenario, scenario.StartAgent());
    }

    [Fact]
    public async Task Run_TwentyThousandLines_MemoryStaysWithinTheLimit()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        await scenario.RunAsync(SlowWriter);

        await scenario.Search.WaitForCountAsync("crash-*", LineCount);

        Assert.InRange(agent.Statistics().ResidentBytesPeak, 1, ResidentBytesMax);
    }

    [Fact]
    public async Task Kill_ServerInTheMiddleOfTheLines_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        scenario.AgentEnvironment["LOGPILOT_RETRY_DELAY_MAX"] = "1s";
        var agent = scenario.StartAgent();
        await scenario.RunAsync(SlowWriter);
        await scenario.Search.WaitForCountAsync("crash-*", 3000);

        await scenario.Server.KillAsync();
        await scenario.Server.StartAgainAsync();

        await AssertEachOnceAsync(scenario, agent);
    }

    private static async Task AssertEachOnceAsync(Scenario scenario, AgentProcess agent)
    {
        var documents = await scenario.CollectAsync(agent, "crash-*", LineCount);
        Lines.AssertEachOnce(Lines.Numbered("line", LineCount), documents.Select(document => document.Message));
    }
}
