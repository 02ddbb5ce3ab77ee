using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class LatencyBaselineTests
{
    private readonly ManualTime _time = new();
    private readonly LatencyBaseline _latencies;

    public LatencyBaselineTests() => _latencies = new LatencyBaseline(_time);

    [Theory]
    [InlineData(300, 900, false)]
    [InlineData(300, 1300, true)]
    [InlineData(10, 400, false)]
    [InlineData(10, 600, true)]
    public void IsHigh_AfterTheBest_IsAMultipleThatSomebodyNotices(int best, int next, bool expected)
    {
        _latencies.IsHigh(1000, TimeSpan.FromMilliseconds(best));

        Assert.Equal(expected, _latencies.IsHigh(1000, TimeSpan.FromMilliseconds(next)));
    }

    [Fact]
    public void IsHigh_FirstAnswer_IsNot() => Assert.False(_latencies.IsHigh(1000, TimeSpan.FromMinutes(1)));

    [Fact]
    public void IsHigh_RequestOfAnotherSize_IsNotMeasuredByIt()
    {
        _latencies.IsHigh(1000, TimeSpan.FromMilliseconds(1));

        Assert.False(_latencies.IsHigh(1_000_000, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(70, true)]
    [InlineData(130, false)]
    public void IsHigh_BestIsOld_IsForgottenAfterTwoMinutes(int seconds, bool expected)
    {
        _latencies.IsHigh(1000, TimeSpan.FromMilliseconds(1));

        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, _latencies.IsHigh(1000, TimeSpan.FromSeconds(1)));
    }
}
