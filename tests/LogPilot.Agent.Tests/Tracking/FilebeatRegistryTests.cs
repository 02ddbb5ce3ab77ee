using LogPilot.Agent.Files;
using LogPilot.Agent.Tests.Support;
using LogPilot.Agent.Tracking;
using LogPilot.Linux;

namespace LogPilot.Agent.Tests.Tracking;

public sealed class FilebeatRegistryTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly RecordingLogger _log = new();
    private readonly TailedFile _file;

    public FilebeatRegistryTests()
    {
        _scratch.Append("a.log", "0123456789");
        var handle = File.OpenHandle(_scratch.PathOf("a.log"));
        _file = new TailedFile(null!, FileIdentity.Of(LinuxFile.Stat(handle)), _scratch.PathOf("a.log"), new FileContent(handle));
    }

    public void Dispose()
    {
        _file.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(10, 10)]
    [InlineData(11, 0)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public void OffsetOf_KnownFile_IsTakenIfTheFileIsThatLong(long offset, long expected)
    {
        Write($"[{Entry(offset)}]");

        Assert.Equal(expected, Read().OffsetOf(_file));
    }

    [Fact]
    public void OffsetOf_OtherInodeOrPath_IsZero()
    {
        Write($"[{Entry(5, inode: _file.Identity.Inode + 1)},{Entry(5, path: "/other.log")}]");

        Assert.Equal(0, Read().OffsetOf(_file));
    }

    [Fact]
    public void Read_EntriesThatSayNothing_AreLeftOut()
    {
        Write("""[null,{},{"source":"/a","offset":5},{"source":null,"offset":5,"FileStateOS":{"inode":1}}]""");

        Read();

        Assert.Contains("0 positions", Assert.Single(_log.Entries).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"version":"1"}""")]
    [InlineData("""[{"source":7}]""")]
    public void Read_NotARegistry_SaysWhatThatMeans(string text)
    {
        Write(text);

        Assert.Equal(0, Read().OffsetOf(_file));
        Assert.Contains("shipped again", Assert.Single(_log.Entries).Text);
    }

    [Fact]
    public void Read_NotTheFirstStart_IsLeftAlone()
    {
        Write($"[{Entry(5)}]");

        Assert.Equal(0, FilebeatRegistry.Read(_scratch.Root, isFirstStart: false, _log).OffsetOf(_file));
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public void Read_NoRegistry_IsSilent()
    {
        Assert.Equal(0, Read().OffsetOf(_file));
        Assert.Empty(_log.Entries);
    }

    private FilebeatRegistry Read() => FilebeatRegistry.Read(_scratch.Root, isFirstStart: true, _log);

    private void Write(string text) => File.WriteAllText(_scratch.PathOf("registry"), text);

    private string Entry(long offset, ulong? inode = null, string? path = null) =>
        $$$"""{"source":"{{{path ?? _file.Path}}}","offset":{{{offset}}},"ttl":-1,"FileStateOS":{"inode":{{{inode ?? _file.Identity.Inode}}},"device":51713}}""";
}
