using System.Diagnostics;

namespace LogPilot.Aot.Tests.Support;

/// <summary>Waits for what other processes do, by asking again until a deadline that says only "stuck", never "slow".</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static Task TrueAsync(Func<bool> condition, Func<string> expectation, TimeSpan? deadline = null) =>
        TrueAsync(() => Task.FromResult(condition()), expectation, deadline);

    /// <summary>Throws the expectation, worded at the end, when the condition does not come true.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> expectation, TimeSpan? deadline = null)
    {
        if (!await TryAsync(condition, deadline ?? Deadline))
        {
            throw new TimeoutException($"Not within {(deadline ?? Deadline).TotalSeconds} s: {expectation()}");
        }
    }

    /// <summary>False when the deadline passes first.</summary>
    public static async Task<bool> TryAsync(Func<Task<bool>> condition, TimeSpan deadline)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > deadline)
            {
                return false;
            }

            await Task.Delay(Interval);
        }

        return true;
    }
}
