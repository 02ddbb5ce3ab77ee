using LogPilot.Agent.Containers;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Containers;

public sealed class DockerClientTests : IAsyncDisposable
{
    private readonly FakeDocker _docker = new();
    private readonly DockerClient _client;

    public DockerClientTests() => _client = new DockerClient(new DockerOptions { Host = _docker.Host });

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _docker.DisposeAsync();
    }

    [Fact]
    public async Task ConnectAsync_OldEngine_SpeaksItsVersion()
    {
        _docker.Put("a");

        var engine = await _client.ConnectAsync(CancellationToken.None);
        await _client.InspectAsync("a", CancellationToken.None);

        Assert.Equal("1.41", engine.ApiVersion);
        Assert.Equal("/v1.41/containers/a/json", await _docker.RequestedAsync("/containers/"));
    }

    [Fact]
    public async Task ConnectAsync_InfoRefused_StillConnects()
    {
        _docker.Script("/info", FakeAnswer.Of(403, "Forbidden"));

        await _client.ConnectAsync(CancellationToken.None);

        Assert.Equal("", _client.RootDir);
    }

    [Theory]
    [InlineData("<html>It works!</html>")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"ApiVersion":"new"}""")]
    public async Task ConnectAsync_AnswerOfSomethingElse_SaysThatItIsNoEngine(string answer)
    {
        _docker.Script("/version", FakeAnswer.Ok(answer));

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => _client.ConnectAsync(CancellationToken.None));

        Assert.Equal(RuntimeFault.NotARuntime, exception.Fault);
        Assert.Contains(_docker.SocketPath, exception.Message, StringComparison.Ordinal);
        Assert.Contains("DOCKER_HOST", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_NoHttp_SaysThatItIsNoEngine()
    {
        _docker.Script("/version", FakeAnswer.Raw("SSH-2.0-OpenSSH_9.2\r\n"));

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => _client.ConnectAsync(CancellationToken.None));

        Assert.Equal(RuntimeFault.NotARuntime, exception.Fault);
    }

    [Fact]
    public async Task ConnectAsync_NoSocket_NamesAddressAndFix()
    {
        using var client = new DockerClient(new DockerOptions { Host = new Uri("unix:///nonexistent/docker.sock") });

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => client.ConnectAsync(CancellationToken.None));

        Assert.Equal(RuntimeFault.NoSocket, exception.Fault);
        Assert.Contains("unix:///nonexistent/docker.sock", exception.Message, StringComparison.Ordinal);
        Assert.Contains("-v /nonexistent/docker.sock:/nonexistent/docker.sock", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_SocketLeftBehind_SaysThatNobodyListens()
    {
        await _docker.KillAsync();

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => _client.ConnectAsync(CancellationToken.None));

        Assert.Equal(RuntimeFault.Refused, exception.Fault);
        Assert.Contains("nobody listens", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_AnswerNeverComes_TimesOut()
    {
        using var client = new DockerClient(new DockerOptions { Host = _docker.Host, CallDeadline = TimeSpan.FromMilliseconds(50) });
        _docker.Script("/containers/json", FakeAnswer.Ok("[]").After(new TaskCompletionSource().Task));

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => client.ListAsync(CancellationToken.None));

        Assert.Equal(RuntimeFault.TimedOut, exception.Fault);
        Assert.Contains("/containers/json within 0.05 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_AnswerCut_IsInterrupted()
    {
        _docker.Script("/containers/json", FakeAnswer.Cut("""[{"Id":"a","Names":["/web"],"State":"running"}]"""));

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => _client.ListAsync(CancellationToken.None));

        Assert.Equal(RuntimeFault.Interrupted, exception.Fault);
    }

    [Fact]
    public async Task ListAsync_Refused_QuotesReason()
    {
        _docker.Script("/containers/json", FakeAnswer.Of(500, """{"message":"the disk is full"}"""));

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => _client.ListAsync(CancellationToken.None));

        Assert.Equal(RuntimeFault.Rejected, exception.Fault);
        Assert.Contains("status 500: the disk is full", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_NullsAndLinks_AreUnderstood()
    {
        _docker.Script("/containers/json", FakeAnswer.Ok("""
            [null,{"Id":null},{"Id":"a","Names":["/other/alias","/web"],"State":"exited"},{"Id":"b","Names":null}]
            """));

        var listings = await _client.ListAsync(CancellationToken.None);

        Assert.Equal(
            [new ContainerListing("a", "web", ContainerState.Ended), new ContainerListing("b", "", ContainerState.Running)], listings);
    }

    [Fact]
    public async Task InspectAsync_Gone_ReturnsNull()
    {
        Assert.Null(await _client.InspectAsync("a", CancellationToken.None));
    }

    [Fact]
    public async Task InspectAsync_Whole_FillsSnapshot()
    {
        _docker.Put("a");

        var snapshot = (await _client.InspectAsync("a", CancellationToken.None))!.Snapshot;

        Assert.Equal("web", snapshot.Name);
        Assert.Equal("busybox", snapshot.Image);
        Assert.Equal("v", snapshot.Labels["l"]);
        Assert.Equal(["A=1"], snapshot.Env);
        Assert.Equal([new ContainerMount("bind", "/s", "/d")], snapshot.Mounts);
        Assert.Equal("json-file", snapshot.LogDriver);
        Assert.Equal("/logs/a", snapshot.LogPath);
        Assert.Equal(ContainerState.Running, snapshot.State);
    }

    [Theory]
    [InlineData("""{"Id":"a"}""")]
    [InlineData("""{"Id":"a","Name":null,"LogPath":null,"State":null,"Config":null,"HostConfig":null,"Mounts":null}""")]
    [InlineData("""{"Id":"a","Config":{"Env":null,"Labels":null},"HostConfig":{"LogConfig":null},"Mounts":[null]}""")]
    public async Task InspectAsync_NullsAndAbsences_AreEmpty(string answer)
    {
        _docker.PutRaw("a", answer);

        var snapshot = (await _client.InspectAsync("a", CancellationToken.None))!.Snapshot;

        Assert.Empty(snapshot.Labels);
        Assert.Empty(snapshot.Env);
        Assert.Empty(snapshot.Mounts);
        Assert.Equal("", snapshot.Name + snapshot.LogDriver + snapshot.LogPath);
    }

    [Fact]
    public async Task InspectAsync_CreatedJsonFile_FillsPathToBe()
    {
        _docker.Put("a", state: "created", logPath: "");
        await _client.ConnectAsync(CancellationToken.None);

        var snapshot = (await _client.InspectAsync("a", CancellationToken.None))!.Snapshot;

        Assert.Equal("/var/lib/docker/containers/a/a-json.log", snapshot.LogPath);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1,")]
    public async Task InspectAsync_Garbage_IsNotTakenForGone(string answer)
    {
        _docker.PutRaw("a", answer);

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => _client.InspectAsync("a", CancellationToken.None));

        Assert.Equal(RuntimeFault.NotARuntime, exception.Fault);
    }

    [Fact]
    public async Task NextAsync_SeveralEvents_ArriveOneByOne()
    {
        await _client.ConnectAsync(CancellationToken.None);
        using var events = await _client.OpenEventsAsync(1_700_000_000_000_000_005, CancellationToken.None);

        _docker.Emit("create", "a");
        var first = await events!.NextAsync(CancellationToken.None);
        _docker.SendRaw("""{"Type":"network","Action":"connect"}""" + "\n" + """{"Type":"container","Action":"st""");
        _docker.SendRaw("""art","Actor":{"ID":"a","Attributes":{"k":null}},"timeNano":7}""" + "\n");
        var second = await events!.NextAsync(CancellationToken.None);

        Assert.Equal(new ContainerEvent("a", "create", 1_700_000_000_001_000_000), first);
        Assert.Equal(new ContainerEvent("a", "start", 7), second);
        Assert.Contains("since=1700000000.000000005&", await _docker.RequestedAsync("/events"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NextAsync_StreamEnds_SaysSo()
    {
        using var events = await _client.OpenEventsAsync(0, CancellationToken.None);

        _docker.EndStreams();

        var exception = await Assert.ThrowsAsync<RuntimeException>(async () => await events!.NextAsync(CancellationToken.None));
        Assert.Equal(RuntimeFault.Interrupted, exception.Fault);
    }

    [Fact]
    public async Task ConnectAsync_TcpWithoutListener_SaysThatNobodyListens()
    {
        // Port 1 of the loopback is reserved and never served.
        using var client = new DockerClient(new DockerOptions { Host = new Uri("tcp://127.0.0.1:1") });

        var exception = await Assert.ThrowsAsync<RuntimeException>(() => client.ConnectAsync(CancellationToken.None));

        Assert.Equal(RuntimeFault.Refused, exception.Fault);
        Assert.Contains("tcp://127.0.0.1:1:", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh://host")]
    [InlineData("unix://")]
    [InlineData("tcp://host")]
    public void Constructor_OtherAddress_NamesIt(string host)
    {
        var exception = Assert.Throws<ArgumentException>(() => new DockerClient(new DockerOptions { Host = new Uri(host) }));

        Assert.Contains($"DOCKER_HOST={host}", exception.Message, StringComparison.Ordinal);
    }
}
