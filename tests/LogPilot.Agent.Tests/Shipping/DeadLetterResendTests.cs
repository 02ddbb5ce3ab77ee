using System.Text;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class DeadLetterResendTests : IAsyncDisposable
{
    private static readonly FakeError Conflict = new(400, "strict_dynamic_mapping_exception", "dynamic introduction of [n] is not allowed");

    private readonly SinkFixture _fixture = new();
    private readonly DeadLetters _letters;
    private TimeSpan _patience = TimeSpan.FromSeconds(20);

    public DeadLetterResendTests() =>
        _letters = new DeadLetters(_fixture.DeadLetterDirectory, 1_000_000, TimeProvider.System);

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Send_CauseIsMended_StoresTheDocumentsUnderTheirIdsAndDeletesTheFile()
    {
        Write(("logs", "id-1", """{"n":"text","message":"\ud800"}"""), ("other", "id-2", """{"n":2}"""));

        var resend = await SendAsync();

        Assert.Equal("""{"n":"text","message":"\ud800"}""", _fixture.Server.Documents["logs/id-1"]);
        Assert.Equal("""{"n":2}""", _fixture.Server.Documents["other/id-2"]);
        Assert.Equal(0, resend.Kept);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Send_LetterOfADocumentThatWasStoredBefore_IsADuplicate()
    {
        Write(("logs", "id-1", "{}"));
        await SendAsync();
        Write(("logs", "id-1", "{}"));

        await SendAsync();

        Assert.Equal((1, 1), (_fixture.Counters.Stored, _fixture.Counters.Duplicates));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Send_DocumentWasNoJson_StoresItAsTheMessage()
    {
        Write(("logs", "id-1", "no \"json\""));

        await SendAsync();

        Assert.Equal("""{"message":"no \"json\""}""", _fixture.Server.Documents["logs/id-1"]);
    }

    [Fact]
    public async Task Send_RefusedAgain_IsANewLetterWithItsId()
    {
        _fixture.Server.Item = item => item.Id == "id-2" ? Conflict : null;
        Write(("logs", "id-1", "{}"), ("logs", "id-2", "{}"), ("logs", "id-3", "{}"));

        var resend = await SendAsync();

        Assert.Equal(["dead-letters.ndjson"], Files());
        Assert.Contains("\"id\":\"id-2\"", Assert.Single(_fixture.DeadLetters), StringComparison.Ordinal);
        Assert.Equal((2, 1, 0), (_fixture.Counters.Stored, _fixture.Counters.DeadLetters, resend.Kept));
    }

    [Fact]
    public async Task Send_IndexIsNotTaken_KeepsItsLettersOnly()
    {
        _fixture.Server.Item = item => item.Index == "blocked" ? new FakeError(403, "cluster_block_exception", "blocked") : null;
        Write(("blocked", "id-1", "{}"), ("logs", "id-2", "{}"));

        var first = await SendAsync();
        var kept = Files();
        _fixture.Server.Item = _ => null;
        await SendAsync();

        Assert.Equal(1, first.Kept);
        Assert.Equal(["dead-letters.resend-1.ndjson"], kept);
        Assert.Equal(["blocked/id-1", "logs/id-2"], _fixture.Server.Documents.Keys.Order());
        Assert.Equal((2, 0), (_fixture.Counters.Stored, _fixture.Counters.Duplicates));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Send_NothingIsTakenForLong_GivesUpAndKeepsEverything()
    {
        _fixture.Server.Request = _ => FakeReply.Error(429, "es_rejected_execution_exception", "full");
        _patience = TimeSpan.FromMilliseconds(100);
        Write(("logs", "id-1", "{}"), ("logs", "id-2", "{}"));

        var resend = await SendAsync();

        Assert.Equal(2, resend.Kept);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(_fixture.DeadLetterDirectory, "dead-letters.resend-1.ndjson")).Length);
    }

    [Fact]
    public async Task Send_MoreThanABatchHolds_SendsSeveral()
    {
        var document = $$"""{"message":"{{new string('x', 1000)}}"}""";
        Write([.. Enumerable.Range(0, 200).Select(i => ("logs", $"id-{i}", document)), ("logs", "long", $$"""{"message":"{{new string('y', 200_000)}}"}""")]);

        await SendAsync();

        Assert.Equal(201, _fixture.Server.Documents.Count);
        Assert.True(_fixture.RequestSizes.Count > 2);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"index":"logs","document":{}}""")]
    [InlineData("""{"index":1,"id":"1","document":{}}""")]
    [InlineData("""["index"]""")]
    public async Task Send_LineIsNoLetter_KeepsItAndSendsTheOthers(string line)
    {
        Write(("logs", "id-1", "{}"));
        File.AppendAllText(_letters.Path, line + "\n");

        var resend = await SendAsync();

        Assert.Equal((1, 1), (resend.Kept, resend.Unreadable));
        Assert.Equal(line, Assert.Single(File.ReadAllLines(Path.Combine(_fixture.DeadLetterDirectory, "dead-letters.resend-1.ndjson"))));
        Assert.Single(_fixture.Server.Documents);
    }

    [Fact]
    public async Task Send_ServerWantsAType_SendsIt()
    {
        _fixture.Server.Version = """{"version":{"number":"6.8.23"}}""";
        Write(("logs", "id-1", "{}"));

        await SendAsync();

        Assert.Contains("\"_type\":\"doc\"", Encoding.UTF8.GetString(Assert.Single(_fixture.Server.Bulks).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_FileIsBeingSentAlready_ThrowsAndLeavesIt()
    {
        Write(("logs", "id-1", "{}"));
        var path = Assert.Single(_letters.Take());
        using var other = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        await Assert.ThrowsAsync<IOException>(SendAsync);

        Assert.True(other.Length > 0);
        Assert.Empty(_fixture.Server.Bulks);
    }

    private void Write(params (string Index, string Id, string Document)[] letters) =>
        Assert.True(_letters.TryAppend([.. letters.Select(letter => new DeadLetter(letter.Index, letter.Id, "/s", "why", Encoding.UTF8.GetBytes(letter.Document)))], out _));

    private async Task<DeadLetterResend> SendAsync()
    {
        var target = await _fixture.Sink.ConnectAsync(CancellationToken.None);
        var resend = new DeadLetterResend(_fixture.Sink, target, 64 * 1024, _patience);
        foreach (var path in _letters.Take())
        {
            await resend.SendAsync(path, CancellationToken.None);
        }

        return resend;
    }

    private List<string> Files() =>
        [.. Directory.EnumerateFiles(_fixture.DeadLetterDirectory).Select(path => Path.GetFileName(path)!).Where(name => name != "dead-letters.lock").Order()];
}
