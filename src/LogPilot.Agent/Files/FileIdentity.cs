using LogPilot.Linux;

namespace LogPilot.Agent.Files;

/// <summary>
/// What makes a file the same file under another name: its inode and when that inode was made. The birth time tells a reused
/// inode from the one before.
/// </summary>
/// <param name="Device">
/// Zero where the birth time is known: device numbers may change when the machine restarts, and inode and nanosecond together
/// are unique enough without. Where there is no birth time, such as on NFS, the device is what is left.
/// </param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long BirthNanoseconds)
{
    public static FileIdentity Of(in FileStat stat) =>
        new(stat.BirthNanoseconds == 0 ? stat.Device : 0, stat.Inode, stat.BirthNanoseconds);
}
