using System.Globalization;
using System.Text.RegularExpressions;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>
/// Containers of Kubernetes on a real containerd, with kubelet's part played by the tests: whatever was written is found once.
/// </summary>
public sealed class ContainerdTests(TestMachine machine)
{
    private const string WholeLines =
        "n=0; until [ -e /state/stop ]; do n=$((n + 1)); echo line $n; usleep 2000; done; echo last $n; sleep 600";

    // The runtime's deadline for an answer comes before the lag.
    private static readonly TimeSpan RedDeadline = TimeSpan.FromSeconds(60);

    private static readonly string[] Declaration = ["aliyun_logs_pods=stdout"];

    [Fact]
    public async Task Run_StdoutAndStderrOfAPod_EveryLineIsFoundOnceWithItsFields()
    {
        const int LineCount = 1000;
        await using var scenario = await PodScenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var (pod, container) = await scenario.RunAsync(new PodContainerRequest
        {
            Name = "tomcat",
            Script = $"{Lines.Write("out", LineCount)}; {Lines.Write("err", LineCount)} >&2; sleep 600",
            Env = [.. Declaration, "aliyun_logs_pods_tags=stage=test"],
        });

        var documents = await scenario.CollectAsync(agent, "pods-*", 2 * LineCount);

        Lines.AssertEachOnce(
            [.. Lines.Numbered("out", LineCount), .. Lines.Numbered("err", LineCount)], documents.Select(document => document.Message));
        // TIME STREAM TAG TEXT
        var written = File.ReadAllLines(container.LogPath).Select(line => line.Split(' ', 4)).ToDictionary(fields => fields[3]);
        foreach (var document in documents)
        {
            var fields = written[document.Message];
            Assert.Equal(fields[1], document.Text("stream"));
            Assert.Equal(Milliseconds(fields[0]), document.Timestamp.ToUnixTimeMilliseconds());
            Assert.Equal($"k8s_tomcat_{pod.Name}_shop_{pod.Uid}_0", document.Text("docker_container"));
            Assert.Equal(pod.Name, document.Text("k8s_pod"));
            Assert.Equal("shop", document.Text("k8s_pod_namespace"));
            Assert.Equal("tomcat", document.Text("k8s_container_name"));
            Assert.Equal("node-1", document.Text("k8s_node_name"));
            Assert.Equal("test", document.Text("stage"));
            Assert.Equal(container.LogPath, document.Text("source"));
        }
    }

    [Fact]
    public async Task Read_LongLinesOfBothStreamsAtOnce_AreJoinedForEachStream()
    {
        const int LineCount = 50;
        const int LineBytes = 40_000;
        await using var scenario = await PodScenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        await scenario.RunAsync(new PodContainerRequest
        {
            Script = $"{Lines.WriteLong("out", LineBytes, LineCount)} & {Lines.WriteLong("err", LineBytes, LineCount)} >&2; "
                + "wait; sleep 600",
            Env = Declaration,
        });

        var documents = await scenario.CollectAsync(agent, "pods-*", 2 * LineCount);

        Lines.AssertEachOnce(
            [.. LongLines("out"), .. LongLines("err")], documents.Select(document => document.Message));
        Assert.All(documents, document => Assert.Equal(document.Text("stream")[3..], document.Message[..3]));

        static IEnumerable<string> LongLines(string word) =>
            Enumerable.Range(1, LineCount).Select(number => Lines.Long(word, LineBytes, number));
    }

    [Fact]
    public async Task Read_KubeletRotatesWhileTheContainerWrites_EveryLineOnce()
    {
        await using var scenario = await PodScenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var (_, container) = await scenario.RunAsync(EndlessWriter(scenario));

        for (var rotation = 0; rotation < 6; rotation++)
        {
            // What is removed by a rotation has to be collected before, as on a node whose agent keeps up.
            await container.WaitForTextAsync("line ");
            await scenario.Search.WaitForCountAsync("pods-*", (await scenario.Search.CountAsync("pods-*") ?? 0) + 1);
            await container.Log.RotateAsync(filesMax: 10);
        }

        await AssertWrittenAsync(scenario, agent, container);
        Assert.Equal(5, container.Log.Rotated.Count(name => name.EndsWith(".gz", StringComparison.Ordinal)));
        Assert.Contains(container.Log.Rotated, name => PodLog.ReadLines(name)[^1].Split(' ')[2] == "P");
    }

