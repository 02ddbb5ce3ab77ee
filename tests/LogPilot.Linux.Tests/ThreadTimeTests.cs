namespace LogPilot.Linux.Tests;

public sealed class ThreadTimeTests
{
    [Fact]
    public void GetTimestamp_ThreadThatWaitsForAnother_DoesNotMoveByItsWork()
    {
        var start = ThreadTime.Instance.GetTimestamp();
        var worked = TimeSpan.Zero;
        var other = new Thread(() => worked = Work(TimeSpan.FromMilliseconds(100)));
        other.Start();
        other.Join();
        var waited = ThreadTime.Instance.GetElapsedTime(start);

        Assert.True(worked >= TimeSpan.FromMilliseconds(100), $"{worked} is less than was worked.");
        Assert.True(waited < worked, $"{waited} passed while another thread worked for {worked}.");
    }

    private static TimeSpan Work(TimeSpan atLeast)
    {
        var start = ThreadTime.Instance.GetTimestamp();
        while (ThreadTime.Instance.GetElapsedTime(start) < atLeast)
        {
            Thread.SpinWait(100);
        }

        return ThreadTime.Instance.GetElapsedTime(start);
    }
}
