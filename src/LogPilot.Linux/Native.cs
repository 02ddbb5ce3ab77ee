using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux;

/// <summary>The system calls themselves, with the kernel's names and structures of linux-x64.</summary>
/// <remarks>
/// The base library watches and maps files as well, but its watcher holds paths and threads, and its mapping cannot choose
/// what is synchronised when. openat2 and statx it does not have at all.
/// </remarks>
internal static unsafe partial class Native
{
    // Linked statically, so the name only has to be the one that the linker resolves against.
    private const string Libc = "libc";

    internal const int O_RDONLY = 0;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_DIRECTORY = 0x10000;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_PATH = 0x200000;

    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_EMPTY_PATH = 0x1000;

    internal const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    internal const ulong RESOLVE_IN_ROOT = 0x10;

    internal const uint STATX_BASIC_STATS = 0x7ff;
    internal const uint STATX_BTIME = 0x800;

    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;

    internal const int CLOCK_THREAD_CPUTIME_ID = 3;

    internal const int F_OFD_GETLK = 36;
    internal const int F_OFD_SETLK = 37;
    internal const short F_WRLCK = 1;
    internal const short F_UNLCK = 2;

    internal const int SEEK_DATA = 3;
    internal const short POLLIN = 1;
    internal const int RLIMIT_NOFILE = 7;

    // https://man7.org/linux/man-pages/man2/openat2.2.html
    private const long SYS_openat2 = 437;

    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    // https://man7.org/linux/man-pages/man2/statx.2.html
    [StructLayout(LayoutKind.Sequential)]
    internal struct StatxTimestamp
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;
    }

    [StructLayout(LayoutKind.Sequential, Size = 256)]
    internal struct Statx
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint LinkCount;
        public uint Uid;
        public uint Gid;
        public ushort Mode;
        public ushort Spare;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public StatxTimestamp AccessTime;
        public StatxTimestamp BirthTime;
        public StatxTimestamp ChangeTime;
        public StatxTimestamp ModifyTime;
        public uint RdevMajor;
        public uint RdevMinor;
        public uint DevMajor;
        public uint DevMinor;
    }

    // struct flock: https://man7.org/linux/man-pages/man2/fcntl_locking.2.html
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int ProcessId;
    }

    // https://man7.org/linux/man-pages/man2/statfs.2.html; what follows is room for the kernel to write to.
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    internal struct Statfs
    {
        public long Type;
        public long BlockSize;
        public ulong Blocks;
        public ulong FreeBlocks;
        public ulong AvailableBlocks;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Rlimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    internal static long OpenAt2(int directory, string path, ref OpenHow how)
    {
        fixed (OpenHow* howPointer = &how)
        {
            return syscall(SYS_openat2, directory, path, howPointer, sizeof(OpenHow));
        }
    }

    [LibraryImport(Libc, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial long syscall(long number, int directory, string path, OpenHow* how, nint size);

    [LibraryImport(Libc, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int open(string path, int flags, uint mode);

    [LibraryImport(Libc, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int statx(SafeFileHandle directory, string path, int flags, uint mask, out Statx stat);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial long lseek(SafeFileHandle fd, long offset, int whence);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int fstatfs(SafeFileHandle fd, out Statfs stat);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint read(SafeFileHandle fd, byte* buffer, nint count);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint write(SafeFileHandle fd, byte* buffer, nint count);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport(Libc, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int inotify_add_watch(SafeFileHandle fd, string path, uint mask);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int inotify_rm_watch(SafeFileHandle fd, int watch);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int eventfd(uint initial, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int poll(PollFd* fds, ulong count, int timeoutMilliseconds);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint mmap(nint address, nint length, int protection, int flags, SafeFileHandle fd, long offset);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int munmap(nint address, nint length);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int posix_fallocate(SafeFileHandle fd, long offset, long length);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int fcntl(SafeFileHandle fd, int command, ref FileLock fileLock);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int clock_gettime(int clock, out Timespec time);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int getrlimit(int resource, out Rlimit limit);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int setrlimit(int resource, in Rlimit limit);
}