    [Fact]
    public async Task Read_LoudContainerIsRotatedAgainAndAgain_EveryLineOnce()
    {
        const int LineCount = 100_000;
        await using var scenario = await PodScenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var (_, container) = await scenario.RunAsync(new PodContainerRequest
        {
            Script = $"n=0; while [ $n -lt {LineCount} ]; do n=$((n + 1)); echo line $n; done; sleep 600",
            Env = Declaration,
        });

        var rotations = 0;
        while (!container.Log.ReadAllLines()[^1].EndsWith($" {LineCount}", StringComparison.Ordinal))
        {
            // More files than are rotated, so that none is removed before it is collected.
            await container.Log.RotateAsync(filesMax: 1000);
            rotations++;
        }

        var documents = await scenario.CollectAsync(agent, "pods-*", LineCount);
        Lines.AssertEachOnce(Lines.Numbered("line", LineCount), documents.Select(document => document.Message));
        Assert.True(rotations > 1, $"{rotations} rotations while the container wrote.");
    }

    [Fact]
    public async Task Start_KubeletRotatedWhileTheAgentWasDown_EveryLineOnce()
    {
        await using var scenario = await PodScenario.StartAsync(machine);
        var first = scenario.StartAgent();
        var (_, container) = await scenario.RunAsync(EndlessWriter(scenario));
        await scenario.Search.WaitForCountAsync("pods-*", 1);
        Assert.Equal(0, await first.StopAsync());

        for (var rotation = 0; rotation < 4; rotation++)
        {
            await container.WaitForTextAsync("line ");
            await container.Log.RotateAsync(filesMax: 10);
        }

        var second = scenario.StartAgent();
        await AssertWrittenAsync(scenario, second, container);
    }

    [Fact]
    public async Task Read_RuntimeReopensLate_LinesOfTheRenamedFileAreCollected()
    {
        await using var scenario = await PodScenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var (_, container) = await scenario.RunAsync(EndlessWriter(scenario));
        await scenario.Search.WaitForCountAsync("pods-*", 1);

        container.Log.Rename();
        var renamed = container.Log.Rotated.Single();
        var length = new FileInfo(renamed).Length;
        await Eventually.TrueAsync(() => new FileInfo(renamed).Length > length, () => "the renamed file grows.");
        await scenario.Search.WaitForCountAsync("pods-*", (await scenario.Search.CountAsync("pods-*") ?? 0) + 1);
        await container.Log.ReopenAsync();

        await AssertWrittenAsync(scenario, agent, container);
    }

    [Fact]
    public async Task Read_FileInAHostPathVolume_EveryLineOnce()
    {
        await using var scenario = await PodScenario.StartAsync(machine);
        var directory = scenario.Scratch.CreateDirectory("volume");
        var agent = scenario.StartAgent();
        var (_, container) = await scenario.RunAsync(new PodContainerRequest
        {
            Script = $"{Lines.Write("access", 500)} > /usr/local/tomcat/logs/access.log; sleep 600",
            Env = ["aliyun_logs_access=/usr/local/tomcat/logs/*.log"],
            Mounts = new Dictionary<string, string> { ["/usr/local/tomcat/logs"] = directory },
        });

        var documents = await scenario.CollectAsync(agent, "access-*", 500);

        Lines.AssertEachOnce(Lines.Numbered("access", 500), documents.Select(document => document.Message));
        Assert.All(documents, document => Assert.Equal(Path.Combine(directory, "access.log"), document.Text("source")));
        Assert.All(documents, document => Assert.Equal(container.DockerName, document.Text("docker_container")));
        Assert.All(documents, document => Assert.False(document.Has("stream")));
    }

    /// <summary>The runtime marks both halves as parts of lines, and nothing follows them.</summary>
    [Fact]
    public async Task End_HalfLinesOfBothStreams_AreShippedWhenTheContainerHasEnded()
    {
        await using var scenario = await PodScenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var (_, container) = await scenario.RunAsync(new PodContainerRequest
        {
            Script = "echo whole; printf half-out; printf half-err >&2",
            Env = Declaration,
        });
        await container.WaitForExitAsync();

        var documents = await scenario.CollectAsync(agent, "pods-*", 3);

        Lines.AssertEachOnce(["whole", "half-out", "half-err"], documents.Select(document => document.Message));
        Assert.Equal(2, File.ReadAllLines(container.LogPath).Count(line => line.Split(' ')[2] == "P"));
    }

