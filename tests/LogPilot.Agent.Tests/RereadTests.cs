using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>What is read again is what it was, or what is there now.</summary>
public sealed class RereadTests : IDisposable
{
    private readonly PassFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    // The bytes at these offsets had a time of their own when they were read first, and now they have none.
    [Fact]
    public void Read_HeldEntryIsNoEntryAnyMore_ShipsWhatIsThere()
    {
        _agent.AddStdout();
        _agent.AppendEntry("one\\n");
        _agent.Turn();
        _agent.Answer(0, RangeOutcome.Held);

        _agent.Scratch.Truncate("host/logs/c1-json.log", new string('x', 100) + "\n");
        _agent.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(new string('x', 100), Assert.Single(_agent.DeliverAll()).Message);
    }

    [Fact]
    public void Read_SentAgainAfterTwoMidnights_KeepsIndexAndId()
    {
        _agent.AddRaw();
        _agent.Scratch.Append("host/logs/a.log", "first 12:00:00\n");
        _agent.Turn();
        var before = SentDocument.Of(Assert.Single(_agent.InFlight));
        for (var day = 0; day < 2; day++)
        {
            _agent.Time.Advance(TimeSpan.FromDays(1));
            _agent.Scratch.Append("host/logs/a.log", "later 12:00:00\n");
            _agent.Turn();
        }

        _agent.Crash();
        _agent.AddRaw();

        Assert.Equal(before[0], _agent.DeliverAll()[0]);
    }
}
