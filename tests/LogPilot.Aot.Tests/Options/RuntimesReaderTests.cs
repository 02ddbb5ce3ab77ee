using LogPilot.Agent.Containers.Cri;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Aot.Tests.Options;

public sealed class RuntimesReaderTests : IDisposable
{
    private readonly OptionFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("unix:///run/docker.sock", "/run/docker.sock", -1)]
    [InlineData("tcp://127.0.0.1:2376", "/", 2376)]
    [InlineData("tcp://engine", "/", 2375)]
    public void Read_Host_TakesSocketsAndTcp(string text, string path, int port)
    {
        var host = _files.ReadDocker(("DOCKER_HOST", text)).Host;

        Assert.Equal((path, port), (host.AbsolutePath is "" ? "/" : host.AbsolutePath, host.Port));
    }

    [Theory]
    [InlineData("ssh://user@host", "has a scheme that is not supported")]
    [InlineData("npipe:////./pipe/docker_engine", "has a scheme that is not supported")]
    [InlineData("/var/run/docker.sock", "has a scheme that is not supported")]
    [InlineData("unix://", "is incomplete")]
    [InlineData("tcp://", "is incomplete")]
    public void Read_OtherHost_IsRefusedWithText(string text, string reason)
    {
        var error = _files.ReadError(("DOCKER_HOST", text));

        Assert.StartsWith("DOCKER_HOST: '", error);
        Assert.Contains(reason, error);
    }

    [Fact]
    public void Read_TlsVerify_IsRefusedByName() =>
        Assert.StartsWith("DOCKER_TLS_VERIFY: '1' asks for TLS", _files.ReadError(("DOCKER_TLS_VERIFY", "1")));

    [Theory]
    [InlineData("1.23")]
    [InlineData("v1.44")]
    public void Read_ApiVersion_IsKept(string text) =>
        Assert.Equal(text.TrimStart('v'), _files.ReadDocker(("DOCKER_API_VERSION", text)).ApiVersionMax!.ToString());

    [Theory]
    [InlineData("1")]
    [InlineData("2.0")]
    [InlineData("1.44.1")]
    [InlineData("latest")]
    public void Read_ApiVersionThatIsNone_IsAnError(string text) =>
        Assert.StartsWith($"DOCKER_API_VERSION: '{text}'", _files.ReadError(("DOCKER_API_VERSION", text)));

    [Theory]
    [InlineData("podman", "LOGPILOT_RUNTIMES: 'podman' speaks Docker's API; use docker")]
    [InlineData("rkt", "LOGPILOT_RUNTIMES: 'rkt' is no container runtime")]
    [InlineData("docker,,", "LOGPILOT_RUNTIMES: '' is no container runtime")]
    public void Read_OtherRuntimes_AreRefusedByName(string text, string expected) =>
        Assert.StartsWith(expected, _files.Read(("LOGPILOT_RUNTIMES", text)).Errors[0]);

    [Theory]
    [InlineData("Docker", "docker.sock")]
    [InlineData("containerd", "containerd.sock")]
    [InlineData("cri-o", "crio.sock")]
    [InlineData("docker, crio, docker", "docker.sock crio.sock")]
    public void Read_NamedRuntimes_AreWatchedWhetherTheirSocketsExistOrNot(string text, string sockets)
    {
        var runtimes = _files.ReadValid(("LOGPILOT_RUNTIMES", text)).Runtimes;

        Assert.Equal(sockets.Split(' '), runtimes.Select(Socket));
        Assert.DoesNotContain(runtimes, one => one.IsOptional);
    }

    [Fact]
    public void Read_NoSocket_WaitsForDocker() => Assert.Equal("docker.sock", Socket(_files.ReadDocker()));

    [Fact]
    public void Read_SocketsThatExist_AreThoseWatched()
    {
        _files.Write("docker.sock", "");
        _files.Write("containerd.sock", "");

        var runtimes = _files.ReadValid().Runtimes;

        Assert.Equal(["docker.sock", "containerd.sock"], runtimes.Select(Socket));
        Assert.Equal([false, true], runtimes.Select(one => one.IsOptional));
    }

    [Fact]
    public void Read_OneSocketAtTwoPlaces_IsWatchedOnce()
    {
        File.CreateSymbolicLink(_files.PathOf("link-to-containerd.sock"), _files.Write("containerd.sock", ""));

        Assert.Equal("containerd.sock", Socket(Assert.Single(_files.ReadValid().Runtimes)));
    }

    [Theory]
    [InlineData("link-to-containerd.sock")]
    [InlineData("k3s.sock")]
    public void Read_NamedContainerd_IsFoundAtItsOtherPlaces(string socket)
    {
        _files.Write(socket, "");

        Assert.Equal(socket, Socket(Assert.Single(_files.ReadValid(("LOGPILOT_RUNTIMES", "containerd")).Runtimes)));
    }

    [Theory]
    [InlineData("docker.sock")]
    [InlineData("containerd.sock")]
    [InlineData("k3s.sock")]
    [InlineData("crio.sock")]
    public void Read_SocketBelowTheHostRoot_IsFoundThere(string socket)
    {
        var root = _files.CreateDirectory("root");
        Directory.CreateDirectory(Path.GetDirectoryName(root + _files.PathOf(socket))!);
        File.WriteAllText(root + _files.PathOf(socket), "");

        var runtime = Assert.Single(_files.ReadValid(("LOGPILOT_HOST_ROOT", root)).Runtimes);

        Assert.Equal(root + _files.PathOf(socket), runtime.Host.LocalPath);
    }

    // Where it is mounted and does not exist, the runtime makes a directory of its name.
    [Fact]
    public void Read_DirectoryInPlaceOfASocket_IsNone()
    {
        _files.CreateDirectory("docker.sock");
        _files.Write("containerd.sock", "");

        Assert.IsType<CriOptions>(Assert.Single(_files.ReadValid().Runtimes));
    }

    [Theory]
    [InlineData("unix:///run/k3s/containerd/containerd.sock")]
    [InlineData("/run/k3s/containerd/containerd.sock")]
    public void Read_Endpoint_IsWatchedInPlaceOfTheUsualOnes(string text)
    {
        _files.Write("containerd.sock", "");

        var runtime = Assert.Single(_files.ReadValid(("CONTAINER_RUNTIME_ENDPOINT", text)).Runtimes);

        Assert.Equal(new Uri("unix:///run/k3s/containerd/containerd.sock"), Assert.IsType<CriOptions>(runtime).Host);
        Assert.False(runtime.IsOptional);
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:1234")]
    [InlineData("containerd")]
    [InlineData("unix://")]
    public void Read_EndpointThatIsNoSocket_IsRefusedWithText(string text) =>
        Assert.StartsWith($"CONTAINER_RUNTIME_ENDPOINT: '{text}' is no socket", _files.ReadError(("CONTAINER_RUNTIME_ENDPOINT", text)));

    [Fact]
    public void Read_EndpointBesideDockerOnly_IsAWarning() => Assert.Contains(
        _files.Read(("LOGPILOT_RUNTIMES", "docker"), ("CONTAINER_RUNTIME_ENDPOINT", "/run/crio.sock")).Warnings,
        warning => warning.StartsWith("CONTAINER_RUNTIME_ENDPOINT is not used", StringComparison.Ordinal));

    private string Socket(RuntimeOptions runtime) => runtime.Host.LocalPath.Replace(_files.PathOf(""), "", StringComparison.Ordinal).TrimStart('/');
}