    [Fact]
    public async Task Restart_Container_BothAttemptsAreCollectedUnderTheirNames()
    {
        await using var scenario = await PodScenario.StartAsync(machine);
        var state = scenario.Scratch.CreateDirectory("attempts");
        var agent = scenario.StartAgent();
        // Each attempt numbers its lines after those before it.
        var (pod, first) = await scenario.RunAsync(new PodContainerRequest
        {
            Script = "run=$(cat /state/run 2>/dev/null || echo 0); echo $((run + 1)) > /state/run; "
                + "awk -v run=$run 'BEGIN { for (i = 1; i <= 100; i++) print \"run-\" run \" \" i }'; sleep 600",
            Env = Declaration,
            Mounts = new Dictionary<string, string> { ["/state"] = state },
        });
        await scenario.Search.WaitForCountAsync("pods-*", 100);

        var second = await pod.RestartAsync(first);
        await second.WaitForTextAsync("run-1 100\n");
        var third = await pod.RestartAsync(second);
        await first.RemoveAsync();

        var documents = await scenario.CollectAsync(agent, "pods-*", 300);
        var expected = Enumerable.Range(0, 3).SelectMany(run => Lines.Numbered($"run-{run}", 100));
        Lines.AssertEachOnce(expected, documents.Select(document => document.Message));
        foreach (var (container, run) in new[] { (first, "run-0 "), (second, "run-1 "), (third, "run-2 ") })
        {
            var names = documents.Where(document => document.Message.StartsWith(run, StringComparison.Ordinal))
                .Select(document => document.Text("docker_container"));
            Assert.Equal([container.DockerName], names.Distinct());
        }
    }

    [Fact]
    public async Task Delete_PodRightAfterItsLastLine_IsCollectedWhole()
    {
        const int LineCount = 5000;
        await using var scenario = await PodScenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var (pod, container) = await scenario.RunAsync(new PodContainerRequest { Script = "echo first; sleep 600", Env = Declaration });
        await scenario.Search.WaitForCountAsync("pods-*", 1);
        // It does not end by itself: on a busy machine containerd loses what is behind the first 32 KiB of a burst before the end.
        var last = await pod.RunAsync(new PodContainerRequest
        {
            Name = "last",
            Script = $"echo first of last; until [ -e /state/go ]; do usleep 20000; done; {Lines.Write("line", LineCount)}; sleep 600",
            Env = Declaration,
            Mounts = new Dictionary<string, string> { ["/state"] = scenario.Scratch.CreateDirectory("state-of-last") },
        });
        await scenario.Search.WaitForCountAsync("pods-*", 2);

        scenario.Scratch.WriteFile("state-of-last/go", "");
        await last.WaitForTextAsync($"line {LineCount}\n");
        await pod.DeleteAsync();

        var documents = await scenario.CollectAsync(agent, "pods-*", LineCount + 2);
        Lines.AssertEachOnce(
            ["first", "first of last", .. Lines.Numbered("line", LineCount)], documents.Select(document => document.Message));
        Assert.False(File.Exists(container.LogPath));
    }

    [Fact]
    public async Task Healthz_ContainerdAwayAndBack_TurnsRedWithTheReasonAndGreenAgain()
    {
        await using var scenario = await PodScenario.StartAsync(machine);
        scenario.AgentEnvironment["LOGPILOT_HEALTH_LAG_MAX"] = "10s";
        var agent = scenario.StartAgent();
        // Whole lines: what containerd has read of a line it forgets when it stops.
        var (pod, container) = await scenario.RunAsync(EndlessWriter(scenario) with { Script = WholeLines });
        await scenario.Search.WaitForCountAsync("pods-*", 1);
        await Eventually.TrueAsync(() => Probe(scenario).ExitCode == 0, () => $"the probe is green at first: {Probe(scenario)}");

        await scenario.Containerd.StopDaemonAsync();
        await Eventually.TrueAsync(() => Probe(scenario).ExitCode == 1, () => "the probe turns red.");
        var red = Probe(scenario);
        await scenario.Containerd.StartDaemonAsync();
        await Eventually.TrueAsync(() => Probe(scenario).ExitCode == 0, () => $"the probe turns green again: {Probe(scenario)}");
        var later = await pod.RunAsync(new PodContainerRequest
        {
            Name = "later",
            Script = "echo after; sleep 600",
            Env = ["aliyun_logs_later=stdout"],
        });
        await scenario.Search.WaitForCountAsync("later-*", 1);

        Assert.Contains(scenario.Containerd.SocketPath, red.Error, StringComparison.Ordinal);
        await AssertWrittenAsync(scenario, agent, container);
        Assert.Equal(later.DockerName, (await scenario.Search.SearchAllAsync("later-*")).Single().Text("docker_container"));
    }

