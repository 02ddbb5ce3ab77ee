using System.Numerics;

namespace LogPilot.Agent.Shipping;

/// <summary>
/// The best answer times of the last minutes, each for requests of about one size: what a request takes where nothing waits for
/// it. One owner.
/// </summary>
internal sealed class LatencyBaseline(TimeProvider time)
{
    // A cluster that got slower for good becomes its own measure after one to two of these.
    private static readonly TimeSpan WindowLength = TimeSpan.FromMinutes(1);

    // A merge or a collection of garbage makes an answer late that takes milliseconds otherwise. Nobody needs to wait for that.
    private static readonly TimeSpan AlwaysGood = TimeSpan.FromMilliseconds(500);

    private const int HighFactor = 4;

    // Sizes are told apart by the power of two below them: a request of ten lines is no measure for one of a megabyte.
    private const int SizeClasses = 64;

    private TimeSpan[] _best = NewWindow();
    private TimeSpan[] _bestBefore = NewWindow();
    private long _windowStart = time.GetTimestamp();

    /// <summary>Takes the answer time of a request in; true if it is a multiple of the best, so that requests wait for each other.</summary>
    public bool IsHigh(long requestBytes, TimeSpan elapsed)
    {
        Turn();
        var size = BitOperations.Log2((ulong)Math.Max(1, requestBytes));
        var best = _best[size] < _bestBefore[size] ? _best[size] : _bestBefore[size];
        _best[size] = elapsed < _best[size] ? elapsed : _best[size];
        return elapsed > AlwaysGood && elapsed / HighFactor > best;
    }

    private void Turn()
    {
        var age = time.GetElapsedTime(_windowStart);
        if (age < WindowLength)
        {
            return;
        }

        _bestBefore = age < 2 * WindowLength ? _best : NewWindow();
        _best = NewWindow();
        _windowStart = time.GetTimestamp();
    }

    private static TimeSpan[] NewWindow()
    {
        var window = new TimeSpan[SizeClasses];
        Array.Fill(window, TimeSpan.MaxValue);
        return window;
    }
}
