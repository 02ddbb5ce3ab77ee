namespace LogPilot.Agent.Tests.Support;

/// <summary>Measures what an action allocates.</summary>
internal static class Allocations
{
    // What is left of a thread's allocation buffer counts as allocated when a collection takes it, which other threads may cause.
    private const long BufferBytes = 8 * 1024;

    /// <summary>Does something ten thousand times or more, and fails if it allocates as much as a byte each time.</summary>
    public static void AssertNone(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BufferBytes);
    }
}
