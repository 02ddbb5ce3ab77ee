using LogPilot.Linux.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux.Tests;

public sealed class LinuxFileTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly SafeFileHandle _root;

    public LinuxFileTests()
    {
        _scratch.WriteFile("root/inside.log", "inside");
        _scratch.WriteFile("outside.log", "outside");
        _root = LinuxFile.OpenRoot(_scratch.PathOf("root"));
    }

    public void Dispose()
    {
        _root.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1024 * 1024, 1, 1024 * 1024)]
    [InlineData(1024 * 1024, 0, long.MaxValue)]
    public void DataStartOf_Hole_EndsWhereItDoes(long hole, int bytes, long expected)
    {
        using var file = File.OpenHandle(_scratch.PathOf("holes"), FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, hole);
        RandomAccess.Write(file, new byte[bytes], hole);

        Assert.Equal(expected, LinuxFile.DataStartOf(file));
    }

    [Theory]
    [InlineData("inside.log")]
    [InlineData("/inside.log")]
    [InlineData("./inside.log")]
    [InlineData("../inside.log")]
    [InlineData("../../../../../inside.log")]
    public void TryOpenInRoot_PathOutOfTheRoot_StaysInIt(string path)
    {
        using var file = LinuxFile.TryOpenInRoot(_root, path, OpenKind.Read, out var errno);

        Assert.Equal(Errno.None, errno);
        Assert.Equal("inside", ReadAll(file!));
    }

    [Theory]
    [InlineData("../outside.log")]
    [InlineData("outside.log")]
    [InlineData("no/such/file")]
    [InlineData("")]
    public void TryOpenInRoot_NotBelowTheRoot_SaysThatItIsMissing(string path)
    {
        using var file = LinuxFile.TryOpenInRoot(_root, path, OpenKind.Read, out var errno);

        Assert.Null(file);
        Assert.Equal(Errno.ENOENT, errno);
    }

    [Fact]
    public void TryOpenInRoot_RelativeLinkOut_CannotEscape()
    {
        _scratch.LinkTo("root/link", "../outside.log");

        using var file = LinuxFile.TryOpenInRoot(_root, "link", OpenKind.Read, out var errno);

        Assert.Null(file);
        Assert.Equal(Errno.ENOENT, errno);
    }

    [Fact]
    public void TryOpenInRoot_AbsoluteLinkOut_CannotEscape()
    {
        _scratch.LinkTo("root/link", _scratch.PathOf("outside.log"));

        using var file = LinuxFile.TryOpenInRoot(_root, "link", OpenKind.Read, out var errno);

        Assert.Null(file);
        Assert.Equal(Errno.ENOENT, errno);
    }

    [Fact]
    public void TryOpenInRoot_AbsoluteLink_IsResolvedInTheRoot()
    {
        _scratch.LinkTo("root/link", "/inside.log");

        using var file = LinuxFile.TryOpenInRoot(_root, "link", OpenKind.Read, out _);

        Assert.Equal("inside", ReadAll(file!));
    }

    [Fact]
    public void TryOpenInRoot_DirectoryLinkOut_CannotEscape()
    {
        _scratch.LinkTo("root/up", "..");

        using var file = LinuxFile.TryOpenInRoot(_root, "up/outside.log", OpenKind.Read, out var errno);

        Assert.Null(file);
        Assert.Equal(Errno.ENOENT, errno);
    }

    [Fact]
    public void TryOpenInRoot_LinkToItself_IsRefused()
    {
        _scratch.LinkTo("root/loop", "loop");

        using var file = LinuxFile.TryOpenInRoot(_root, "loop", OpenKind.Read, out var errno);

        Assert.Null(file);
        Assert.Equal(Errno.ELOOP, errno);
    }

    [Fact]
    public void TryOpenInRoot_MagicLink_IsRefused()
    {
        using var machine = LinuxFile.OpenRoot("/");
        using var opened = File.OpenHandle(_scratch.PathOf("outside.log"));

        using var file = LinuxFile.TryOpenInRoot(machine, LinuxFile.PathOf(opened), OpenKind.Read, out var errno);

        Assert.Null(file);
        Assert.Equal(Errno.ELOOP, errno);
    }

    [Fact]
    public void TryOpenInRoot_FifoWithoutWriter_DoesNotBlock()
    {
        _scratch.MakeFifo("root/fifo");

        using var file = LinuxFile.TryOpenInRoot(_root, "fifo", OpenKind.Read, out _);

        Assert.Equal(FileKind.Other, LinuxFile.Stat(file!).Kind);
    }

    [Theory]
    [InlineData(OpenKind.Directory)]
    [InlineData(OpenKind.Root)]
    public void TryOpenInRoot_FileForDirectory_IsRefused(object kind)
    {
        using var file = LinuxFile.TryOpenInRoot(_root, "inside.log", (OpenKind)kind, out var errno);

        Assert.Null(file);
        Assert.Equal(Errno.ENOTDIR, errno);
    }

    [Theory]
    [InlineData(OpenKind.Directory)]
    [InlineData(OpenKind.Root)]
    public void TryOpenInRoot_Directory_OpensIt(object kind)
    {
        _scratch.CreateDirectory("root", "below");

        using var directory = LinuxFile.TryOpenInRoot(_root, "below", (OpenKind)kind, out _);

        Assert.Equal(FileKind.Directory, LinuxFile.Stat(directory!).Kind);
    }

    [Fact]
    public void OpenRoot_Missing_NamesThePathAndTheCause()
    {
        var failure = Assert.Throws<LinuxException>(() => LinuxFile.OpenRoot(_scratch.PathOf("missing")));

        Assert.Equal(Errno.ENOENT, failure.Errno);
        Assert.Contains(_scratch.PathOf("missing"), failure.Message);
    }

    [Fact]
    public void Stat_RenamedFile_IsTheSame()
    {
        using var file = LinuxFile.TryOpenInRoot(_root, "inside.log", OpenKind.Read, out _)!;
        var before = LinuxFile.Stat(file);

        File.Move(_scratch.PathOf("root", "inside.log"), _scratch.PathOf("root", "inside.log.1"));

        using var renamed = LinuxFile.TryOpenInRoot(_root, "inside.log.1", OpenKind.Read, out _)!;
        Assert.Equal(before, LinuxFile.Stat(renamed));
        Assert.Equal(6, before.Size);
        Assert.Equal(1u, before.LinkCount);
        Assert.Equal(FileKind.Regular, before.Kind);
    }

    [Fact]
    public void Stat_DeletedFile_HasNoLinks()
    {
        using var file = LinuxFile.TryOpenInRoot(_root, "inside.log", OpenKind.Read, out _)!;

        File.Delete(_scratch.PathOf("root", "inside.log"));

        Assert.Equal(0u, LinuxFile.Stat(file).LinkCount);
    }

    [Fact]
    public void Stat_FileMadeAnew_HasAnotherBirthOrInode()
    {
        using var first = LinuxFile.TryOpenInRoot(_root, "inside.log", OpenKind.Read, out _)!;
        var before = LinuxFile.Stat(first);
        File.Delete(_scratch.PathOf("root", "inside.log"));
        first.Dispose();

        _scratch.WriteFile("root/inside.log", "inside");

        using var second = LinuxFile.TryOpenInRoot(_root, "inside.log", OpenKind.Read, out _)!;
        var after = LinuxFile.Stat(second);
        Assert.SkipWhen(after.BirthNanoseconds == 0, "This file system keeps no birth times.");
        Assert.NotEqual((before.Inode, before.BirthNanoseconds), (after.Inode, after.BirthNanoseconds));
    }

    [Fact]
    public void Stat_BirthTime_IsNotMovedByWriting()
    {
        using var file = LinuxFile.TryOpenInRoot(_root, "inside.log", OpenKind.Read, out _)!;
        var before = LinuxFile.Stat(file);
        Assert.SkipWhen(before.BirthNanoseconds == 0, "This file system keeps no birth times.");

        File.AppendAllText(_scratch.PathOf("root", "inside.log"), " and more");
        File.SetLastWriteTimeUtc(_scratch.PathOf("root", "inside.log"), DateTime.UnixEpoch.AddDays(1));

        var after = LinuxFile.Stat(file);
        Assert.Equal(before.BirthNanoseconds, after.BirthNanoseconds);
        Assert.Equal(86_400_000_000_000, after.ModifyNanoseconds);
    }

    [Fact]
    public void TryStatEntry_Link_IsNotFollowed()
    {
        _scratch.LinkTo("root/link", "inside.log");
        using var directory = LinuxFile.TryOpenInRoot(_root, ".", OpenKind.Directory, out _)!;

        Assert.True(LinuxFile.TryStatEntry(directory, "link", out var link));
        Assert.True(LinuxFile.TryStatEntry(directory, "inside.log", out var file));

        Assert.Equal(FileKind.Other, link.Kind);
        Assert.Equal(FileKind.Regular, file.Kind);
    }

    [Fact]
    public void TryStatEntry_NoSuchName_IsFalse()
    {
        using var directory = LinuxFile.TryOpenInRoot(_root, ".", OpenKind.Directory, out _)!;

        Assert.False(LinuxFile.TryStatEntry(directory, "missing", out _));
    }

    [Fact]
    public void IsOnRemoteFileSystem_LocalDisk_IsFalse() => Assert.False(LinuxFile.IsOnRemoteFileSystem(_root));

    [Fact]
    public void RaiseDescriptorLimit_Twice_SaysTheSame() =>
        Assert.Equal(LinuxFile.RaiseDescriptorLimit(), LinuxFile.RaiseDescriptorLimit());

    private static string ReadAll(SafeFileHandle file)
    {
        var bytes = new byte[100];
        return System.Text.Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
    }
}
