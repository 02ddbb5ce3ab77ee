using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux;

/// <summary>One inotify instance: watches directories and hands out what happened in them.</summary>
/// <remarks>https://man7.org/linux/man-pages/man7/inotify.7.html</remarks>
internal sealed unsafe class Inotify : IDisposable
{
    private const int NonBlockCloseOnExec = Native.O_NONBLOCK | Native.O_CLOEXEC;

    // struct inotify_event { int wd; uint32_t mask; uint32_t cookie; uint32_t len; char name[len]; }
    private const int HeaderBytes = 16;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly SafeFileHandle _fd;

    /// <exception cref="LinuxException">The user's limit of instances is reached, or the kernel is out of memory.</exception>
    public Inotify()
    {
        var fd = Native.inotify_init1(NonBlockCloseOnExec);
        _fd = fd < 0
            ? throw LinuxException.FromLastError("inotify_init1", "(see fs.inotify.max_user_instances)")
            : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>For <see cref="Poller"/>.</summary>
    public SafeFileHandle Handle => _fd;

    /// <summary>Watches an open directory. The same directory again gives the same number.</summary>
    /// <returns>The watch's number, or -1 with the reason, such as <see cref="Errno.ENOSPC"/>: fs.inotify.max_user_watches is reached.</returns>
    public int TryAdd(SafeFileHandle directory, InotifyEvents events, out Errno errno)
    {
        // The magic link reaches the directory that was opened, so a rename in between cannot put another in its place.
        var watch = Native.inotify_add_watch(_fd, LinuxFile.PathOf(directory), (uint)events);
        errno = watch < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
        return watch;
    }

    /// <summary>Stops a watch; one that the kernel has removed already is no error.</summary>
    public void Remove(int watch) => _ = Native.inotify_rm_watch(_fd, watch);

    /// <summary>Hands every event that is waiting to <paramref name="handler"/>; returns at once when there is none.</summary>
    public void Drain(IInotifyHandler handler)
    {
        fixed (byte* buffer = _buffer)
        {
            while (true)
            {
                var length = Native.read(_fd, buffer, _buffer.Length);
                if (length <= 0)
                {
                    return;
                }

                Dispatch(_buffer.AsSpan(0, (int)length), handler);
            }
        }
    }

    public void Dispose() => _fd.Dispose();

    private static void Dispatch(ReadOnlySpan<byte> events, IInotifyHandler handler)
    {
        while (events.Length >= HeaderBytes)
        {
            var watch = MemoryMarshal.Read<int>(events);
            var mask = (InotifyEvents)MemoryMarshal.Read<uint>(events[4..]);
            var nameBytes = MemoryMarshal.Read<int>(events[12..]);

            // The name is padded with NULs to the alignment of the next event.
            var name = events.Slice(HeaderBytes, nameBytes).TrimEnd((byte)0);
            handler.OnEvent(watch, mask, name);
            events = events[(HeaderBytes + nameBytes)..];
        }
    }
}

/// <summary>Hears of events, in the kernel's order.</summary>
internal interface IInotifyHandler
{
    /// <param name="watch">The number that <see cref="Inotify.TryAdd"/> gave; -1 with <see cref="InotifyEvents.Overflow"/>.</param>
    /// <param name="events">What happened.</param>
    /// <param name="name">The entry's name in the directory, bytes as the kernel has them; empty for the directory itself.</param>
    void OnEvent(int watch, InotifyEvents events, ReadOnlySpan<byte> name);
}

/// <summary>The bits of <c>sys/inotify.h</c> that the agent uses.</summary>
[Flags]
internal enum InotifyEvents : uint
{
    None = 0,
    Modify = 0x2,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Create = 0x100,
    Delete = 0x200,
    DeleteSelf = 0x400,
    MoveSelf = 0x800,

    /// <summary>The kernel's queue was full: events are missing, everything must be looked at.</summary>
    Overflow = 0x4000,

    /// <summary>The watch is gone: removed by us, or its directory was.</summary>
    Ignored = 0x8000,
    IsDirectory = 0x40000000,
}
