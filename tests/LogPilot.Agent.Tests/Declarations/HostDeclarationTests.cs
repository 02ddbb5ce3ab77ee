using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class HostDeclarationTests
{
    private static readonly DeclarationReader Reader = new(new DeclarationOptions { DefaultIndex = "all" });

    [Fact]
    public void ReadHost_NothingDeclared_IsEmpty()
    {
        Assert.True(Reader.ReadHost(["PATH=/bin", "LOGPILOT_COLLECT=all-stdout"]).IsEmpty);
    }

    [Fact]
    public void ReadHost_Path_IsBelowTheRoot()
    {
        var set = Reader.ReadHost(["aliyun_logs_nginx=/var/log/nginx/*.log", "aliyun_logs_nginx_format=nginx"]);

        var log = Assert.Single(set.Logs);
        Assert.Equal(new MountedPath("/var/log/nginx/*.log", "/", "var/log/nginx/*.log"), log.Path);
        Assert.Equal(LogFormatKind.Nginx, log.Format.Kind);
    }

    [Theory]
    [InlineData("/var/../a.log", "a.log")]
    [InlineData("/../a.log", "a.log")]
    [InlineData("/logs/", "logs/logs")]
    public void ReadHost_UnusualPath_IsCleaned(string path, string pattern)
    {
        Assert.Equal(pattern, Assert.Single(Reader.ReadHost([$"aliyun_logs_a={path}"]).Logs).Path!.Pattern);
    }

    [Theory]
    [InlineData("stdout", "in log a: stdout is only for containers, the host has none")]
    [InlineData("/", "in log a: / is no file")]
    [InlineData("a.log", "a.log must be absolute path, for a")]
    public void ReadHost_NoFile_IsError(string value, string text)
    {
        Assert.Equal(text, Assert.Single(Reader.ReadHost([$"aliyun_logs_a={value}"]).Errors).Text);
    }
}
