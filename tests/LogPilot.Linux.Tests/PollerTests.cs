using System.Diagnostics;

namespace LogPilot.Linux.Tests;

public sealed class PollerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void Wait_SignalIsSet_ReturnsAtOnce()
    {
        using var signal = new EventSignal();
        signal.Set();
        signal.Set();

        Assert.True(Measure([signal], Long) < Long);
    }

    [Fact]
    public void Wait_SignalFromAnotherThread_Wakes()
    {
        using var signal = new EventSignal();
        var thread = new Thread(signal.Set);
        thread.Start();

        var waited = Measure([signal], Long);

        thread.Join();
        Assert.True(waited < Long);
    }

    [Fact]
    public void Wait_SecondOfTwoIsSet_ReturnsAtOnce()
    {
        using var first = new EventSignal();
        using var second = new EventSignal();
        second.Set();

        Assert.True(Measure([first, second], Long) < Long);
    }

    // Below its deadline a wait must not end, or the caller spins.
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(15_500)]
    public void Wait_SignalIsCleared_LastsUntilTheTimeIsOver(int microseconds)
    {
        using var signal = new EventSignal();
        signal.Set();
        signal.Clear();
        signal.Clear();
        var timeout = TimeSpan.FromMicroseconds(microseconds);

        Assert.True(Measure([signal], timeout) >= timeout);
    }

    [Fact]
    public void Wait_TimeIsOver_ReturnsAtOnce()
    {
        using var signal = new EventSignal();

        Assert.True(Measure([signal], TimeSpan.Zero) < Long);
        Assert.True(Measure([signal], TimeSpan.FromDays(-1)) < Long);
    }

    [Fact]
    public void Wait_LongerThanPollCanSay_DoesNotEndEarly()
    {
        using var signal = new EventSignal();
        var thread = new Thread(signal.Set);
        thread.Start();

        Poller.Wait([signal.Handle], TimeSpan.MaxValue);

        thread.Join();
    }

    [Fact]
    public void Wait_MoreDescriptorsThanItTakes_IsADefect()
    {
        using var signal = new EventSignal();
        var handle = signal.Handle;

        Assert.Throws<ArgumentOutOfRangeException>(() => Poller.Wait([handle, handle, handle, handle, handle], TimeSpan.Zero));
    }

    private static TimeSpan Measure(EventSignal[] signals, TimeSpan timeout)
    {
        var handles = Array.ConvertAll(signals, signal => signal.Handle);
        var started = Stopwatch.GetTimestamp();
        Poller.Wait(handles, timeout);
        return Stopwatch.GetElapsedTime(started);
    }
}
