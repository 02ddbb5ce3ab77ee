using System.Text.Json;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The image in the place of log-pilot's: the same mounts, environment and probe, and logs arrive.</summary>
public sealed class ImageTests(TestMachine machine)
{
    private const int LineCount = 200;

    /// <summary>Made by the engine in every container.</summary>
    private static readonly string[] EngineFiles = [".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/mtab -> /proc/mounts", "etc/resolv.conf"];

    public static TheoryData<string> Rights { get; } = new(nameof(ContainedAgent.AsLogPilot), nameof(ContainedAgent.Restricted));

    [Fact]
    public async Task Build_Prebuilt_HasTheAgentAndNothingElse()
    {
        using var scratch = new ScratchDirectory();
        var image = await machine.ImageAsync();

        var files = await image.FilesAsync(scratch);

        Assert.Equal(
            [
                "etc/nsswitch.conf", "etc/ssl/certs/ca-certificates.crt",
                "pilot/healthz -> logpilot", "pilot/logpilot", "pilot/pilot -> logpilot",
            ],
            files.Except(EngineFiles).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task Run_AsTheDaemonSetRunsIt_EveryLineIsFoundOnce(string rights)
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var (volume, directory) = await scenario.CreateVolumeAsync();
        using var agent = await StartAsync(scenario, rights, scenario.Scratch.CreateDirectory("state"));
        var container = await scenario.RunAsync(Tomcat(volume));

        await scenario.Search.WaitForCountAsync("access-*", LineCount);
        await scenario.Search.WaitForCountAsync("catalina-*", LineCount);
        var probe = agent.Execute("/pilot/healthz");
        var exitCode = agent.Stop();
        var catalina = await scenario.Search.SearchAllAsync("catalina-*");
        var access = await scenario.Search.SearchAllAsync("access-*");

        Assert.True(probe.ExitCode == 0, probe.Everything);
        Assert.Equal(0, exitCode);
        Lines.AssertEachOnce(Lines.Numbered("out", LineCount), catalina.Select(document => document.Message));
        Lines.AssertEachOnce(Lines.Numbered("access", LineCount), access.Select(document => document.Message));
        var logPath = await container.LogPathAsync();
        Assert.All(catalina, document => Assert.Equal(ContainedAgent.HostRoot + logPath, document.Text("source")));
        Assert.All(access, document => Assert.Equal($"{ContainedAgent.HostRoot}{directory}/catalina.log", document.Text("source")));
        Assert.All(catalina.Concat(access), document => Assert.Equal("node-1", document.Text("k8s_node_name")));
    }

    [Fact]
    public async Task Start_AgainWithTheStateOfTheContainerBefore_RepeatsNothing()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var state = scenario.Scratch.CreateDirectory("state");
        var (volume, directory) = await scenario.CreateVolumeAsync();
        await scenario.RunAsync(Tomcat(volume));
        using (var first = await StartAsync(scenario, nameof(ContainedAgent.Restricted), state))
        {
            await scenario.Search.WaitForCountAsync("access-*", LineCount);
            await scenario.Search.WaitForCountAsync("catalina-*", LineCount);
            Assert.Equal(0, first.Stop());
        }

        await scenario.Search.DeleteAllAsync();
        await File.AppendAllTextAsync(Path.Combine(directory, "catalina.log"), "later\n");
        using var second = await StartAsync(scenario, nameof(ContainedAgent.Restricted), state);
        await scenario.Search.WaitForCountAsync("access-*", 1);
        second.Stop();

        var documents = await scenario.Search.SearchAllAsync("access-*,catalina-*");
        Assert.Equal(["later"], documents.Select(document => document.Message));
    }

    [Fact]
    public async Task Start_WithTheRegistryOfFilebeat_ShipsWhatFilebeatHasNot()
    {
        const int ShippedCount = 120;
        await using var scenario = await Scenario.StartAsync(machine);
        var (volume, directory) = await scenario.CreateVolumeAsync();
        var container = await scenario.RunAsync(Tomcat(volume));
        await container.WaitForTextAsync($"out {LineCount}");
        var state = scenario.Scratch.CreateDirectory("state");
        var registry = new[]
        {
            RegistryEntry(Path.Combine(directory, "catalina.log"), ShippedCount),
            RegistryEntry(await container.LogPathAsync(), ShippedCount),
        };
        await File.WriteAllTextAsync(Path.Combine(state, "registry"), JsonSerializer.Serialize(registry));

        using var agent = await StartAsync(scenario, nameof(ContainedAgent.AsLogPilot), state);
        await scenario.Search.WaitForCountAsync("access-*", LineCount - ShippedCount);
        await scenario.Search.WaitForCountAsync("catalina-*", LineCount - ShippedCount);
        agent.Stop();

        var documents = await scenario.Search.SearchAllAsync("access-*,catalina-*");
        string[] expected =
        [
            .. Lines.Numbered("access", LineCount - ShippedCount, ShippedCount + 1),
            .. Lines.Numbered("out", LineCount - ShippedCount, ShippedCount + 1),
        ];
        Lines.AssertEachOnce(expected, documents.Select(document => document.Message));
    }

    private async Task<ContainedAgent> StartAsync(Scenario scenario, string rights, string state) => ContainedAgent.Start(
        scenario, await machine.ImageAsync(), state,
        rights == nameof(ContainedAgent.AsLogPilot) ? ContainedAgent.AsLogPilot : ContainedAgent.Restricted);

    private static ContainerRequest Tomcat(string volume) => new()
    {
        Script = $"{Lines.Write("access", LineCount)} > /usr/local/tomcat/logs/catalina.log; {Lines.Write("out", LineCount)}; sleep 600",
        Env = ["aliyun_logs_catalina=stdout", "aliyun_logs_access=/usr/local/tomcat/logs/catalina.*log"],
        Binds = [$"{volume}:/usr/local/tomcat/logs"],
    };

    /// <summary>What Filebeat 6 has for a file of which it has shipped some lines, seen by it below the mounted root.</summary>
    private static object RegistryEntry(string path, int shippedLines)
    {
        var numbers = Command.Run("stat", "--format", "%i %d", path).Output.Split(' ');
        return new
        {
            source = ContainedAgent.HostRoot + path,
            offset = File.ReadLines(path).Take(shippedLines).Sum(line => line.Length + 1L),
            timestamp = "2026-11-24T08:00:00.123456789Z",
            ttl = -1,
            type = "log",
            meta = (object?)null,
            FileStateOS = new { inode = ulong.Parse(numbers[0], null), device = ulong.Parse(numbers[1], null) },
        };
    }
}
