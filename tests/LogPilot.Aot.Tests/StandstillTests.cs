using LogPilot.Agent.Tests.Support;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Whatever the agent depends on stands still: a probe turns red within the limit, and green again by itself.</summary>
public sealed class StandstillTests(TestMachine machine)
{
    /// <summary>
    /// The shortest lag that can be asked for, what it takes to notice an engine that hangs, a beat of the agent, and what a busy
    /// machine adds.
    /// </summary>
    private static readonly TimeSpan RedDeadline = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Healthz_ServerHangs_TurnsRedAndGreenAgain()
    {
        await using var stage = new FakeStage();
        stage.AgentEnvironment["LOGPILOT_HEALTH_LAG_MAX"] = "10s";
        stage.AgentEnvironment["LOGPILOT_REQUEST_TIMEOUT"] = "3s";
        stage.Append(FakeStage.TimedLines(100));
        var agent = stage.StartAgent();
        await FakeStage.WaitForCountAsync(stage.Server, 100);
        await WaitForGreenAsync(stage);

        stage.Server.Request = _ => FakeReply.Of(ReplyKind.Silence);
        stage.Append(FakeStage.TimedLines(100, 101));
        var red = await WaitForRedAsync(stage);
        stage.Server.Request = _ => null;
        await WaitForGreenAsync(stage);
        await FakeStage.WaitForCountAsync(stage.Server, 200);
        Assert.Equal(0, await agent.StopAsync());

        Assert.Contains("not delivered", red.Everything, StringComparison.Ordinal);
        Lines.AssertEachOnce(FakeStage.TimedLines(200), FakeStage.Messages(stage.Server));
    }

    [Fact]
    public async Task Healthz_EngineIsKilledAndStarted_TurnsRedAndGreenAgain()
    {
        var engine = await machine.EngineAsync();
        await using var stage = new FakeStage(engine);
        stage.AgentEnvironment["LOGPILOT_HEALTH_LAG_MAX"] = "10s";
        var agent = await StartConnectedAsync(stage);

        await engine.KillDaemonAsync();
        var red = await WaitForRedAsync(stage);
        await engine.StartDaemonAsync();
        await WaitForGreenAsync(stage);

        Assert.Contains(engine.SocketPath, red.Everything, StringComparison.Ordinal);
        await AssertCollectsAsync(engine, stage, agent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Healthz_EngineHangs_TurnsRedAndGreenAgain(bool connectedBefore)
    {
        var engine = await machine.EngineAsync();
        await using var stage = new FakeStage(engine);
        stage.AgentEnvironment["LOGPILOT_HEALTH_LAG_MAX"] = "10s";
        var agent = connectedBefore ? await StartConnectedAsync(stage) : null;
        CommandResult red;
        engine.SuspendDaemon();
        try
        {
            agent ??= await StartUnconnectedAsync(stage);
            red = await WaitForRedAsync(stage);
        }
        finally
        {
            engine.ResumeDaemon();
        }

        await WaitForGreenAsync(stage);
        Assert.Contains("no answer", red.Everything, StringComparison.Ordinal);
        await AssertCollectsAsync(engine, stage, agent);
    }

    private static async Task<AgentProcess> StartConnectedAsync(FakeStage stage)
    {
        var agent = stage.StartAgent();
        await agent.WaitForLogAsync("engine", "is connected");
        await WaitForGreenAsync(stage);
        return agent;
    }

    // Green until it is known that nobody answers.
    private static async Task<AgentProcess> StartUnconnectedAsync(FakeStage stage)
    {
        var agent = stage.StartAgent();
        await WaitForGreenAsync(stage);
        return agent;
    }

    private static Task WaitForGreenAsync(FakeStage stage) =>
        Eventually.TrueAsync(() => stage.Probe().ExitCode == 0, () => $"the probe is green: {stage.Probe()}");

    private static async Task<CommandResult> WaitForRedAsync(FakeStage stage)
    {
        await Eventually.TrueAsync(() => stage.Probe().ExitCode == 1, () => "the probe turns red.", RedDeadline);
        return stage.Probe();
    }

    // A container that comes after the standstill.
    private static async Task AssertCollectsAsync(DockerEngine engine, FakeStage stage, AgentProcess agent)
    {
        var container = await engine.RunAsync(
            new ContainerRequest { Script = $"{Lines.Write("line", 100)}; sleep 600", Env = ["aliyun_logs_after=stdout"] });
        try
        {
            await FakeStage.WaitForCountAsync(stage.Server, 100);
            Assert.Equal(0, await agent.StopAsync());
        }
        finally
        {
            await container.RemoveAsync();
        }

        Lines.AssertEachOnce(Lines.Numbered("line", 100), FakeStage.Messages(stage.Server));
    }
}
