using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

public sealed class RateLimitTests
{
    private readonly ManualTime _time = new();
    private readonly RateLimit _limit;

    public RateLimitTests() => _limit = new RateLimit(_time, TimeSpan.FromMinutes(1));

    [Fact]
    public void Allows_SameCause_OncePerPeriodWithTheCountOfTheOthers()
    {
        Assert.True(_limit.Allows("socket", out _));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(_limit.Allows("socket", out _));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(_limit.Allows("socket", out var suppressed));
        Assert.Equal(1, suppressed);
    }

    [Fact]
    public void Allows_OtherCause_AtOnce()
    {
        _limit.Allows("socket", out _);

        Assert.True(_limit.Allows("access", out _));
    }
}
