namespace LogPilot.Agent.Tests.Support;

/// <summary>Measures what an action allocates.</summary>
internal static class Allocations
{
    // What is left of a thread's allocation buffer counts as allocated when a collection takes it, which other threads may cause.
    private const long BufferBytes = 8 * 1024;

    private const int Attempts = 5;

    /// <summary>
    /// Does something ten thousand times or more, and fails if it allocates as much as a byte each time. What it allocates itself it
    /// allocates in every attempt, so the least counts: the other tests of the process collect in some of them only.
    /// </summary>
    public static void AssertNone(Action action)
    {
        action();
        var least = Enumerable.Range(0, Attempts).Min(_ => AllocatedBytes(action));

        Assert.InRange(least, 0, BufferBytes);
    }

    private static long AllocatedBytes(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
