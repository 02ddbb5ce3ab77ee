namespace LogPilot.Linux;

/// <summary>What statx says of an open file.</summary>
/// <param name="Device">Major and minor number in one, as <c>makedev</c> does not: major in the upper 32 bits.</param>
/// <param name="BirthNanoseconds">When the inode was made, since 1970; zero where the file system does not know.</param>
/// <param name="ModifyNanoseconds">When its content last changed, since 1970.</param>
internal readonly record struct FileStat(
    ulong Device,
    ulong Inode,
    long BirthNanoseconds,
    long Size,
    long ModifyNanoseconds,
    uint LinkCount,
    FileKind Kind);

/// <summary>The kinds of inode that the agent tells apart.</summary>
internal enum FileKind
{
    Regular,
    Directory,

    /// <summary>A device, FIFO, socket or link: never read.</summary>
    Other,
}
