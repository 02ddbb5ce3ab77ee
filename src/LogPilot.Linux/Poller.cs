using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux;

/// <summary>Waits for one of a few descriptors to become readable.</summary>
/// <remarks>https://man7.org/linux/man-pages/man2/poll.2.html</remarks>
internal static unsafe class Poller
{
    private const int FdsMax = 4;

    /// <summary>Returns when one is readable, when the time is over, or when a signal came: the caller looks for itself.</summary>
    /// <param name="fds">At most four.</param>
    /// <param name="timeout">Rounded up to whole milliseconds, so that a wait never ends before its deadline and spins.</param>
    public static void Wait(ReadOnlySpan<SafeFileHandle> fds, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fds.Length, FdsMax);
        var milliseconds = timeout <= TimeSpan.Zero
            ? 0
            : (int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue);
        var polled = stackalloc Native.PollFd[FdsMax];
        for (var i = 0; i < fds.Length; i++)
        {
            polled[i] = new Native.PollFd { Fd = (int)fds[i].DangerousGetHandle(), Events = Native.POLLIN };
        }

        _ = Native.poll(polled, (ulong)fds.Length, milliseconds);
    }
}