    [Fact]
    public async Task Healthz_ContainerdHangs_TurnsRedWithTheReasonAndGreenAgain()
    {
        await using var scenario = await PodScenario.StartAsync(machine);
        scenario.AgentEnvironment["LOGPILOT_HEALTH_LAG_MAX"] = "10s";
        var agent = scenario.StartAgent();
        await agent.WaitForLogAsync("containerd", "is connected");
        CommandResult red;
        scenario.Containerd.SuspendDaemon();
        try
        {
            await Eventually.TrueAsync(() => Probe(scenario).ExitCode == 1, () => "the probe turns red.", RedDeadline);
            red = Probe(scenario);
        }
        finally
        {
            scenario.Containerd.ResumeDaemon();
        }

        await Eventually.TrueAsync(() => Probe(scenario).ExitCode == 0, () => $"the probe turns green again: {Probe(scenario)}");
        var (_, container) = await scenario.RunAsync(new PodContainerRequest { Script = "echo after; sleep 600", Env = Declaration });
        Assert.Contains("no answer to Version", red.Error, StringComparison.Ordinal);
        Assert.Equal(container.DockerName, (await scenario.CollectAsync(agent, "pods-*", 1)).Single().Text("docker_container"));
    }

    [Fact]
    public async Task End_ContainersOf50Milliseconds_AreCollectedWhole()
    {
        const int Containers = 10;
        const int LineCount = 20;
        await using var scenario = await PodScenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var (pod, _) = await scenario.RunAsync(
            new PodContainerRequest { Script = "echo ready; sleep 600", Env = ["aliyun_logs_ready=stdout"] });
        await scenario.Search.WaitForCountAsync("ready-*", 1);

        for (var number = 0; number < Containers; number++)
        {
            var container = await pod.RunAsync(new PodContainerRequest
            {
                Name = $"short-{number}",
                Script = $"{Lines.Write($"short-{number}", LineCount - 1)}; usleep 50000; {Lines.Write($"short-{number}", 1, LineCount)}",
                Env = Declaration,
            });
            await container.WaitForExitAsync();
        }

        var documents = await scenario.CollectAsync(agent, "pods-*", Containers * LineCount);
        var expected = Enumerable.Range(0, Containers).SelectMany(number => Lines.Numbered($"short-{number}", LineCount));
        Lines.AssertEachOnce(expected, documents.Select(document => document.Message));
    }

    /// <summary>
    /// Writes numbered lines until its test has seen enough, each in two halves: a rotation cuts the line that is being written, its half
    /// goes to the old file as a part and its end to the new one.
    /// </summary>
    private static PodContainerRequest EndlessWriter(PodScenario scenario) => new()
    {
        Script = "n=0; until [ -e /state/stop ]; do n=$((n + 1)); printf 'line '; usleep 2000; echo $n; done; echo last $n; sleep 600",
        Env = Declaration,
        Mounts = new Dictionary<string, string> { ["/state"] = scenario.Scratch.CreateDirectory("writer") },
    };

    /// <summary>Lets the endless writer end, and asserts that all of its lines are found once.</summary>
    private static async Task AssertWrittenAsync(PodScenario scenario, AgentProcess agent, PodContainer container)
    {
        scenario.Scratch.WriteFile("writer/stop", "");
        await container.WaitForTextAsync("last ");
        var last = File.ReadAllLines(container.LogPath)[^1].Split(' ', 4)[3];
        var written = int.Parse(last["last ".Length..], CultureInfo.InvariantCulture);

        var documents = await scenario.CollectAsync(agent, "pods-*", written + 1);

        Lines.AssertEachOnce([.. Lines.Numbered("line", written), last], documents.Select(document => document.Message));
    }

    /// <summary>Cut, where parsing nine digits would round.</summary>
    private static long Milliseconds(string time) =>
        DateTimeOffset.Parse(Regex.Replace(time, @"(\.\d{3})\d+", "$1"), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static CommandResult Probe(PodScenario scenario) => AgentProcess.Run(scenario.AgentEnvironment, "healthz");
}
