using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux;

/// <summary>Wakes a thread that waits in <see cref="Poller"/>, from any other thread.</summary>
/// <remarks>https://man7.org/linux/man-pages/man2/eventfd.2.html</remarks>
internal sealed unsafe class EventSignal : IDisposable
{
    private readonly SafeFileHandle _fd;

    public EventSignal()
    {
        var fd = Native.eventfd(0, Native.O_NONBLOCK | Native.O_CLOEXEC);
        _fd = fd < 0 ? throw LinuxException.FromLastError("eventfd", "") : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>For <see cref="Poller"/>.</summary>
    public SafeFileHandle Handle => _fd;

    /// <summary>Signals that come before the waiter looks are one signal.</summary>
    public void Set()
    {
        // A failed write means the counter is at its maximum, so it is set already.
        var one = 1UL;
        _ = Native.write(_fd, (byte*)&one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        _ = Native.read(_fd, (byte*)&count, sizeof(ulong));
    }

    public void Dispose() => _fd.Dispose();
}
