namespace LogPilot.Agent.Tests;

public sealed class RetryScheduleTests
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(5);

    [Fact]
    public void Next_Repeated_DoublesUpToMaximum()
    {
        var schedule = new RetrySchedule(Min, Max, new Random(1));
        double[] ceilings = [100, 200, 400, 800, 1600, 3200, 5000, 5000];

        var pauses = ceilings.Select(_ => schedule.Next().TotalMilliseconds).ToArray();

        Assert.All(ceilings.Zip(pauses), pair => Assert.InRange(pair.Second, pair.First / 2, pair.First));
    }

    [Fact]
    public void Next_AfterReset_StartsAtMinimum()
    {
        var schedule = new RetrySchedule(Min, Max, new Random(1));
        for (var i = 0; i < 10; i++)
        {
            schedule.Next();
        }

        schedule.Reset();

        Assert.InRange(schedule.Next(), Min / 2, Min);
    }

    [Fact]
    public void Next_ManySchedules_SpreadOut()
    {
        var pauses = Enumerable.Range(0, 50).Select(seed => new RetrySchedule(Min, Max, new Random(seed)).Next());

        Assert.True(pauses.Distinct().Count() > 40);
    }

    [Fact]
    public void Next_MaximumOfAllTime_DoesNotOverflow()
    {
        var schedule = new RetrySchedule(Min, TimeSpan.MaxValue, new Random(1));

        var last = TimeSpan.Zero;
        for (var i = 0; i < 200; i++)
        {
            last = schedule.Next();
        }

        Assert.InRange(last, TimeSpan.MaxValue / 2, TimeSpan.MaxValue);
    }

    [Fact]
    public void Constructor_MaximumBelowMinimum_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetrySchedule(Max, Min, new Random(1)));
    }
}
