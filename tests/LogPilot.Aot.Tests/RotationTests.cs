using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Files that are rotated, cut and deleted under the agent: by the engine, and by the application.</summary>
public sealed class RotationTests(TestMachine machine)
{
    private const string Idle = "sleep 600";

    [Fact]
    public async Task Read_EngineRotatesItsLog_EveryLineOnce()
    {
        const int LineCount = 20_000;
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();

        await scenario.RunAsync(RotatedWriter(LineCount));

        var documents = await scenario.CollectAsync(agent, "rotated-*", LineCount);
        Lines.AssertEachOnce(Lines.Numbered("line", LineCount), documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Start_EngineRotatedItsLogWhileTheAgentWasDown_EveryLineOnce()
    {
        const int LineCount = 20_000;
        await using var scenario = await Scenario.StartAsync(machine);
        var container = await scenario.RunAsync(RotatedWriter(LineCount));
        await container.WaitForExitAsync();

        var agent = scenario.StartAgent();

        var documents = await scenario.CollectAsync(agent, "rotated-*", LineCount);
        Lines.AssertEachOnce(Lines.Numbered("line", LineCount), documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Read_FileRenamedAndCreatedAnew_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var (agent, path) = await StartAsync(scenario);

        for (var rotation = 0; rotation < 5; rotation++)
        {
            await AppendAsync(path, Lines.Numbered("line", 50, (rotation * 100) + 1));
            await scenario.Search.WaitForCountAsync("files-*", (rotation * 100) + 50);
            // Written and renamed at once, to a name that *.log does not match: the agent finds the rest by its handle or identity.
            await AppendAsync(path, Lines.Numbered("line", 50, (rotation * 100) + 51));
            File.Move(path, $"{path}.{rotation + 1}");
        }

        await AppendAsync(path, Lines.Numbered("line", 100, 501));
        await AssertCollectedAsync(scenario, agent, 600);
    }

    [Fact]
    public async Task Read_FileCopiedAndTruncated_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var (agent, path) = await StartAsync(scenario);

        await AppendAsync(path, Lines.Numbered("line", 300));
        await scenario.Search.WaitForCountAsync("files-*", 300);
        File.Copy(path, path + ".copy");
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
        }

        await AppendAsync(path, Lines.Numbered("line", 200, 301));
        await AssertCollectedAsync(scenario, agent, 500);
    }

    [Fact]
    public async Task Read_FileDeletedWhileItsLinesCannotBeDelivered_EveryLineOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        await using var nginx = new Nginx(scenario.Server.Address);
        scenario.AgentEnvironment["ELASTICSEARCH_HOSTS"] = $"127.0.0.1:{nginx.HttpPort}";
        scenario.AgentEnvironment["ELASTICSEARCH_PATH"] = Nginx.PathPrefix;
        scenario.AgentEnvironment["ELASTICSEARCH_USER"] = Nginx.User;
        scenario.AgentEnvironment["ELASTICSEARCH_PASSWORD"] = Nginx.Password;
        scenario.AgentEnvironment["LOGPILOT_RETRY_DELAY_MAX"] = "1s";
        var (agent, path) = await StartAsync(scenario);
        await AppendAsync(path, Lines.Numbered("line", 5000));
        await Eventually.TrueAsync(() => agent.HoldsOpen(path), () => "the agent holds the file open while its lines are not delivered.");

        File.Delete(path);
        await nginx.StartAsync();

        await AssertCollectedAsync(scenario, agent, 5000);
    }

    [Fact]
    public async Task Read_LastLineWithoutNewline_IsShippedWhenItsFileIsGone()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var (agent, path) = await StartAsync(scenario);
        await File.AppendAllTextAsync(path, "line 1\nline 2");
        await scenario.Search.WaitForCountAsync("files-*", 1);
        var early = await scenario.Search.CountAsync("files-*");

        File.Delete(path);

        Assert.Equal(1, early);
        await AssertCollectedAsync(scenario, agent, 2);
    }

    private static ContainerRequest RotatedWriter(int lineCount) => new()
    {
        Script = Lines.Write("line", lineCount),
        Env = ["aliyun_logs_rotated=stdout"],
        LogOptions = new Dictionary<string, string> { ["max-size"] = "200k", ["max-file"] = "10" },
    };

    /// <summary>An agent and a container whose volume's <c>*.log</c> it collects; the path of one such file, not created yet.</summary>
    private static async Task<(AgentProcess Agent, string Path)> StartAsync(Scenario scenario)
    {
        var (volume, directory) = await scenario.CreateVolumeAsync();
        var agent = scenario.StartAgent();
        await scenario.RunAsync(new ContainerRequest
        {
            Script = Idle,
            Env = ["aliyun_logs_files=/logs/*.log"],
            Binds = [$"{volume}:/logs"],
        });
        return (agent, Path.Combine(directory, "app.log"));
    }

    private static Task AppendAsync(string path, IEnumerable<string> lines) => File.AppendAllLinesAsync(path, lines);

    private static async Task AssertCollectedAsync(Scenario scenario, AgentProcess agent, int lineCount)
    {
        var documents = await scenario.CollectAsync(agent, "files-*", lineCount);
        Lines.AssertEachOnce(Lines.Numbered("line", lineCount), documents.Select(document => document.Message));
    }
}
