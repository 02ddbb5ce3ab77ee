using System.Text.Json;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>What becomes of documents that the server refuses.</summary>
public sealed class RefusedDocumentTests : IAsyncDisposable
{
    private static readonly FakeError Conflict = new(400, "document_parsing_exception", "failed to parse field [n] of type [long]");

    private readonly SinkFixture _fixture = new();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Ship_RefusedOnce_IsStoredAloneAsItIs()
    {
        var refusals = 0;
        _fixture.Server.Item = item => item.Id == "1" && refusals++ == 0 ? Conflict : null;

        await _fixture.ShipAsync(TestBatch.Of(3));

        Assert.Equal([3, 1], _fixture.RequestSizes);
        Assert.Equal("{\"message\":\"line 1\"}", _fixture.Server.Documents["logs/1"]);
        Assert.Equal(0, _fixture.Counters.Plain);
    }

    [Fact]
    public async Task Ship_RefusedTwice_IsStoredAsPlainMessageWithTheReason()
    {
        _fixture.Server.Item = item => item.Document.Contains("\"n\":", StringComparison.Ordinal) ? Conflict : null;
        var batch = new TestBatch()
            .Add("logs", "1", "{\"@timestamp\":\"t\",\"message\":\"hello\",\"n\":\"x\",\"offset\":7,\"k8s_pod\":\"p\"}").EndRange()
            .Add("logs", "2", "{\"message\":\"good\"}").Batch;

        var outcomes = await _fixture.ShipAsync(batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Equal([2, 1, 1], _fixture.RequestSizes);
        using var stored = JsonDocument.Parse(_fixture.Server.Documents["logs/1"]);
        Assert.Equal("{\"message\":\"hello\",\"n\":\"x\"}", stored.RootElement.GetProperty("message").GetString());
        Assert.Equal("p", stored.RootElement.GetProperty("k8s_pod").GetString());
        Assert.Contains("document_parsing_exception: failed to parse", stored.RootElement.GetProperty("log").GetProperty("index_error").GetString(), StringComparison.Ordinal);
        Assert.Equal((2, 1), (_fixture.Counters.Stored, _fixture.Counters.Plain));
    }

    [Fact]
    public async Task Ship_EvenTheReasonIsRefused_IsStoredWithoutIt()
    {
        _fixture.Server.Item = item => item.Document.Contains("\"n\":", StringComparison.Ordinal)
            || item.Document.Contains("index_error", StringComparison.Ordinal) ? Conflict : null;
        var batch = new TestBatch().Add("logs", "1", "{\"offset\":1,\"n\":2}").Batch;

        await _fixture.ShipAsync(batch);

        Assert.Equal("""{"offset":1,"message":"{\"n\":2}"}""", _fixture.Server.Documents["logs/1"]);
        Assert.Equal(1, _fixture.Counters.Plain);
    }

    [Fact]
    public async Task Ship_RefusedInEveryForm_IsInTheDeadLetterFile()
    {
        _fixture.Server.Item = item => item.Id == "1" ? Conflict : null;

        var outcomes = await _fixture.ShipAsync(TestBatch.Of(3));

        Assert.All(outcomes, outcome => Assert.Equal(RangeOutcome.Delivered, outcome));
        using var letter = JsonDocument.Parse(Assert.Single(_fixture.DeadLetters));
        Assert.Equal("logs", letter.RootElement.GetProperty("index").GetString());
        Assert.Equal("{\"message\":\"line 1\"}", letter.RootElement.GetProperty("document").GetRawText());
        Assert.StartsWith("document_parsing_exception", letter.RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal((2, 1), (_fixture.Counters.Stored, _fixture.Counters.DeadLetters));
    }

    [Fact]
    public async Task Ship_InvalidIndexName_GoesStraightToTheDeadLetterFile()
    {
        _fixture.Server.Item = _ => new FakeError(400, "invalid_index_name_exception", "Invalid index name [UPPER], must be lowercase");

        await _fixture.ShipAsync(TestBatch.Of(2));

        Assert.Equal(2, _fixture.DeadLetters.Length);
        Assert.Single(_fixture.Server.Bulks);
    }

    [Fact]
    public async Task Ship_ManyRefused_DoesNotSendThemOneByOne()
    {
        _fixture.Server.Item = item => item.Document.Contains("index_error", StringComparison.Ordinal) ? null : Conflict;

        await _fixture.ShipAsync(TestBatch.Of(500));

        Assert.Equal([500, 500, 500], _fixture.RequestSizes);
        Assert.Equal(500, _fixture.Counters.Plain);
    }

    [Fact]
    public async Task Ship_DeadLetterFileCannotBeWritten_WaitsUntilItCan()
    {
        _fixture.Server.Item = _ => Conflict;
        var path = Path.Combine(_fixture.DeadLetterDirectory, "dead-letters.ndjson");
        Directory.CreateDirectory(path);
        var batch = TestBatch.Of(1);

        var shipping = _fixture.ShipAsync(batch);
        while (_fixture.Status.Oldest() is null)
        {
            await Task.Yield();
        }

        var before = SinkFixture.Outcomes(batch);
        Directory.Delete(path);
        var after = await shipping;

        Assert.Equal((RangeOutcome.Pending, RangeOutcome.Delivered), (before[0], after[0]));
        Assert.Single(_fixture.DeadLetters);
        Assert.Null(_fixture.Status.Oldest());
    }

    [Fact]
    public async Task Ship_RequestNotUnderstoodForOneItem_FindsItAndStoresTheOthers()
    {
        _fixture.Server.Request = request => request.Items.Exists(item => item.Id == "11")
            ? FakeReply.Error(400, "illegal_argument_exception", "Action/metadata line contains an unknown parameter")
            : null;

        var outcomes = await _fixture.ShipAsync(TestBatch.Of(32));

        Assert.All(outcomes, outcome => Assert.Equal(RangeOutcome.Delivered, outcome));
        Assert.Equal(31, _fixture.Server.Documents.Count);
        Assert.Single(_fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_ServerBecameAnotherVersion_GivesNothingUp()
    {
        _fixture.Server.Version = """{"version":{"number":"6.8.23"}}""";
        _fixture.Server.Request = _ => FakeReply.Error(400, "action_request_validation_exception", "Validation Failed: 1: type is missing;");
        using var stop = new CancellationTokenSource();
        var batch = TestBatch.Of(2);

        var shipping = _fixture.Sink.ShipAsync(batch, stop.Token);
        while (_fixture.Status.Oldest()?.Text.Contains("another version", StringComparison.Ordinal) != true)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shipping);
        Assert.Empty(_fixture.DeadLetters);
        Assert.All(SinkFixture.Outcomes(batch), outcome => Assert.Equal(RangeOutcome.Pending, outcome));
    }
}
