using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

public sealed class MountTableTests
{
    [Theory]
    [InlineData("/logs/a.log", "/s", "a.log")]
    [InlineData("/logs/./x//y/../a.log", "/s", "x/a.log")]
    [InlineData("/../../logs/a.log", "/s", "a.log")]
    [InlineData("/logs/**/[a-c]?.log", "/s", "**/[a-c]?.log")]
    [InlineData("/logs/x/", "/s", "x/x")]
    [InlineData("/logs/x/..", null, null)]
    [InlineData("/logs/../etc/shadow", null, null)]
    [InlineData("/logsx/a.log", null, null)]
    [InlineData("/", null, null)]
    [InlineData("/..", null, null)]
    public void Resolve_DirectoryMount_GivesRootAndPattern(string path, string? root, string? pattern)
    {
        var set = DeclaringContainer.OfLogA(path).Mount("/s/", "/logs/", "volume").Read();

        if (root is null)
        {
            Assert.Equal($"in log a: {path} is not mount on host", Assert.Single(set.Errors).Text);
        }
        else
        {
            Assert.Equal(new MountedPath(path, root, pattern!), Assert.Single(set.Logs).Path);
        }
    }

    [Fact]
    public void Resolve_MountAtRoot_HoldsOnlyFilesInRoot()
    {
        var inRoot = DeclaringContainer.OfLogA("/a.log").Mount("/s", "/").ReadLog();
        var below = DeclaringContainer.OfLogA("/x/a.log").Mount("/s", "/").ReadError();

        Assert.Equal(new MountedPath("/a.log", "/s", "a.log"), inRoot.Path);
        Assert.Equal("in log a: /x/a.log is not mount on host", below);
    }

    [Fact]
    public void Resolve_SourceIsRoot_StaysRoot()
    {
        var log = DeclaringContainer.OfLogA("/host/var/log/a.log").Mount("/", "/host").ReadLog();

        Assert.Equal(new MountedPath("/host/var/log/a.log", "/", "var/log/a.log"), log.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tmpfs")]
    public void Resolve_MountWithoutSource_IsNotTheHostsRoot(string source)
    {
        var set = DeclaringContainer.OfLogA("/logs/a.log").Mount(source, "/logs", "tmpfs").Mount("/outer", "/").Read();

        var error = Assert.Single(set.Errors);
        Assert.Equal("in log a: /logs/a.log is not mount on host", error.Text);
        Assert.Contains("tmpfs", error.Fix, StringComparison.Ordinal);
    }

    // Mounts of single files.

    [Fact]
    public void Resolve_FileMountBelowDirectoryMount_FileWins()
    {
        var log = DeclaringContainer.OfLogA("/logs/a.log")
            .Mount("/s", "/logs").Mount("/f/b[1].log", "/logs/a.log")
            .ReadLog();

        Assert.Equal(new MountedPath("/logs/a.log", "/f", "b[[]1].log"), log.Path);
    }

    [Fact]
    public void Resolve_FileMountWithoutExtension_HasNotice()
    {
        var set = DeclaringContainer.OfLogA("/logs").Mount("/s", "/logs").Read();

        Assert.Equal(new MountedPath("/logs", "/", "s"), Assert.Single(set.Logs).Path);
        Assert.Contains("/logs/*", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_VolumeNamedAsFile_IsErrorThatNamesItsFiles()
    {
        var error = Assert.Single(DeclaringContainer.OfLogA("/logs").Mount("/s", "/logs", "volume").Read().Errors);

        Assert.Equal("in log a: /logs is not mount on host", error.Text);
        Assert.Contains("/logs/*.log", error.Fix, StringComparison.Ordinal);
    }

    // Wildcards at and above the mounts.

    [Theory]
    [InlineData("/data/*/app.log", "/s", "app.log")]
    [InlineData("/*/a/x/*.log", "/s", "x/*.log")]
    [InlineData("/data/[a-c]/**/x", "/s", "**/x")]
    public void Resolve_WildcardMatchesOneMount_IsThatMount(string path, string root, string pattern)
    {
        var log = DeclaringContainer.OfLogA(path).Mount("/s", "/data/a").Mount("/t", "/other/b").ReadLog();

        Assert.Equal(new MountedPath(path, root, pattern), log.Path);
    }

    [Fact]
    public void Resolve_WildcardMatchesOneFileMount_IsThatFile()
    {
        var log = DeclaringContainer.OfLogA("/data/*.log").Mount("/s/f", "/data/a.log").ReadLog();

        Assert.Equal(new MountedPath("/data/*.log", "/s", "f"), log.Path);
    }

    [Theory]
    [InlineData("/data/*/x/app.log", "/data/a, /data/b", "/data/a/x/app.log")]
    [InlineData("/**/app.log", "/data/a, /data/b, /x", "/data/a/app.log")]
    public void Resolve_WildcardMatchesSeveralMounts_IsErrorThatNamesThem(string path, string mounts, string example)
    {
        var set = DeclaringContainer.OfLogA(path)
            .Mount("/sb", "/data/b").Mount("/sa", "/data/a").Mount("/sx", "/x")
            .Read();

        var error = Assert.Single(set.Errors);
        Assert.Equal($"in log a: {path} has wildcards for the mounts {mounts}", error.Text);
        Assert.Contains($"such as {example};", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_WildcardAlsoMatchesInnerMount_IsOuterMountWithNotice()
    {
        var set = DeclaringContainer.OfLogA("/data/*/app.log").Mount("/s", "/data").Mount("/t", "/data/a").Read();

        Assert.Equal(new MountedPath("/data/*/app.log", "/s", "*/app.log"), Assert.Single(set.Logs).Path);
        Assert.Contains("not in /data/a", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    // Fixes.

    [Theory]
    [InlineData("/var/log/x/*.log", "mount a volume at /var/log/x (mounts are /etc/hosts, /logs)")]
    [InlineData("/var/*/x.log", "mount a volume at /var (mounts are /etc/hosts, /logs)")]
    [InlineData("/x.log", "a directory of their own")]
    [InlineData("/x/a.log,/x/b.log", "one path for each log")]
    public void Resolve_NotMounted_FixSaysWhatToMount(string path, string fix)
    {
        var set = DeclaringContainer.OfLogA(path).Mount("/s", "/logs").Mount("/h", "/etc/hosts").Read();

        Assert.Contains(fix, Assert.Single(set.Errors).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_ManyMounts_FixListsTen()
    {
        var container = DeclaringContainer.OfLogA("/var/a.log");
        for (var i = 10; i < 40; i++)
        {
            container.Mount("/s", $"/m{i}");
        }

        var fix = Assert.Single(container.Read().Errors).Fix;

        Assert.EndsWith("/m19, …)", fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "abc", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("*a*b", "xaxxb", true)]
    [InlineData("?", "", false)]
    [InlineData("?b", "ab", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[", "[", true)]
    [InlineData("[]", "[]", true)]
    [InlineData("[!", "[!", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("[[]1].log", "[1].log", true)]
    public void IsMatch_Pattern_MatchesLikeGlob(string pattern, string name, bool expected)
    {
        Assert.Equal(expected, Wildcard.IsMatch(pattern, name));
    }

    [Fact]
    public void IsMatch_ManyStars_IsNotExponential()
    {
        var pattern = string.Concat(Enumerable.Repeat("a*", 200)) + "b";

        Assert.False(Wildcard.IsMatch(pattern, new string('a', 2000)));
    }
}
