using LogPilot.Agent.Declarations;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>Formats and filters of a declaration from the file to the sink and back.</summary>
public sealed class RecordPassTests : IDisposable
{
    private const string Log = "host/logs/a.log";

    private readonly PassFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Read_LinesThatAreFilteredOut_AreCountedAndPassed()
    {
        _agent.AddRaw(Declared() with { Include = ["^[a-c]"], Exclude = ["b", "c$"] });
        _agent.Scratch.Append(Log, "a\nb\nc\nd\n");

        Assert.Equal(["a"], _agent.DeliverAll().Select(document => document.Message));
        Assert.Equal(3, _agent.Totals.LinesFiltered);
        Assert.Equal(8, Assert.Single(_agent.Checkpoints).Acked);
    }

    [Fact]
    public void Read_FilterOnARecordOfSeveralLines_SeesTheWholeRecord()
    {
        _agent.AddRaw(Declared() with { Multiline = new MultilineRule("^ "), Exclude = ["noise"] });
        _agent.Scratch.Append(Log, "boom\n at noise\nkept\n at a\nlast\n");

        Assert.Equal(["kept\n at a"], _agent.DeliverAll().Select(document => document.Message));
    }

    [Fact]
    public void Read_RecordThatIsNotOfItsFormat_IsCounted()
    {
        _agent.AddRaw(Declared() with { Format = new LogFormat(LogFormatKind.Json) });
        _agent.Scratch.Append(Log, "{\"message\":\"a\"}\noops\n");

        Assert.Equal(["a", "oops"], _agent.DeliverAll().Select(document => document.Message));
        Assert.Equal(1, _agent.Totals.LinesUnparsed);
    }

    // The index has the date of the time that the record says, so it is the same whenever it is read.
    [Fact]
    public void Read_SentAgainOnAnotherDay_KeepsIndexAndId()
    {
        var declaration = Declared() with { Format = new LogFormat(LogFormatKind.Json) { TimeKey = "t" } };
        _agent.AddRaw(declaration);
        _agent.Scratch.Append(Log, "{\"message\":\"a\",\"t\":\"2024-02-28T23:59:59Z\"}\n");
        _agent.Turn();
        var sent = SentDocument.Of(Assert.Single(_agent.InFlight));
        _agent.Time.Advance(TimeSpan.FromDays(2));

        _agent.Crash();
        _agent.AddRaw(declaration);

        Assert.Equal("web-2024.02.28", Assert.Single(sent).Index);
        Assert.Equal(sent, _agent.DeliverAll());
    }

    // A container could open an index for each day of the next centuries.
    [Theory]
    [InlineData(1, "web-2024.03.01")]
    [InlineData(2, "web-2024.02.29")]
    public void Read_TimeThatIsAhead_IsBelievedUpToTheNextDay(int days, string index)
    {
        _agent.AddRaw(Declared() with { Format = new LogFormat(LogFormatKind.Json) { TimeKey = "t" } });
        var time = _agent.Time.GetUtcNow().AddDays(days).ToUnixTimeSeconds();
        _agent.Scratch.Append(Log, $"{{\"message\":\"a\",\"t\":{time}}}\n");

        Assert.Equal(index, Assert.Single(_agent.DeliverAll()).Index);
    }

    [Fact]
    public void Read_TextThatLooksLikeAnAction_IsAText()
    {
        const string Action = """{"create":{"_index":"other","_id":"1"}}""";
        _agent.AddRaw(Declared());
        _agent.Scratch.Append(Log, $"{Action}\n");

        var document = Assert.Single(_agent.DeliverAll());

        Assert.Equal(Action, document.Message);
        Assert.StartsWith("web-", document.Index, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LimitOfTheDeclaration_CutsItsLines()
    {
        _agent.AddRaw(Declared() with { LineBytesMax = 3 });
        _agent.Scratch.Append(Log, "abcdef\n");

        Assert.Equal("abc", Assert.Single(_agent.DeliverAll()).Message);
    }

    [Fact]
    public void Read_FileInAnotherEncoding_IsUtf8()
    {
        _agent.AddRaw(Declared() with { Encoding = "gbk" });
        File.WriteAllBytes(_agent.Scratch.PathOf(Log), [0xd6, 0xd0, 0xce, 0xc4, 0x0a]);

        Assert.Equal("中文", Assert.Single(_agent.DeliverAll()).Message);
    }

    private static LogDeclaration Declared() => new() { Name = "web", Index = "web", Topic = "web" };
}
