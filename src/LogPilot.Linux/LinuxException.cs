using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LogPilot.Linux;

/// <summary>A system call failed in a way that its caller does not expect.</summary>
internal sealed class LinuxException : IOException
{
    private LinuxException(string message, Errno errno)
        : base(message) => Errno = errno;

    public Errno Errno { get; }

    /// <summary>For the calling thread's last failed call; <paramref name="subject"/> is the path or purpose it was made for.</summary>
    public static LinuxException FromLastError(string call, string subject) =>
        From((Errno)Marshal.GetLastPInvokeError(), call, subject);

    public static LinuxException From(Errno errno, string call, string subject) =>
        new($"{call} {subject}: {new Win32Exception((int)errno).Message} ({errno})", errno);
}
