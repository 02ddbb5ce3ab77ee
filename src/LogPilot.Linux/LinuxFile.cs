using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux;

/// <summary>Opens and inspects files by descriptor, so that no path is resolved twice.</summary>
internal static class LinuxFile
{
    private const int TypeMask = 0xf000;
    private const int TypeDirectory = 0x4000;
    private const int TypeRegular = 0x8000;

    // linux/magic.h
    private const long NfsMagic = 0x6969;
    private const long SmbMagic = 0xff534d42;
    private const long Smb2Magic = 0xfe534d42;
    private const long FuseMagic = 0x65735546;
    private const long P9Magic = 0x01021997;
    private const long CephMagic = 0x00c36400;

    private const uint StatFields = Native.STATX_BASIC_STATS | Native.STATX_BTIME;

    /// <summary>Opens a directory only to resolve paths in it; reading it needs no permission.</summary>
    /// <exception cref="LinuxException">The directory cannot be opened.</exception>
    public static SafeFileHandle OpenRoot(string path)
    {
        var fd = Native.open(path, Native.O_PATH | Native.O_DIRECTORY | Native.O_CLOEXEC, 0);
        return fd < 0 ? throw LinuxException.FromLastError("open", path) : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>
    /// Opens a path as if <paramref name="root"/> were the root directory: neither <c>..</c> nor a symbolic link, absolute or
    /// not, leads out of it, and links such as <c>/proc/self/fd</c> are refused.
    /// </summary>
    /// <returns>Null with the reason in <paramref name="errno"/> when it cannot be opened.</returns>
    /// <remarks>https://man7.org/linux/man-pages/man2/openat2.2.html, RESOLVE_IN_ROOT, since Linux 5.6.</remarks>
    public static SafeFileHandle? TryOpenInRoot(SafeFileHandle root, string path, OpenKind kind, out Errno errno)
    {
        var how = new Native.OpenHow
        {
            Flags = (ulong)(Native.O_CLOEXEC | kind switch
            {
                // Opening a FIFO that somebody put in a log's place must not wait for its writer.
                OpenKind.Read => Native.O_RDONLY | Native.O_NONBLOCK,
                OpenKind.Directory => Native.O_RDONLY | Native.O_DIRECTORY,
                _ => Native.O_PATH | Native.O_DIRECTORY,
            }),
            Resolve = Native.RESOLVE_IN_ROOT | Native.RESOLVE_NO_MAGICLINKS,
        };
        var added = false;
        try
        {
            root.DangerousAddRef(ref added);
            while (true)
            {
                var fd = Native.OpenAt2((int)root.DangerousGetHandle(), path, ref how);
                errno = fd < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
                if (fd >= 0)
                {
                    return new SafeFileHandle((nint)fd, ownsHandle: true);
                }

                // EAGAIN: a component was renamed while the kernel resolved it; the manual page says to try again.
                if (errno is not (Errno.EAGAIN or Errno.EINTR))
                {
                    return null;
                }
            }
        }
        finally
        {
            if (added)
            {
                root.DangerousRelease();
            }
        }
    }

    /// <exception cref="LinuxException">The kernel cannot say, such as on a network file system that went away.</exception>
    public static FileStat Stat(SafeFileHandle file) =>
        Native.statx(file, "", Native.AT_EMPTY_PATH, StatFields, out var stat) < 0
            ? throw LinuxException.FromLastError("statx", PathOf(file))
            : ToFileStat(stat);

    /// <returns>False if the kernel cannot say.</returns>
    public static bool TryStat(SafeFileHandle file, out FileStat stat)
    {
        var isKnown = Native.statx(file, "", Native.AT_EMPTY_PATH, StatFields, out var raw) == 0;
        stat = isKnown ? ToFileStat(raw) : default;
        return isKnown;
    }

    /// <summary>Where the first bytes are that a file system keeps for a file: a hole before them holds nothing but NULs.</summary>
    /// <remarks>
    /// https://man7.org/linux/man-pages/man2/lseek.2.html, SEEK_DATA. Zero where the file system knows no holes, and the largest
    /// number if there is nothing but a hole.
    /// </remarks>
    public static long DataStartOf(SafeFileHandle file)
    {
        var start = Native.lseek(file, 0, Native.SEEK_DATA);
        return start >= 0 ? start : (Errno)Marshal.GetLastPInvokeError() == Errno.ENXIO ? long.MaxValue : 0;
    }

    /// <summary>The share of a file's file system that is free for others than root; one if the kernel cannot say.</summary>
    public static double FreeShareOf(SafeFileHandle file) =>
        Native.fstatfs(file, out var stat) == 0 && stat.Blocks > 0 ? (double)stat.AvailableBlocks / stat.Blocks : 1;

    /// <summary>What a name in a directory is now; a symbolic link is not followed.</summary>
    /// <returns>False if there is no such name.</returns>
    public static bool TryStatEntry(SafeFileHandle directory, string name, out FileStat stat)
    {
        if (Native.statx(directory, name, Native.AT_SYMLINK_NOFOLLOW, StatFields, out var raw) < 0)
        {
            stat = default;
            return false;
        }

        stat = ToFileStat(raw);
        return true;
    }

    /// <summary>Whether other machines may write to the file system, so that inotify does not tell everything.</summary>
    public static bool IsOnRemoteFileSystem(SafeFileHandle file) =>
        Native.fstatfs(file, out var stat) == 0 && stat.Type is NfsMagic or SmbMagic or Smb2Magic or FuseMagic
            or P9Magic or CephMagic;

    /// <summary>A path that reaches the open file itself, whatever its name is by now.</summary>
    public static string PathOf(SafeFileHandle file) => $"/proc/self/fd/{file.DangerousGetHandle()}";

    /// <summary>Raises the number of descriptors the process may open to its hard limit.</summary>
    /// <returns>The limit in force.</returns>
    public static long RaiseDescriptorLimit()
    {
        if (Native.getrlimit(Native.RLIMIT_NOFILE, out var limit) < 0)
        {
            return 1024;
        }

        var raised = limit with { Soft = limit.Hard };
        return (long)(Native.setrlimit(Native.RLIMIT_NOFILE, raised) < 0 ? limit.Soft : raised.Soft);
    }

    private static FileStat ToFileStat(in Native.Statx stat)
    {
        var birth = (stat.Mask & Native.STATX_BTIME) == 0 ? 0 : Nanoseconds(stat.BirthTime);
        var kind = (stat.Mode & TypeMask) switch
        {
            TypeRegular => FileKind.Regular,
            TypeDirectory => FileKind.Directory,
            _ => FileKind.Other,
        };
        var device = ((ulong)stat.DevMajor << 32) | stat.DevMinor;
        return new FileStat(
            device, stat.Inode, birth, (long)stat.Size, Nanoseconds(stat.ModifyTime), stat.LinkCount, kind);
    }

    private static long Nanoseconds(Native.StatxTimestamp time) => (time.Seconds * 1_000_000_000) + time.Nanoseconds;
}

/// <summary>What a file is opened for.</summary>
internal enum OpenKind
{
    Read,

    /// <summary>To list it and to watch it.</summary>
    Directory,

    /// <summary>Only to resolve paths in it.</summary>
    Root,
}
