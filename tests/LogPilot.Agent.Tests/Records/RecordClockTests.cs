using System.Text;
using LogPilot.Agent.Records;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Records;

public sealed class RecordClockTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Refresh_TimeHasMoved_TakesIt()
    {
        var clock = new RecordClock(_time);
        clock.Refresh();
        Assert.Equal("2024-02-29T12:00:00.000Z", Encoding.ASCII.GetString(clock.Text));

        _time.Advance(TimeSpan.FromMilliseconds(43_200_007));
        Assert.Equal("2024-02-29T12:00:00.000Z", Encoding.ASCII.GetString(clock.Text));
        clock.Refresh();

        Assert.Equal("2024-03-01T00:00:00.007Z", Encoding.ASCII.GetString(clock.Text));
    }

    [Fact]
    public void Day_AroundMidnight_IsTheDayOfTheText()
    {
        var clock = new RecordClock(_time);
        _time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMilliseconds(1));
        clock.Refresh();
        var before = clock.Day;
        Assert.Equal("2024-02-29T23:59:59.999Z", Encoding.ASCII.GetString(clock.Text));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        clock.Refresh();

        Assert.Equal(before + 1, clock.Day);
        Assert.Equal("2024-02-29T23:59:59.999Z", Encoding.ASCII.GetString(clock.TextOn(before)));
    }

    [Fact]
    public void TextOn_DaysInTurns_IsTheLastMomentOfEachAndNowToday()
    {
        var clock = new RecordClock(_time);
        clock.Refresh();
        var today = clock.Day;

        var texts = new[] { today - 1, today, today - 2, today - 2, today - 1 }.Select(day => Encoding.ASCII.GetString(clock.TextOn(day)));

        Assert.Equal(
            [
                "2024-02-28T23:59:59.999Z", "2024-02-29T12:00:00.000Z", "2024-02-27T23:59:59.999Z", "2024-02-27T23:59:59.999Z",
                "2024-02-28T23:59:59.999Z",
            ],
            texts);
    }
}
