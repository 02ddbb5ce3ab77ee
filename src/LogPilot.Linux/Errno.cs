namespace LogPilot.Linux;

/// <summary>The error numbers that the agent tells apart or calls by name in a message, from <c>asm-generic/errno.h</c>.</summary>
internal enum Errno
{
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    EINTR = 4,
    EIO = 5,
    ENXIO = 6,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EEXIST = 17,
    ENODEV = 19,
    ENOTDIR = 20,
    EISDIR = 21,
    EINVAL = 22,
    ENFILE = 23,
    EMFILE = 24,
    ENOSPC = 28,
    EROFS = 30,
    ENAMETOOLONG = 36,
    ELOOP = 40,
    ENOSYS = 38,
    ESTALE = 116,
    EDQUOT = 122,
}
