using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Elasticsearch behind a password, TLS and a path prefix: what is accepted, and what is held until the operator has mended it.</summary>
public sealed class SecuredServerTests(TestMachine machine)
{
    private const int LineCount = 500;

    private static readonly string[] Declaration = ["aliyun_logs_secured=stdout"];

    [Fact]
    public async Task Deliver_UserPasswordAndPathPrefix_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        await using var nginx = await StartNginxAsync(scenario);
        scenario.AgentEnvironment["ELASTICSEARCH_PASSWORD"] = Nginx.Password;

        await AssertDeliveredAsync(scenario);
    }

    [Fact]
    public async Task Deliver_PasswordFromFile_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        await using var nginx = await StartNginxAsync(scenario);
        scenario.AgentEnvironment["ELASTICSEARCH_PASSWORD_FILE"] = scenario.Scratch.WriteFile("password", Nginx.Password + "\n");

        await AssertDeliveredAsync(scenario);
    }

    [Fact]
    public async Task Deliver_HttpsWithAnAuthorityOfOnesOwn_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        await using var nginx = await StartNginxAsync(scenario);
        UseHttps(scenario, nginx);
        scenario.AgentEnvironment["ELASTICSEARCH_SSL_CA"] = nginx.AuthorityFile;

        await AssertDeliveredAsync(scenario);
    }

    [Fact]
    public async Task Deliver_UnverifiedHttps_WarnsAndDelivers()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        await using var nginx = await StartNginxAsync(scenario);
        UseHttps(scenario, nginx);
        scenario.AgentEnvironment["ELASTICSEARCH_SSL_VERIFY"] = "false";

        var agent = await AssertDeliveredAsync(scenario);

        Assert.Contains(agent.Log, line => line.Contains("ELASTICSEARCH_SSL_VERIFY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deliver_WrongPassword_NamesItAndLosesNothing()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        await using var nginx = await StartNginxAsync(scenario);
        scenario.AgentEnvironment["ELASTICSEARCH_PASSWORD"] = "not-this-one";
        scenario.AgentEnvironment["LOGPILOT_HEALTH_LAG_MAX"] = "10s";
        var agent = scenario.StartAgent();
        await scenario.RunAsync(new ContainerRequest { Script = Lines.Write("line", LineCount), Env = Declaration });

        await agent.WaitForLogAsync("401", "ELASTICSEARCH_PASSWORD");
        await Eventually.TrueAsync(
            () => AgentProcess.Run(scenario.AgentEnvironment, "healthz").ExitCode == 1, () => "healthz turns red.");
        var status = AgentProcess.Run(scenario.AgentEnvironment, "status", "--json");
        await agent.StopAsync();

        Assert.Equal(0, await scenario.Search.CountAsync("secured-*"));
        Assert.DoesNotContain("not-this-one", string.Join('\n', [.. agent.Log, .. agent.Output, status.Everything]), StringComparison.Ordinal);
        scenario.AgentEnvironment["ELASTICSEARCH_PASSWORD"] = Nginx.Password;
        var mended = scenario.StartAgent();
        var documents = await scenario.CollectAsync(mended, "secured-*", LineCount);
        Lines.AssertEachOnce(Lines.Numbered("line", LineCount), documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Deliver_CertificateOfAnotherAuthority_IsRefusedByName()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        await using var nginx = await StartNginxAsync(scenario);
        using var other = new CertificateAuthority("Somebody else");
        UseHttps(scenario, nginx);
        scenario.AgentEnvironment["ELASTICSEARCH_PASSWORD"] = Nginx.Password;
        scenario.AgentEnvironment["ELASTICSEARCH_SSL_CA"] = scenario.Scratch.WriteFile("other.pem", other.CertificatePem);
        var agent = scenario.StartAgent();
        await scenario.RunAsync(new ContainerRequest { Script = Lines.Write("line", LineCount), Env = Declaration });

        await agent.WaitForLogAsync("certificate", "ELASTICSEARCH_SSL_CA");
        await agent.StopAsync();

        Assert.Equal(0, await scenario.Search.CountAsync("secured-*"));
        scenario.AgentEnvironment["ELASTICSEARCH_SSL_CA"] = nginx.AuthorityFile;
        await AssertCollectedAsync(scenario, scenario.StartAgent());
    }

    /// <summary>An nginx before the scenario's server, and the agents of the scenario sent to it over plain http.</summary>
    private static async Task<Nginx> StartNginxAsync(Scenario scenario)
    {
        var nginx = new Nginx(scenario.Server.Address);
        await nginx.StartAsync();
        scenario.AgentEnvironment["ELASTICSEARCH_HOSTS"] = $"127.0.0.1:{nginx.HttpPort}";
        scenario.AgentEnvironment["ELASTICSEARCH_PATH"] = Nginx.PathPrefix;
        scenario.AgentEnvironment["ELASTICSEARCH_USER"] = Nginx.User;
        return nginx;
    }

    private static void UseHttps(Scenario scenario, Nginx nginx)
    {
        scenario.AgentEnvironment["ELASTICSEARCH_HOSTS"] = $"127.0.0.1:{nginx.HttpsPort}";
        scenario.AgentEnvironment["ELASTICSEARCH_SCHEME"] = "https";
        scenario.AgentEnvironment["ELASTICSEARCH_PASSWORD"] = Nginx.Password;
    }

    private static async Task<AgentProcess> AssertDeliveredAsync(Scenario scenario)
    {
        var agent = scenario.StartAgent();
        await scenario.RunAsync(new ContainerRequest { Script = Lines.Write("line", LineCount), Env = Declaration });
        await AssertCollectedAsync(scenario, agent);
        return agent;
    }

    private static async Task AssertCollectedAsync(Scenario scenario, AgentProcess agent)
    {
        var documents = await scenario.CollectAsync(agent, "secured-*", LineCount);
        Lines.AssertEachOnce(Lines.Numbered("line", LineCount), documents.Select(document => document.Message));
    }
}
