namespace LogPilot.Linux;

/// <summary>The time that the calling thread has spent on a processor, which does not pass while others have it.</summary>
/// <remarks>Only its timestamps are of use. https://man7.org/linux/man-pages/man2/clock_gettime.2.html</remarks>
internal sealed class ThreadTime : TimeProvider
{
    public static readonly ThreadTime Instance = new();

    private const long NanosecondsPerSecond = 1_000_000_000;

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp() => Native.clock_gettime(Native.CLOCK_THREAD_CPUTIME_ID, out var time) == 0
        ? (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds
        : throw LinuxException.FromLastError("clock_gettime", "thread");
}
