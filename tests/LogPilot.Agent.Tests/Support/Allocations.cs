namespace LogPilot.Agent.Tests.Support;

/// <summary>Measures what an action allocates.</summary>
internal static class Allocations
{
    private const int AttemptsMax = 20;

    /// <summary>
    /// Fails if an action allocates even a byte, after its first run has made the buffers. What it allocates itself it allocates each
    /// time, so one run without is enough: what is left of a thread's allocation buffer counts too when a collection takes it, and
    /// the other tests of the process cause collections.
    /// </summary>
    public static void AssertNone(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < AttemptsMax && least > 0; attempt++)
        {
            least = Math.Min(least, AllocatedBytes(action));
        }

        Assert.Equal(0, least);
    }

    private static long AllocatedBytes(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
