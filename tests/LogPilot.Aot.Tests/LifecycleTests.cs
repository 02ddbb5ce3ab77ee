using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Containers and engines that come, go and come again: whatever was written is found once.</summary>
public sealed class LifecycleTests(TestMachine machine)
{
    private static readonly string[] Declaration = ["aliyun_logs_life=stdout"];

    [Fact]
    public async Task End_RemovedContainersOf50Milliseconds_AreCollectedWhole()
    {
        const int Containers = 10;
        const int LineCount = 20;
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        await WaitUntilCollectingAsync(scenario);

        for (var number = 0; number < Containers; number++)
        {
            // The last line comes at the very end: the engine removes the log file right after it.
            var script = $"{Lines.Write($"short-{number}", LineCount - 1)}; usleep 50000; {Lines.Write($"short-{number}", 1, LineCount)}";
            var container = await scenario.RunAsync(new ContainerRequest { Script = script, Env = Declaration, AutoRemove = true });
            await container.WaitForExitAsync();
        }

        var documents = await scenario.CollectAsync(agent, "life-*", Containers * LineCount);
        var expected = Enumerable.Range(0, Containers).SelectMany(number => Lines.Numbered($"short-{number}", LineCount));
        Lines.AssertEachOnce(expected, documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Restart_SameContainer_ContinuesWithoutRepeating()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var (volume, _) = await scenario.CreateVolumeAsync();
        var agent = scenario.StartAgent();
        // Each run of the container numbers its lines after the runs before it.
        var script = "run=$(cat /state/run 2>/dev/null || echo 0); run=$((run + 1)); echo $run > /state/run; "
            + "awk -v run=$run 'BEGIN { for (i = 1; i <= 100; i++) print \"run-\" run \" \" i }'; sleep 600";
        var container = await scenario.RunAsync(new ContainerRequest { Script = script, Env = Declaration, Binds = [$"{volume}:/state"] });

        await scenario.Search.WaitForCountAsync("life-*", 100);
        await container.RestartAsync();
        await scenario.Search.WaitForCountAsync("life-*", 200);
        await container.StopAsync();
        await container.StartAsync();

        var documents = await scenario.CollectAsync(agent, "life-*", 300);
        var expected = Enumerable.Range(1, 3).SelectMany(run => Lines.Numbered($"run-{run}", 100));
        Lines.AssertEachOnce(expected, documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Rename_RunningContainer_LaterLinesCarryTheNewName()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        const string Script = "n=0; while true; do n=$((n + 1)); echo line $n; usleep 100000; done";
        var container = await scenario.RunAsync(new ContainerRequest { Script = Script, Env = Declaration });
        var oldName = container.Name;
        await scenario.Search.WaitForCountAsync("life-*", 1);

        await container.RenameAsync(oldName + "-renamed");
        await Eventually.TrueAsync(
            async () => (await NamesAsync(scenario)).Contains(container.Name), () => "lines carry the new name.");
        Assert.Equal(0, await agent.StopAsync());

        Assert.Equal([oldName, container.Name], (await NamesAsync(scenario)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_ContainerEndedWhileTheAgentWasDown_IsCollected()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var (volume, directory) = await scenario.CreateVolumeAsync();
        var agent = scenario.StartAgent();
        var script = $"{Lines.Write("up", 100)}; until [ -e /state/go ]; do usleep 20000; done; {Lines.Write("down", 100)}";
        var container = await scenario.RunAsync(new ContainerRequest { Script = script, Env = Declaration, Binds = [$"{volume}:/state"] });
        await scenario.Search.WaitForCountAsync("life-*", 100);
        Assert.Equal(0, await agent.StopAsync());

        await File.WriteAllTextAsync(Path.Combine(directory, "go"), "");
        await container.WaitForExitAsync();
        var documents = await scenario.CollectAsync(scenario.StartAgent(), "life-*", 200);

        Lines.AssertEachOnce([.. Lines.Numbered("up", 100), .. Lines.Numbered("down", 100)], documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Restart_Engine_NewContainersAreCollected()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        await scenario.RunAsync(new ContainerRequest { Script = $"{Lines.Write("old", 100)}; sleep 600", Env = Declaration });
        await scenario.Search.WaitForCountAsync("life-*", 100);

        await scenario.Engine.RestartAsync();
        await scenario.RunAsync(new ContainerRequest { Script = $"{Lines.Write("new", 100)}; sleep 600", Env = Declaration });

        var documents = await scenario.CollectAsync(agent, "life-*", 200);
        Lines.AssertEachOnce([.. Lines.Numbered("old", 100), .. Lines.Numbered("new", 100)], documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Kill_Engine_LinesAroundTheCrashAreFoundOnce()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var container = await scenario.RunAsync(new ContainerRequest { Script = $"{Lines.Write("run", 100)}; sleep 600", Env = Declaration });
        await scenario.Search.WaitForCountAsync("life-*", 100);

        await scenario.Engine.KillDaemonAsync();
        await scenario.Engine.StartDaemonAsync();
        await container.StartAsync();

        var documents = await scenario.CollectAsync(agent, "life-*", 200);
        Assert.All(documents.GroupBy(document => document.Message), line => Assert.Equal(2, line.Count()));
        Assert.Equal(200, documents.Select(document => document.Offset).Distinct().Count());
    }

    [Fact]
    public async Task Start_BeforeTheEnginesSocketExists_WaitsAndCollects()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var socket = scenario.Scratch.PathOf("docker.sock");
        scenario.AgentEnvironment["DOCKER_HOST"] = "unix://" + socket;
        await scenario.RunAsync(new ContainerRequest { Script = Lines.Write("line", 100), Env = Declaration });
        var agent = scenario.StartAgent();

        await agent.WaitForLogAsync(socket);
        File.CreateSymbolicLink(socket, scenario.Engine.SocketPath);

        var documents = await scenario.CollectAsync(agent, "life-*", 100);
        Lines.AssertEachOnce(Lines.Numbered("line", 100), documents.Select(document => document.Message));
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(Scenario scenario) =>
        [.. (await scenario.Search.SearchAllAsync("life-*")).Select(document => document.Text("docker_container")).Distinct()];

    /// <summary>An agent that has shipped one container's line watches the engine.</summary>
    private static async Task WaitUntilCollectingAsync(Scenario scenario)
    {
        await scenario.RunAsync(new ContainerRequest { Script = "echo ready; sleep 600", Env = ["aliyun_logs_ready=stdout"] });
        await scenario.Search.WaitForCountAsync("ready-*", 1);
    }
}
