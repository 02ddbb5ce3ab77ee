namespace LogPilot.Agent.Tests.Files;

/// <summary>Which files a pattern leads to, and when.</summary>
public sealed class FileFinderTests : IDisposable
{
    private readonly TailFixture _tail = new();

    public void Dispose() => _tail.Dispose();

    [Fact]
    public void Add_WildcardsInDirectories_FindsWhatMatches()
    {
        _tail.Host.Append("logs/app-1/out/a.log", "1\n");
        _tail.Host.Append("logs/app-2/out/b.log", "2\n");
        _tail.Host.Append("logs/other/out/c.log", "no\n");
        _tail.Host.Append("logs/app-1/a.log", "no\n");
        _tail.Add("app-?/out/*.log");

        Assert.Equal(["a.log:1", "b.log:2"], _tail.Turn().Order());
    }

    [Fact]
    public void Watch_DirectoriesMadeLater_AreFollowed()
    {
        _tail.Add("app-*/out/*.log");
        Assert.Empty(_tail.Turn());

        _tail.Host.Append("logs/app-1/out/a.log", "1\n");
        Assert.Equal(["a.log:1"], _tail.Turn());
        _tail.Host.Append("logs/app-1/out/a.log", "2\n");
        _tail.Host.Append("logs/app-1/out/b.log", "3\n");

        Assert.Equal(["a.log:2", "b.log:3"], _tail.Turn().Order());
    }

    [Fact]
    public void Watch_AnyDirectories_AreFollowedToAnyDepth()
    {
        _tail.Host.Append("logs/top.log", "0\n");
        _tail.Add("**/*.log");
        Assert.Equal(["top.log:0"], _tail.Turn());

        _tail.Host.Append("logs/a/b/c/d/deep.log", "4\n");
        _tail.Host.Append("logs/a/side.log", "1\n");
        Assert.Equal(["deep.log:4", "side.log:1"], _tail.Turn().Order());
        _tail.Host.Append("logs/a/b/c/d/deep.log", "5\n");

        Assert.Equal(["deep.log:5"], _tail.Turn());
    }

    [Fact]
    public void Watch_AnyDirectories_EndAtTheirLimitAndAtLinks()
    {
        _tail.Host.Append("logs/1/2/3/4/5/6/7/8/in.log", "in\n");
        _tail.Host.Append("logs/1/2/3/4/5/6/7/8/9/out.log", "out\n");
        _tail.Host.LinkTo("logs/again", "1");
        _tail.Add("**/*.log");

        Assert.Equal(["in.log:in"], _tail.Turn());
    }

    [Fact]
    public void Add_TwoSourcesOnOneDirectory_EachReadsItsFiles()
    {
        _tail.Host.Append("logs/a.log", "one\n");
        _tail.Host.Append("logs/b.log", "two\n");
        var first = _tail.Add("*.log", name: "all");
        _tail.Add("a.*", name: "some");
        Assert.Equal(["a.log:one", "a.log:one", "b.log:two"], _tail.Turn().Order());

        _tail.Tailer.Remove(first);
        _tail.Turn();
        _tail.Host.Append("logs/a.log", "three\n");
        _tail.Host.Append("logs/b.log", "four\n");

        Assert.Equal(["a.log:three"], _tail.Turn());
    }

    [Fact]
    public void Add_CompressedFiles_AreNotRead()
    {
        foreach (var ending in (string[])["gz", "bz2", "xz", "zst"])
        {
            _tail.Host.Append($"logs/a.log.1.{ending}", "packed\n");
        }

        _tail.Host.Append("logs/a.log.1", "plain\n");
        _tail.Add("a.log*");

        Assert.Equal(["a.log.1:plain"], _tail.Turn());
    }

    [Fact]
    public void Add_LinksOutOfTheRoot_AreNotFollowed()
    {
        _tail.Host.Append("secret/a.log", "secret\n");
        _tail.Host.CreateDirectory("logs");
        _tail.Host.LinkTo("logs/relative.log", "../secret/a.log");
        _tail.Host.LinkTo("logs/absolute.log", "/secret/a.log");
        _tail.Host.LinkTo("logs/real.log", _tail.Host.PathOf("secret", "a.log"));
        _tail.Host.LinkTo("logs/dir", "../secret");
        _tail.Add("*.log");
        _tail.Add("*/*.log", name: "deep");
        _tail.Add("**/*.log", name: "any");

        Assert.Empty(_tail.Turn());
        Assert.Empty(_tail.Tailer.Files);
    }

