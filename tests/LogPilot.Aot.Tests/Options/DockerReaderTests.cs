namespace LogPilot.Aot.Tests.Options;

public sealed class DockerReaderTests : IDisposable
{
    private readonly OptionFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("unix:///run/docker.sock", "/run/docker.sock", -1)]
    [InlineData("tcp://127.0.0.1:2376", "/", 2376)]
    [InlineData("tcp://engine", "/", 2375)]
    public void Read_Host_TakesSocketsAndTcp(string text, string path, int port)
    {
        var host = _files.ReadValid(("DOCKER_HOST", text)).Docker.Host;

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
        Assert.Equal(text.TrimStart('v'), _files.ReadValid(("DOCKER_API_VERSION", text)).Docker.ApiVersionMax!.ToString());

    [Theory]
    [InlineData("1")]
    [InlineData("2.0")]
    [InlineData("1.44.1")]
    [InlineData("latest")]
    public void Read_ApiVersionThatIsNone_IsAnError(string text) =>
        Assert.StartsWith($"DOCKER_API_VERSION: '{text}'", _files.ReadError(("DOCKER_API_VERSION", text)));

    [Theory]
    [InlineData("docker,containerd", "LOGPILOT_RUNTIMES: 'containerd' is not supported yet")]
    [InlineData("cri-o", "LOGPILOT_RUNTIMES: 'cri-o' is not supported yet")]
    [InlineData("rkt", "LOGPILOT_RUNTIMES: 'rkt' is no container runtime")]
    public void Read_OtherRuntimes_AreRefusedByName(string text, string expected) =>
        Assert.StartsWith(expected, _files.ReadError(("LOGPILOT_RUNTIMES", text)));

    [Fact]
    public void Read_DockerRuntime_IsValid() => _files.ReadValid(("LOGPILOT_RUNTIMES", "Docker"));
}
