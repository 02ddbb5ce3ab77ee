using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Containers that put something else than a log file where they have declared one: nothing of the host is read.</summary>
public sealed class HostilePathTests(TestMachine machine)
{
    private const string Secret = "a line of the host";

    [Fact]
    public async Task Collect_LinksThatLeadOutOfTheVolume_AreNotFollowed()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var secret = scenario.Scratch.WriteFile("secret/host.log", Secret + "\n");
        var (volume, directory) = await scenario.CreateVolumeAsync();
        var agent = scenario.StartAgent();
        await RunNeighbourAsync(scenario);
        string[] script =
        [
            $"ln -s {secret} /logs/absolute.log",
            $"ln -s ../../../../../../../../../../..{secret} /logs/relative.log",
            "ln -s /etc/shadow /logs/shadow.log",
            "ln -s ../../../../../../../../../../../etc/shadow /logs/relative-shadow.log",
            $"ln -s /proc/1/root{secret} /logs/magic.log",
            "ln -s / /logs/root",
            "ln -s ../../../../../../../../../../.. /logs/relative-root",
            "ln -s loop.log /logs/loop.log",
            "echo good > /logs/good.log",
        ];
        await scenario.RunAsync(new ContainerRequest
        {
            Script = WithApplets(string.Join("; ", script)) + "; sleep 600",
            Env =
            [
                "aliyun_logs_hostile=/logs/*.log",
                $"aliyun_logs_below=/logs/root{secret}",
                $"aliyun_logs_relative=/logs/relative-root{secret}",
                $"aliyun_logs_wild=/logs/*{Path.GetDirectoryName(secret)}/*.log",
                $"aliyun_logs_dots=/logs/../../../../../../../../..{secret}",
                "aliyun_logs_any=/logs/**/host.log",
            ],
            Binds = [$"{volume}:/logs"],
        });

        await AssertOnlyAsync(scenario, agent, "good");
        Assert.Equal(8, Directory.EnumerateFileSystemEntries(directory).Count(entry => new FileInfo(entry).LinkTarget is not null));
        Assert.Equal(Secret, File.ReadAllText(Path.Combine(directory, "absolute.log")).Trim());
    }

    [Fact]
    public async Task Collect_FileThatBecomesALinkToTheHost_IsNotFollowed()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var secret = scenario.Scratch.WriteFile("secret/host.log", Secret + "\n");
        var (volume, directory) = await scenario.CreateVolumeAsync();
        var agent = scenario.StartAgent();
        await RunNeighbourAsync(scenario);
        await scenario.RunAsync(new ContainerRequest
        {
            Script = WithApplets($"mkdir /logs/sub; echo good > /logs/swap.log; echo good > /logs/sub/host.log; "
                + "until [ -e /logs/go ]; do usleep 20000; done; "
                + $"ln -sf {secret} /logs/swap.log; mv /logs/sub /logs/old; ln -s {Path.GetDirectoryName(secret)} /logs/sub; "
                + "echo good > /logs/after.log; sleep 600"),
            Env = ["aliyun_logs_hostile=/logs/*.log", "aliyun_logs_sub=/logs/sub/*.log"],
            Binds = [$"{volume}:/logs"],
        });
        await scenario.Search.WaitForCountAsync("hostile-*,sub-*", 2);

        await File.WriteAllTextAsync(Path.Combine(directory, "go"), "");
        await scenario.Search.WaitForCountAsync("hostile-*,sub-*", 3);

        await AssertOnlyAsync(scenario, agent, "good", "good", "good");
        Assert.Equal(secret, new FileInfo(Path.Combine(directory, "swap.log")).LinkTarget);
        Assert.True(File.Exists(Path.Combine(directory, "sub", "host.log")));
    }

    [Fact]
    public async Task Collect_PipesAndDevices_AreNotOpenedAsLogs()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var (volume, _) = await scenario.CreateVolumeAsync();
        var agent = scenario.StartAgent();
        await RunNeighbourAsync(scenario);
        string[] script =
        [
            "mkfifo /logs/pipe.log",
            "mknod /logs/zero.log c 1 5",
            "mknod /logs/kmsg.log c 1 11",
            "mknod /logs/terminal.log c 5 0",
            "mknod /logs/disk.log b 7 0",
            "mkdir /logs/directory.log",
            "echo good > /logs/good.log",
        ];
        await scenario.RunAsync(new ContainerRequest
        {
            Script = WithApplets(string.Join("; ", script)) + "; sleep 600",
            Env = ["aliyun_logs_hostile=/logs/*.log"],
            Binds = [$"{volume}:/logs"],
        });

        await agent.WaitForLogAsync("pipe.log");
        await agent.WaitForLogAsync("zero.log");
        await AssertOnlyAsync(scenario, agent, "good");
    }

    /// <summary>A well-behaved container beside the hostile one.</summary>
    private static Task<EngineContainer> RunNeighbourAsync(Scenario scenario) => scenario.RunAsync(new ContainerRequest
    {
        Script = "n=0; while true; do n=$((n + 1)); echo neighbour $n; usleep 100000; done",
        Env = ["aliyun_logs_neighbour=stdout"],
    });

    /// <summary>The image has no links for these.</summary>
    private static string WithApplets(string script) =>
        "ln() { busybox ln \"$@\"; }; mkfifo() { busybox mkfifo \"$@\"; }; mknod() { busybox mknod \"$@\"; }; " + script;

    /// <summary>
    /// The hostile container's last file has been read, so that its links and nodes had their turn, and the neighbour is collected
    /// after that: then everything but the neighbour's lines is what the test expects.
    /// </summary>
    private static async Task AssertOnlyAsync(Scenario scenario, AgentProcess agent, params string[] expected)
    {
        await scenario.Search.WaitForCountAsync("*,-neighbour-*", expected.Length);
        var before = await scenario.Search.CountAsync("neighbour-*");
        await scenario.Search.WaitForCountAsync("neighbour-*", before!.Value + 5);
        Assert.Equal(0, await agent.StopAsync());

        var documents = await scenario.Search.SearchAllAsync("*,-neighbour-*");
        Assert.Equal(expected, documents.Select(document => document.Message));
        Assert.DoesNotContain(agent.Log, line => line.Contains(Secret, StringComparison.Ordinal));
    }
}
