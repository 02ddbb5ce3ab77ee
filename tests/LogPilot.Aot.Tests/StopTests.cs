using System.Diagnostics;
using LogPilot.Agent.Tests.Support;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>SIGTERM in the middle of a backlog, and a container that is removed in the middle of one.</summary>
public sealed class StopTests(TestMachine machine)
{
    private const int LineCount = 30_000;
    private const int FirstRequests = 3;

    /// <summary>What a busy machine adds to a deadline.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Stop_ServerThatIsSlow_DeliversWhatIsInMemoryAndRepeatsNothing()
    {
        await using var stage = new FakeStage();
        using var answers = new ManualResetEventSlim();
        stage.Append(FakeStage.TimedLines(LineCount));
        stage.Server.Request = request =>
        {
            _ = stage.Server.Bulks.Count <= FirstRequests || answers.Wait(Eventually.Deadline);
            return null;
        };
        var agent = stage.StartAgent();
        await Eventually.TrueAsync(() => stage.Server.Bulks.Count > FirstRequests, () => "requests wait for their answers.");

        agent.Send(Signal.Terminate);
        await agent.WaitForLogAsync("stopping");
        answers.Set();
        Assert.Equal(0, await agent.WaitForExitAsync());
        var delivered = stage.Server.Documents.Count;
        var next = stage.StartAgent();
        await FakeStage.WaitForCountAsync(stage.Server, LineCount);
        Assert.Equal(0, await next.StopAsync());

        Assert.InRange(delivered, 1, LineCount - 1);
        Assert.Equal(LineCount, stage.Server.Bulks.Sum(bulk => bulk.Items.Count));
        Lines.AssertEachOnce(FakeStage.TimedLines(LineCount), FakeStage.Messages(stage.Server));
    }

    [Fact]
    public async Task Stop_ServerThatHangs_EndsAtTheDeadlineAndLosesNothing()
    {
        await using var stage = new FakeStage();
        stage.AgentEnvironment["LOGPILOT_STOP_DEADLINE"] = "2s";
        stage.Append(FakeStage.TimedLines(LineCount));
        stage.Server.Request = _ => stage.Server.Bulks.Count <= FirstRequests ? null : FakeReply.Of(ReplyKind.Silence);
        var agent = stage.StartAgent();
        await Eventually.TrueAsync(() => stage.Server.Bulks.Count > FirstRequests, () => "requests are not answered.");

        var start = Stopwatch.GetTimestamp();
        agent.Send(Signal.Terminate);
        var exitCode = await agent.WaitForExitAsync();
        var took = Stopwatch.GetElapsedTime(start);
        stage.Server.Request = _ => null;
        var next = stage.StartAgent();
        await FakeStage.WaitForCountAsync(stage.Server, LineCount);
        Assert.Equal(0, await next.StopAsync());

        Assert.Equal(0, exitCode);
        Assert.InRange(took, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2) + Tolerance);
        Lines.AssertEachOnce(FakeStage.TimedLines(LineCount), FakeStage.Messages(stage.Server));
    }

    [Fact]
    public async Task Remove_ContainerWhileTheServerIsAway_EveryLineOnce()
    {
        await using var stage = new FakeStage(await machine.EngineAsync());
        stage.Server.Request = _ => stage.Server.Bulks.Count <= FirstRequests ? null : FakeReply.Json(503, "{}");
        var agent = stage.StartAgent();
        var container = await (await machine.EngineAsync()).RunAsync(
            new ContainerRequest { Script = $"{Lines.Write("line", LineCount)}; sleep 600", Env = ["aliyun_logs_removed=stdout"] });
        try
        {
            await container.WaitForTextAsync($"line {LineCount}\\n");
            var path = await container.LogPathAsync();
            await Eventually.TrueAsync(
                () => stage.Server.Bulks.Count > FirstRequests && agent.HoldsOpen(path), () => "the agent has lines that it cannot deliver.");
        }
        finally
        {
            await container.RemoveAsync();
        }

        var delivered = stage.Server.Documents.Count;
        stage.Server.Request = _ => null;
        await FakeStage.WaitForCountAsync(stage.Server, LineCount);
        Assert.Equal(0, await agent.StopAsync());

        Assert.InRange(delivered, 0, LineCount - 1);
        Lines.AssertEachOnce(Lines.Numbered("line", LineCount), FakeStage.Messages(stage.Server));
    }
}
