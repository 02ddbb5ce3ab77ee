using LogPilot.Agent.Declarations;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>Records of several lines from the file to the sink and back, through restarts and rotations.</summary>
public sealed class MultilinePassTests : IDisposable
{
    private const string Log = "host/logs/c1-json.log";
    private static readonly MultilineRule Indented = new("^[ \t]");

    private readonly PassFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Read_NoLineForTheTimeout_ShipsWhatIsOpen()
    {
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry("boom\\n");
        _agent.AppendEntry(" at a\\n");

        Assert.Empty(_agent.DeliverAll());
        _agent.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["boom\n at a"], Messages(_agent.DeliverAll()));
        Assert.Empty(_agent.DeliverAll());
    }

    [Fact]
    public void Read_FileThatWaits_IsDueWhenTheTimeoutIsOver()
    {
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry("boom\\n");
        _agent.DeliverAll();

        Assert.Equal(TimeSpan.FromSeconds(5), _agent.Time.GetElapsedTime(_agent.Time.GetTimestamp(), _agent.Tailer.NextDue));
    }

    [Fact]
    public void Read_FirstLine_GivesOffsetAndId()
    {
        _agent.AddRaw(multiline: Indented);
        _agent.Scratch.Append("host/logs/a.log", "boom\n at a\nnext\n");

        Assert.Equal(5, Assert.Single(_agent.DeliverAll()).Offset);
    }

    [Fact]
    public void Read_CrashWhileARecordIsOpen_ShipsItWhole()
    {
        WriteRecordThatIsOpen();
        Assert.Equal(["first"], Messages(_agent.DeliverAll()));

        _agent.Crash();
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry(" at b\\n");
        _agent.AppendEntry("next\\n");

        Assert.Equal(["boom\n at a\n at b"], Messages(_agent.DeliverAll()));
    }

    // What the sink has taken is known to nobody when the agent starts again, and the record has been continued meanwhile.
    [Fact]
    public void Read_CrashAfterARecordWasClosedByTime_ShipsTheSameRecordAgain()
    {
        ReadRecordThatIsDue();
        _agent.Turn();
        var sent = SentDocument.Of(Assert.Single(_agent.InFlight));

        _agent.Crash();
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry(" at a\\n");
        _agent.AppendEntry("next\\n");

        var after = _agent.DeliverAll();
        Assert.Equal(sent, after[..1]);
        Assert.Equal([" at a"], Messages(after[1..]));
    }

    [Fact]
    public void Read_CrashAfterARecordThatWasClosedByTimeIsDelivered_ShipsWhatFollows()
    {
        ReadRecordThatIsDue();
        _agent.DeliverAll();

        _agent.Crash();
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry(" at a\\n");
        _agent.AppendEntry("next\\n");

        Assert.Equal([" at a"], Messages(_agent.DeliverAll()));
    }

    [Fact]
    public void Read_OneStreamIsQuietWhileTheOtherIsNot_ShipsWhatIsOpenOfTheQuietOne()
    {
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry("boom\\n", "stderr");
        var messages = new List<string>();
        for (var second = 0; second < 6; second++)
        {
            _agent.AppendEntry($"line {second}\\n", second: second);
            messages.AddRange(Messages(_agent.DeliverAll()));
            _agent.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["line 0", "line 1", "line 2", "line 3", "line 4", "boom"], messages.Order().OrderBy(message => message == "boom"));
    }

    // Where the record ends is kept by the position up to which all is delivered, so nothing else may be on its way.
    [Fact]
    public void Read_RecordIsDueWhileLinesAreOnTheirWay_WaitsForThem()
    {
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry("boom\\n", "stderr");
        _agent.AppendEntry("one\\n");
        _agent.AppendEntry("two\\n");
        _agent.Turn();
        _agent.Time.Advance(TimeSpan.FromSeconds(5));
        _agent.AppendEntry("three\\n");
        _agent.Turn();
        Assert.Equal(["one", "two"], Messages(_agent.InFlight.SelectMany(SentDocument.Of)));

        Assert.Equal(["one", "two", "boom"], Messages(_agent.DeliverAll()));
    }

    [Fact]
    public void Read_RecordThatGoesOnBehindARotation_IsOne()
    {
        WriteRecordThatIsOpen();
        _agent.DeliverAll();
        _agent.Scratch.Move(Log, Log + ".1");
        _agent.AppendEntry(" at b\\n");
        _agent.AppendEntry("next\\n");
        _agent.AppendEntry("last\\n");

        Assert.Equal(["boom\n at a\n at b", "next"], Messages(_agent.DeliverAll()));
    }

    [Fact]
    public void Read_CrashBehindARotationWhileARecordIsOpen_ShipsItWhole()
    {
        WriteRecordThatIsOpen();
        _agent.DeliverAll();
        _agent.Scratch.Move(Log, Log + ".1");
        _agent.AppendEntry(" at b\\n");
        _agent.DeliverAll();

        _agent.Crash();
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry(" at c\\n");
        _agent.AppendEntry("next\\n");

        Assert.Equal(["boom\n at a\n at b\n at c"], Messages(_agent.DeliverAll()));
    }

    [Fact]
    public void Read_ContainerEnds_ShipsWhatIsOpen()
    {
        var source = _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry("boom\\n");
        _agent.AppendEntry(" at a\\n");
        _agent.DeliverAll();

        _agent.Tailer.End(source);

        Assert.Equal(["boom\n at a"], Messages(_agent.DeliverAll()));
    }

    [Fact]
    public void Read_FileIsCutWhileARecordIsOpen_ShipsWhatWasReadOfIt()
    {
        _agent.AddRaw(multiline: Indented);
        _agent.Scratch.Append("host/logs/a.log", "boom\n at a\n");
        _agent.DeliverAll();

        _agent.Scratch.Truncate("host/logs/a.log", "new\nnext\n");

        Assert.Equal(["boom\n at a", "new"], Messages(_agent.DeliverAll()));
        Assert.Equal(0, _agent.Totals.LostBytes);
    }

    [Fact]
    public void Read_HeldRecordThatWasClosedByTime_EndsThereAgain()
    {
        ReadRecordThatIsDue();
        _agent.Turn();
        _agent.Answer(0, RangeOutcome.Held);
        _agent.AppendEntry(" at a\\n");
        _agent.AppendEntry("next\\n");
        _agent.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["boom", " at a"], Messages(_agent.DeliverAll()));
    }

    private void WriteRecordThatIsOpen()
    {
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry("first\\n");
        _agent.AppendEntry("boom\\n");
        _agent.AppendEntry(" at a\\n");
    }

    private void ReadRecordThatIsDue()
    {
        _agent.AddStdout(multiline: Indented);
        _agent.AppendEntry("boom\\n");
        _agent.DeliverAll();
        _agent.Time.Advance(TimeSpan.FromSeconds(5));
    }

    private static List<string> Messages(IEnumerable<SentDocument> documents) => [.. documents.Select(document => document.Message)];
}