    [Fact]
    public void Add_LinkInsideTheRoot_IsFollowed()
    {
        _tail.Host.Append("logs/2024/a.txt", "one\n");
        _tail.Host.LinkTo("logs/current.log", "2024/a.txt");
        _tail.Add("*.log");

        Assert.Equal(["current.log:one"], _tail.Turn());
    }

    [Fact]
    public void Watch_LinkLedElsewhere_ReadsTheNewFile()
    {
        _tail.Host.Append("logs/1.txt", "one\n");
        _tail.Host.Append("logs/2.txt", "two\n");
        _tail.Host.LinkTo("logs/current.log", "1.txt");
        _tail.Add("*.log");
        Assert.Equal(["current.log:one"], _tail.Turn());

        _tail.Host.LinkTo("logs/next", "2.txt");
        File.Move(_tail.Host.PathOf("logs", "next"), _tail.Host.PathOf("logs", "current.log"), overwrite: true);

        Assert.Equal(["current.log:two"], _tail.Turn());
    }

    [Fact]
    public void Add_FifoInALogsPlace_IsRefusedOnce()
    {
        _tail.Host.CreateDirectory("logs");
        _tail.Host.MakeFifo("logs/a.log");
        _tail.Host.CreateDirectory("logs", "b.log");
        _tail.Add("*.log");

        Assert.Empty(_tail.Turn());
        Assert.Empty(_tail.TurnAfter(TimeSpan.FromSeconds(31)));
        Assert.Contains("FIFO", Assert.Single(_tail.Log.Entries).Text);
    }

    [Fact]
    public void Watch_RootMadeLater_IsFoundByTheNextScan()
    {
        _tail.Tailer.Add(TailFixture.Source("*.log", "/later"));
        Assert.Empty(_tail.Turn());
        _tail.Host.Append("later/a.log", "one\n");

        Assert.Equal(["a.log:one"], _tail.TurnAfter(TimeSpan.FromSeconds(31)));
    }

    [Fact]
    public void Watch_DirectoryDeletedAndMadeAgain_IsFoundAgain()
    {
        _tail.Host.Append("logs/app/a.log", "one\n");
        _tail.Add("app/*.log");
        _tail.Turn();

        Directory.Delete(_tail.Host.PathOf("logs", "app"), recursive: true);
        _tail.Turn();
        _tail.Host.Append("logs/app/a.log", "two\n");

        Assert.Contains("a.log:two", _tail.Turn());
    }

    [Fact]
    public void Watch_DirectoryRenamedAndMadeAgain_ReadsBoth()
    {
        _tail.Host.Append("logs/app/a.log", "one\n");
        _tail.Add("app/*.log");
        _tail.Turn();

        Directory.Move(_tail.Host.PathOf("logs", "app"), _tail.Host.PathOf("logs", "old"));
        _tail.Host.Append("logs/app/a.log", "new\n");
        Assert.Equal(["a.log:new"], _tail.Turn());
        _tail.Host.Append("logs/old/a.log", "late\n");
        _tail.Host.Append("logs/app/a.log", "newer\n");
        Assert.Equal(["a.log:late", "a.log:newer"], _tail.TurnAfter(TimeSpan.FromSeconds(2)).Order());

        // The new directory is the one whose names count.
        _tail.Host.Delete("logs/app/a.log");
        _tail.Turn();
        Assert.All(_tail.Tailer.Files, file => Assert.True(file.Orphaned));
    }

    [Theory]
    [InlineData("a[b.log")]
    [InlineData("ü 語.log")]
    [InlineData("-n\\.log")]
    public void Watch_NameOfAnyKind_IsFound(string name)
    {
        _tail.Add("*.log");
        _tail.Turn();

        _tail.Host.Append($"logs/{name}", "one\n");

        Assert.Equal([$"{name}:one"], _tail.Turn());
    }
}
