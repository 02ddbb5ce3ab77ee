using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using LogPilot.Aot.Tests.Support;
using LogPilot.Aot.Tests.Support.Cri;

namespace LogPilot.Aot.Tests;

/// <summary>The stage with containerd itself, without the agent: when these fail, no other failure means anything.</summary>
public sealed partial class ContainerdFixtureTests(TestMachine machine)
{
    private const string Endless = "n=0; while true; do n=$((n + 1)); echo line $n; usleep 2000; done";

    [Fact]
    public async Task RunAsync_ContainerThatWrites_LeavesItsLinesInThePodsLog()
    {
        await using var pod = await RunPodAsync();

        var script = $"{Lines.Write("out", 100)}; {Lines.Write("err", 100)} >&2";
        var container = await pod.RunAsync(new PodContainerRequest { Script = script });
        await container.WaitForExitAsync();
        var log = await File.ReadAllLinesAsync(container.LogPath);

        Assert.EndsWith($"/shop_{pod.Name}_{pod.Uid}/app/0.log", container.LogPath, StringComparison.Ordinal);
        Assert.All(log, line => Assert.Matches(CriLine, line));
        Lines.AssertEachOnce([.. Lines.Numbered("out", 100), .. Lines.Numbered("err", 100)], log.Select(Text));
        Assert.Equal(100, log.Count(line => line.Contains(" stderr F ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ContainerStatusAsync_Verbose_TellsEnvironmentAndMounts()
    {
        var containerd = await machine.ContainerdAsync();
        await using var pod = await RunPodAsync();
        using var scratch = new ScratchDirectory();
        var container = await pod.RunAsync(new PodContainerRequest
        {
            Script = "sleep 600",
            Env = ["aliyun_logs_a=stdout", "EMPTY=", "MORE=a=b"],
            Mounts = new Dictionary<string, string> { ["/logs"] = scratch.Root },
        });

        var answer = await containerd.Cri.ContainerStatusAsync(container.Id, verbose: true);
        using var info = JsonDocument.Parse(answer.Info["info"]);
        var environment = info.RootElement.GetProperty("runtimeSpec").GetProperty("process").GetProperty("env").EnumerateArray()
            .Select(entry => entry.GetString());

        Assert.Equal(["aliyun_logs_a=stdout", "EMPTY=", "MORE=a=b"], environment.TakeLast(3));
        Assert.Equal([("/logs", scratch.Root)], answer.Status.Mounts.Select(mount => (mount.ContainerPath, mount.HostPath)));
        Assert.Equal(container.LogPath, answer.Status.LogPath);
        Assert.Equal(pod.Uid, answer.Status.Labels["io.kubernetes.pod.uid"]);
        Assert.Equal("app", answer.Status.Labels["io.kubernetes.container.name"]);
    }

    [Fact]
    public async Task RunAsync_LineOf20000Bytes_IsLoggedInParts()
    {
        await using var pod = await RunPodAsync();

        var script = $"{Lines.WriteLong("long", 20_000, count: 1)}; printf half";
        var container = await pod.RunAsync(new PodContainerRequest { Script = script });
        await container.WaitForExitAsync();
        var log = await File.ReadAllLinesAsync(container.LogPath);

        Assert.Equal(["P", "F", "P"], log.Select(line => line.Split(' ')[2]));
        Assert.Equal([16_384, 3_616, 4], log.Select(line => Text(line).Length));
        Assert.Equal(Lines.Long("long", 20_000, 1), string.Concat(log.Take(2).Select(Text)));
    }

    [Fact]
    public async Task RotateAsync_WhileTheContainerWrites_LosesNothingAndCompressesTheOlder()
    {
        using var scratch = new ScratchDirectory();
        await using var pod = await RunPodAsync();
        var container = await pod.RunAsync(new PodContainerRequest
        {
            Script = "n=0; until [ -e /state/stop ]; do n=$((n + 1)); echo line $n; done",
            Mounts = new Dictionary<string, string> { ["/state"] = scratch.Root },
        });
        for (var rotation = 1; rotation <= 3; rotation++)
        {
            await container.WaitForTextAsync("line ");
            await container.Log.RotateAsync();
        }

        await container.WaitForTextAsync("line ");
        scratch.WriteFile("stop", "");
        await container.WaitForExitAsync();
        var rotated = container.Log.Rotated;
        var lines = Joined(container.Log.ReadAllLines());

        Assert.Equal(3, rotated.Count);
        Assert.Equal([".gz", ".gz"], rotated.Take(2).Select(Path.GetExtension));
        Assert.All(rotated, name => Assert.Matches(RotatedName, name));
        Assert.Equal(Lines.Numbered("line", lines.Count), lines);
    }

    [Fact]
    public async Task RotateAsync_MoreThanAreKept_RemovesTheOldest()
    {
        await using var pod = await RunPodAsync();
        var container = await pod.RunAsync(new PodContainerRequest { Script = "while true; do echo line; usleep 20000; done" });
        var rotated = new List<string>();
        for (var rotation = 0; rotation < 4; rotation++)
        {
            await container.WaitForTextAsync("line");
            await container.Log.RotateAsync(filesMax: 3);
            rotated.Add(container.Log.Rotated[^1]);
        }

        Assert.Equal([rotated[2] + ".gz", rotated[3]], container.Log.Rotated);
    }

    [Fact]
    public async Task Rename_BeforeTheRuntimeReopens_TheRenamedFileGrowsOn()
    {
        await using var pod = await RunPodAsync();
        var container = await pod.RunAsync(new PodContainerRequest { Script = Endless });
        await container.WaitForTextAsync("line ");

        container.Log.Rename();
        var renamed = container.Log.Rotated.Single();
        var length = new FileInfo(renamed).Length;
        await Eventually.TrueAsync(() => new FileInfo(renamed).Length > length, () => "the renamed file grows.");
        var existed = File.Exists(container.LogPath);
        await container.Log.ReopenAsync();
        await container.WaitForTextAsync("line ");
        await container.StopAsync();

        Assert.False(existed);
        var lines = Joined(container.Log.ReadAllLines());
        Assert.Equal(Lines.Numbered("line", lines.Count), lines);
    }

    [Fact]
    public async Task RestartAsync_Container_IsANewOneWithALogOfItsOwn()
    {
        var containerd = await machine.ContainerdAsync();
        await using var pod = await RunPodAsync();
        var first = await pod.RunAsync(new PodContainerRequest { Script = "echo started; sleep 600" });
        await first.WaitForTextAsync("started");

        var second = await pod.RestartAsync(first);
        await second.WaitForTextAsync("started");
        var both = await StatesAsync(containerd, pod);
        await first.RemoveAsync();
        var one = await StatesAsync(containerd, pod);

        Assert.NotEqual(first.Id, second.Id);
        Assert.EndsWith("/app/1.log", second.LogPath, StringComparison.Ordinal);
        Assert.Equal([(0u, ContainerState.ContainerExited), (1u, ContainerState.ContainerRunning)], both);
        Assert.Equal([(1u, ContainerState.ContainerRunning)], one);
        Assert.False(File.Exists(first.LogPath));
        var removed = await Assert.ThrowsAsync<RpcException>(first.StatusAsync);
        Assert.Equal(StatusCode.NotFound, removed.StatusCode);
    }

    [Fact]
    public async Task DeleteAsync_Pod_LeavesNeitherProcessesNorLogs()
    {
        var containerd = await machine.ContainerdAsync();
        await using var pod = await RunPodAsync();
        await pod.RunAsync(new PodContainerRequest { Script = "echo started; sleep 600" });
        var before = containerd.ShimProcesses().Count;

        await pod.DeleteAsync();

        Assert.True(before >= 3, $"shim, sandbox and container; there were {before} processes.");
        Assert.Empty(containerd.ShimProcesses());
        Assert.Empty(await StatesAsync(containerd, pod));
        Assert.False(Directory.Exists(pod.LogDirectory));
    }

    [Fact]
    public async Task RestartAsync_Containerd_FindsItsContainersAndTheirLogsGoOn()
    {
        var containerd = await machine.ContainerdAsync();
        await using var pod = await RunPodAsync();
        var container = await pod.RunAsync(new PodContainerRequest { Script = Endless });
        await container.WaitForTextAsync("line 10\n");

        await containerd.StopDaemonAsync();
        var away = await Assert.ThrowsAsync<RpcException>(containerd.Cri.ListContainersAsync);
        await containerd.StartDaemonAsync();
        var before = Joined(await File.ReadAllLinesAsync(container.LogPath)).Count;
        await container.WaitForTextAsync($"line {before + 100}\n");
        await container.StopAsync();
        var log = Joined(await File.ReadAllLinesAsync(container.LogPath));

        Assert.Equal(StatusCode.Unavailable, away.StatusCode);
        Assert.Equal(Lines.Numbered("line", log.Count), log);
    }

    [Fact]
    public async Task DisposeAsync_ContainersThatRun_LeavesNoProcess()
    {
        var containerd = await Prerequisite.ContainerdAsync();
        var pod = await Pod.RunAsync(containerd, "left");
        await pod.RunAsync(new PodContainerRequest { Script = "trap '' TERM; while true; do sleep 600; done" });
        // Without a runtime that could end them.
        await containerd.StopDaemonAsync();
        var before = containerd.ShimProcesses().Count;

        await containerd.DisposeAsync();

        Assert.True(before >= 3, $"shim, sandbox and container; there were {before} processes.");
        await Eventually.TrueAsync(() => containerd.ShimProcesses().Count == 0, () => "every process ends.");
        Assert.False(Directory.Exists(Path.GetDirectoryName(containerd.SocketPath)));
    }

    /// <summary><c>TIME STREAM TAG TEXT</c>; the nanoseconds lose their trailing zeros, and the zone is that of the runtime.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d) (stdout|stderr) [PF] ")]
    private static partial Regex CriLine { get; }

    [GeneratedRegex(@"/0\.log\.\d{8}-\d{6}(\.gz)?$")]
    private static partial Regex RotatedName { get; }

    private static string Text(string line) => line.Split(' ', 4)[3];

    /// <summary>A rotation flushes the line that is being read as a part to the old file, and the rest goes to the new one.</summary>
    private static List<string> Joined(IEnumerable<string> log)
    {
        var (lines, open) = (new List<string>(), "");
        foreach (var line in log)
        {
            open += Text(line);
            if (line.Contains(" F ", StringComparison.Ordinal))
            {
                lines.Add(open);
                open = "";
            }
        }

        return lines;
    }

    private static async Task<IReadOnlyList<(uint Attempt, ContainerState State)>> StatesAsync(Containerd containerd, Pod pod) =>
        (await containerd.Cri.ListContainersAsync())
            .Where(container => container.PodSandboxId == pod.SandboxId)
            .Select(container => (container.Metadata.Attempt, container.State))
            .Order()
            .ToList();

    private async Task<Pod> RunPodAsync() => await Pod.RunAsync(await machine.ContainerdAsync(), "fixture");
}
