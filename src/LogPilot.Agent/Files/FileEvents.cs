using LogPilot.Linux;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Files;

/// <summary>The events of this folder in the agent's log, 200 to 299.</summary>
internal static partial class FileEvents
{
    [LoggerMessage(200, LogLevel.Information, "reading {Path} of {Owner}, log {Name}, from byte {Position}")]
    public static partial void Opened(this ILogger log, string path, string owner, string name, long position);

    [LoggerMessage(201, LogLevel.Debug, "done with {Path} of {Owner} at byte {Position}")]
    public static partial void Closed(this ILogger log, string path, string owner, long position);

    [LoggerMessage(202, LogLevel.Information, "{Path} of {Owner} was cut; it was read up to byte {Position}: reading it anew")]
    public static partial void Truncated(this ILogger log, string path, string owner, long position);

    [LoggerMessage(203, LogLevel.Warning,
        "cannot watch {Path} ({Errno}): looking at it every second instead; raise fs.inotify.max_user_watches if this is ENOSPC")]
    public static partial void CannotWatch(this ILogger log, string path, Errno errno);

    [LoggerMessage(204, LogLevel.Warning, "cannot open {Path} ({Errno}): its lines wait until that is mended")]
    public static partial void CannotOpen(this ILogger log, string path, Errno errno);

    [LoggerMessage(205, LogLevel.Warning, "{Path} of {Owner} is a device, FIFO or socket: not read")]
    public static partial void NotARegularFile(this ILogger log, string path, string owner);

    [LoggerMessage(206, LogLevel.Information,
        "the kernel's queue of file events overflowed: every directory is scanned; raise fs.inotify.max_queued_events if this repeats")]
    public static partial void EventsOverflowed(this ILogger log);

    [LoggerMessage(207, LogLevel.Error, "cannot read {Path} of {Owner} at byte {Position}: {Reason}; trying again")]
    public static partial void CannotRead(this ILogger log, string path, string owner, long position, string reason);

    [LoggerMessage(208, LogLevel.Warning,
        "log {Name} of {Owner} matches more than {FilesMax} files: {Path} waits; narrow the path or raise LOGPILOT_FILES_MAX")]
    public static partial void TooManyFiles(this ILogger log, string name, string owner, int filesMax, string path);

    [LoggerMessage(209, LogLevel.Warning,
        "{Path} of {Owner} was compressed as {Compression} before it was read, which the agent cannot unpack: use gzip, or compress a rotation later")]
    public static partial void CannotUnpack(this ILogger log, string path, string owner, string compression);

    [LoggerMessage(211, LogLevel.Error, "cannot look at {Base} and what was rotated from it in {Directory}: {Reason}; trying again at the next scan")]
    public static partial void CannotLook(this ILogger log, string @base, string directory, string reason);

    [LoggerMessage(210, LogLevel.Error, "{Path} of {Owner} is damaged behind byte {Position} of its text: {Reason}; what followed is lost")]
    public static partial void Damaged(this ILogger log, string path, string owner, long position, string reason);
}
