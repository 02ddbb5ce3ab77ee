using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>What a probe sees while the server is away and after it has come.</summary>
public sealed class HealthTests(TestMachine machine)
{
    /// <summary>The shortest lag that can be asked for, a beat of the agent, and what a busy machine adds.</summary>
    private static readonly TimeSpan RedDeadline = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Healthz_ServerAwayAndBack_TurnsRedAndGreenAgain()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        scenario.AgentEnvironment["LOGPILOT_HEALTH_LAG_MAX"] = "10s";
        await scenario.Server.StopAsync();
        var agent = scenario.StartAgent();
        await scenario.RunAsync(new ContainerRequest { Script = $"{Lines.Write("line", 100)}; sleep 600", Env = ["aliyun_logs_health=stdout"] });

        await Eventually.TrueAsync(() => Probe(scenario).ExitCode == 0, () => $"the probe is green at first: {Probe(scenario)}");
        await Eventually.TrueAsync(() => Probe(scenario).ExitCode == 1, () => "the probe turns red.", RedDeadline);
        var red = Probe(scenario);
        await scenario.Server.StartAgainAsync();
        await Eventually.TrueAsync(() => Probe(scenario).ExitCode == 0, () => $"the probe turns green again: {Probe(scenario)}");
        var documents = await scenario.CollectAsync(agent, "health-*", 100);

        Assert.Contains(scenario.Server.Address.Authority, red.Error, StringComparison.Ordinal);
        Lines.AssertEachOnce(Lines.Numbered("line", 100), documents.Select(document => document.Message));
        Assert.Equal(1, Probe(scenario).ExitCode);
    }

    private static CommandResult Probe(Scenario scenario) => AgentProcess.Run(scenario.AgentEnvironment, "healthz");
}
