using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class ConcurrencyLimitTests
{
    private const long Bytes = 1_000_000;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private readonly ManualTime _time = new();
    private readonly ConcurrencyLimit _limit;

    public ConcurrencyLimitTests() => _limit = new ConcurrencyLimit(8, _time);

    [Fact]
    public void HasRoom_AfterTheFirst_IsFalse()
    {
        _limit.Enter();

        Assert.False(_limit.HasRoom);
    }

    [Fact]
    public void Leave_RoundsOfRequestsBorne_AddOneEach()
    {
        var limits = new List<int>();
        for (var round = 0; round < 10; round++)
        {
            Round(RequestLoad.Borne);
            limits.Add(_limit.Limit);
        }

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 8, 8, 8], limits);
    }

    [Fact]
    public void Leave_RoomNobodyUses_AddsNothing()
    {
        Grow(3);

        for (var i = 0; i < 20; i++)
        {
            _limit.Leave(_limit.Enter(), Bytes, Quick, RequestLoad.Borne);
        }

        Assert.Equal(3, _limit.Limit);
    }

    [Fact]
    public void Leave_TooMuch_HalvesAndHasNoRoomUntilFewerAreInFlight()
    {
        Grow(8);
        var entered = Fill();

        _limit.Leave(entered[0], Bytes, Quick, RequestLoad.TooMuch);
        var after = _limit.Limit;
        var room = new List<bool>();
        for (var i = 1; i < 5; i++)
        {
            _limit.Leave(entered[i], Bytes, Quick, RequestLoad.Borne);
            room.Add(_limit.HasRoom);
        }

        Assert.Equal(4, after);
        Assert.Equal([false, false, false, true], room);
    }

    [Fact]
    public void Leave_AllOfARoundTooMuch_HalvesOnce()
    {
        Grow(8);

        Round(RequestLoad.TooMuch);

        Assert.Equal(4, _limit.Limit);
    }

    [Fact]
    public void Leave_TooMuchRoundAfterRound_EndsAtOne()
    {
        Grow(8);

        for (var round = 0; round < 10; round++)
        {
            Round(RequestLoad.TooMuch);
        }

        Assert.Equal(1, _limit.Limit);
        Assert.True(_limit.HasRoom);
    }

    [Fact]
    public void Leave_NothingKnown_ChangesNothing()
    {
        Grow(5);

        Round(RequestLoad.Unknown);

        Assert.Equal((5, 0), (_limit.Limit, _limit.InFlight));
    }

    [Fact]
    public void Leave_AnswersTakeAMultipleOfTheBest_Halves()
    {
        Grow(8);

        Round(RequestLoad.Borne, Slow);

        Assert.Equal(4, _limit.Limit);
    }

    [Fact]
    public void Leave_HostIsSlowForGood_GrowsAgain()
    {
        Grow(8);
        Round(RequestLoad.Borne, Slow);
        var fewer = _limit.Limit;

        for (var round = 0; round < 20; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            Round(RequestLoad.Borne, Slow);
        }

        Assert.Equal((4, 8), (fewer, _limit.Limit));
    }

    [Fact]
    public void Leave_HostBearsThree_StaysAboutThere()
    {
        var limits = new List<int>();
        for (var round = 0; round < 100; round++)
        {
            Round(_limit.Limit > 3 ? RequestLoad.TooMuch : RequestLoad.Borne);
            limits.Add(_limit.Limit);
        }

        Assert.Equal(4, limits.Max());
        Assert.InRange(limits.Skip(3).Average(), 2.5, 3.5);
    }

    private void Grow(int limit)
    {
        while (_limit.Limit < limit)
        {
            Round(RequestLoad.Borne);
        }
    }

    /// <summary>As many requests as may be in flight, with answers of one kind.</summary>
    private void Round(RequestLoad load, TimeSpan? elapsed = null)
    {
        foreach (var entered in Fill())
        {
            _limit.Leave(entered, Bytes, elapsed ?? Quick, load);
        }
    }

    private List<int> Fill()
    {
        var entered = new List<int>();
        while (_limit.HasRoom)
        {
            entered.Add(_limit.Enter());
        }

        return entered;
    }
}
