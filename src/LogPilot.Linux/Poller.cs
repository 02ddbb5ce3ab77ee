using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux;

/// <summary>Waits for either of two descriptors to become readable.</summary>
/// <remarks>https://man7.org/linux/man-pages/man2/poll.2.html</remarks>
internal static unsafe class Poller
{
    /// <summary>Returns when one is readable, when the time is over, or when a signal came: the caller looks for itself.</summary>
    /// <param name="timeout">Rounded up to whole milliseconds, so that a wait never ends before its deadline and spins.</param>
    public static void Wait(SafeFileHandle first, SafeFileHandle second, TimeSpan timeout)
    {
        var milliseconds = timeout <= TimeSpan.Zero
            ? 0
            : (int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue);
        var fds = stackalloc Native.PollFd[2];
        fds[0] = new Native.PollFd { Fd = (int)first.DangerousGetHandle(), Events = Native.POLLIN };
        fds[1] = new Native.PollFd { Fd = (int)second.DangerousGetHandle(), Events = Native.POLLIN };
        _ = Native.poll(fds, 2, milliseconds);
    }
}
