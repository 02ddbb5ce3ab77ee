using System.Runtime.Versioning;
using System.Text;
using LogPilot.Linux.Tests.Support;

namespace LogPilot.Linux.Tests;

[SupportedOSPlatform("linux")]
public sealed class MappedFileTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void TryOpenExclusive_NewFile_IsZeroAndReadableByNobodyElse()
    {
        var path = _scratch.PathOf("state");

        using var mapped = MappedFile.TryOpenExclusive(path, 5000)!;

        Assert.Equal(5000, mapped.Length);
        Assert.False(mapped.Bytes.ContainsAnyExcept((byte)0));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void TryOpenExclusive_OpenAlready_IsRefusedUntilItIsClosed()
    {
        var path = _scratch.PathOf("state");
        var first = MappedFile.TryOpenExclusive(path, 100)!;

        Assert.Null(MappedFile.TryOpenExclusive(path, 100));

        first.Dispose();
        using var second = MappedFile.TryOpenExclusive(path, 100);
        Assert.NotNull(second);
    }

    [Fact]
    public void TryOpenExclusive_LongerFile_IsMappedWhole()
    {
        var path = _scratch.WriteFile("state", new string('x', 9000));

        using var mapped = MappedFile.TryOpenExclusive(path, 100)!;

        Assert.Equal(9000, mapped.Length);
        Assert.Equal((byte)'x', mapped.Bytes[^1]);
    }

    [Fact]
    public void TryOpenExclusive_NoDirectory_NamesThePathAndTheCause()
    {
        var path = _scratch.PathOf("missing", "state");

        var failure = Assert.Throws<LinuxException>(() => MappedFile.TryOpenExclusive(path, 100));

        Assert.Equal(Errno.ENOENT, failure.Errno);
        Assert.Contains(path, failure.Message);
    }

    [Fact]
    public void Grow_Longer_KeepsWhatIsThere()
    {
        using var mapped = MappedFile.TryOpenExclusive(_scratch.PathOf("state"), 4096)!;
        "before"u8.CopyTo(mapped.Bytes[4000..]);

        mapped.Grow(1024 * 1024);

        Assert.Equal(1024 * 1024, mapped.Length);
        Assert.Equal("before", Encoding.UTF8.GetString(mapped.Bytes[4000..4006]));
        mapped.Bytes[^1] = 1;
        mapped.Grow(10);
        Assert.Equal(1024 * 1024, mapped.Length);
    }

    [Fact]
    public void OpenShared_WrittenMeanwhile_SeesIt()
    {
        var path = _scratch.PathOf("state");
        using var writer = MappedFile.TryOpenExclusive(path, 4096)!;
        using var reader = MappedFile.OpenShared(path);

        "hello"u8.CopyTo(writer.Bytes);
        writer.Sync();

        Assert.Equal("hello", Encoding.UTF8.GetString(reader.Bytes[..5]));
    }

    [Fact]
    public void OpenShared_EmptyFile_HasNoBytes()
    {
        using var mapped = MappedFile.OpenShared(_scratch.WriteFile("state", ""));

        Assert.True(mapped.Bytes.IsEmpty);
    }

    [Fact]
    public void OpenShared_Missing_Throws() =>
        Assert.Equal(
            Errno.ENOENT, Assert.Throws<LinuxException>(() => MappedFile.OpenShared(_scratch.PathOf("missing"))).Errno);

    [Fact]
    public void TryOpenExclusive_NoSpace_ThrowsInsteadOfDyingLater()
    {
        var disk = _scratch.MountTmpfs("disk", "64k");

        var failure = Assert.Throws<LinuxException>(() => MappedFile.TryOpenExclusive($"{disk}/state", 1024 * 1024));

        Assert.Equal(Errno.ENOSPC, failure.Errno);
    }

    [Fact]
    public void Grow_NoSpace_ThrowsAndKeepsTheMapping()
    {
        var disk = _scratch.MountTmpfs("disk", "64k");
        using var mapped = MappedFile.TryOpenExclusive($"{disk}/state", 16 * 1024)!;
        "kept"u8.CopyTo(mapped.Bytes);

        var failure = Assert.Throws<LinuxException>(() => mapped.Grow(1024 * 1024));

        Assert.Equal(Errno.ENOSPC, failure.Errno);
        Assert.Equal(16 * 1024, mapped.Length);
        Assert.Equal("kept", Encoding.UTF8.GetString(mapped.Bytes[..4]));
        mapped.Grow(32 * 1024);
        mapped.Bytes[^1] = 1;
    }
}
