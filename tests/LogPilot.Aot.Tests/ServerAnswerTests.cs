using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>
/// What each answer means, before real servers: the same sink as in the executable, since most of these answers need batches that no
/// container's lines would make.
/// </summary>
public abstract class ServerAnswerTests(TestMachine machine, string server) : IAsyncDisposable
{
    // Small, so that a batch can be too large.
    private const string BodyLimit = "http.max_content_length=1mb";

    private readonly HttpClient _admin = new();
    private readonly SinkFixture _fixture = new();
    private readonly string _index = "lp-" + Guid.NewGuid().ToString("N")[..8];
    private DocumentTarget _target = new(true, null, 9);
    private string _address = "";

    public ValueTask DisposeAsync()
    {
        _admin.Dispose();
        GC.SuppressFinalize(this);
        return _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Ship_ThenAgain_StoresEachLineOnceWithNineDigits()
    {
        await ConnectAsync();
        var documents = () => new TestBatch(type: _target.TypeName)
            .Add(_index, "1", """{"@timestamp":"2026-01-02T03:04:05.123456789Z","message":"one"}""")
            .Add(_index, "2", """{"@timestamp":"2026-01-02T03:04:06.123456789Z","message":"two"}""").Batch;

        await _fixture.ShipAsync(documents());
        await _fixture.ShipAsync(documents());

        Assert.Equal((2, 2), (_fixture.Counters.Stored, _fixture.Counters.Duplicates));
        Assert.Equal(2, await CountAsync(_index));
        await AdminAsync(HttpMethod.Post, $"{_index}/_refresh", "");
        var found = await AdminAsync(HttpMethod.Post, $"{_index}/_count", """{"query":{"range":{"@timestamp":{"gte":"2026-01-02T03:04:05.123Z","lt":"2026-01-02T03:04:05.124Z"}}}}""");
        Assert.Contains("\"count\":1", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ship_Blocks_HoldThatIndexOnly()
    {
        await ConnectAsync();
        foreach (var block in new[] { "write", "read_only_allow_delete", "read_only" })
        {
            var blocked = $"{_index}-{block.Replace('_', '-')}";
            await _fixture.ShipAsync(Batch(blocked, "0"));
            await AdminAsync(HttpMethod.Put, $"{blocked}/_settings", $$"""{"index.blocks.{{block}}":true}""");

            var held = await _fixture.ShipAsync(new TestBatch(type: _target.TypeName)
                .Add(blocked, "1", "{}").EndRange().Add(_index, block, "{}").Batch);
            await AdminAsync(HttpMethod.Put, $"{blocked}/_settings", $$"""{"index.blocks.{{block}}":null}""");
            var delivered = await _fixture.ShipAsync(Batch(blocked, "1"));

            Assert.Equal([RangeOutcome.Held, RangeOutcome.Delivered], held);
            Assert.Equal([RangeOutcome.Delivered], delivered);
            Assert.Null(_fixture.Status.Oldest());
        }
    }

    [Fact]
    public async Task Ship_IndexIsClosed_HoldsIt()
    {
        await ConnectAsync();
        await _fixture.ShipAsync(Batch(_index, "0"));
        await AdminAsync(HttpMethod.Post, $"{_index}/_close", "");

        var outcomes = await _fixture.ShipAsync(Batch(_index, "1"));

        Assert.Equal([RangeOutcome.Held], outcomes);
    }

    [Fact]
    public async Task Ship_IndexCreationIsOff_HoldsIt()
    {
        await ConnectAsync();
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"action.auto_create_index":"nothing*"}}""");

        var held = await _fixture.ShipAsync(Batch(_index, "1"));
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"action.auto_create_index":null}}""");
        var delivered = await _fixture.ShipAsync(Batch(_index, "1"));

        Assert.Equal((RangeOutcome.Held, RangeOutcome.Delivered), (held[0], delivered[0]));
    }

    [Fact]
    public async Task Ship_NoShardsLeft_HoldsTheNewIndex()
    {
        await ConnectAsync();
        if (_target.TypeName is not null)
        {
            // Elasticsearch 5 and 6 have no such limit.
            return;
        }

        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"cluster.max_shards_per_node":1}}""");
        await AdminAsync(HttpMethod.Put, $"{_index}-fills", "");

        var held = await _fixture.ShipAsync(Batch(_index, "1"));
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"cluster.max_shards_per_node":null}}""");
        var delivered = await _fixture.ShipAsync(Batch(_index, "1"));

        Assert.Equal((RangeOutcome.Held, RangeOutcome.Delivered), (held[0], delivered[0]));
    }

    [Fact]
    public async Task Ship_MappingConflict_StoresThatDocumentAsPlainMessage()
    {
        await ConnectAsync();
        await _fixture.ShipAsync(new TestBatch(type: _target.TypeName).Add(_index, "0", """{"n":1,"message":"m"}""").Batch);

        var outcomes = await _fixture.ShipAsync(new TestBatch(type: _target.TypeName)
            .Add(_index, "1", """{"n":"text","message":"m"}""").EndRange().Add(_index, "2", """{"n":2,"message":"m"}""").Batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Equal(1, _fixture.Counters.Plain);
        Assert.Equal(3, await CountAsync(_index));
        var stored = await AdminAsync(HttpMethod.Get, $"{_index}/{_target.TypeName ?? "_doc"}/1", null);
        Assert.Contains("index_error", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ship_FieldLimitIsReached_StoresTheTextWithoutTheReason()
    {
        await ConnectAsync();
        await _fixture.ShipAsync(new TestBatch(type: _target.TypeName).Add(_index, "0", """{"message":"m"}""").Batch);
        await AdminAsync(HttpMethod.Put, $"{_index}/_settings", """{"index.mapping.total_fields.limit":2}""");

        var outcomes = await _fixture.ShipAsync(new TestBatch(type: _target.TypeName)
            .Add(_index, "1", """{"a":1,"b":2,"c":3,"d":4,"message":"m"}""").Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(2, await CountAsync(_index));
        Assert.Empty(_fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_UpperCaseIndex_GoesToTheDeadLetterFile()
    {
        await ConnectAsync();

        var outcomes = await _fixture.ShipAsync(new TestBatch(type: _target.TypeName)
            .Add("UPPER", "1", "{}").EndRange().Add(_index, "1", "{}").Batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Single(_fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_ActionLineIsWrong_CostsOnlyThatDocument()
    {
        await ConnectAsync();
        var type = _target.TypeName is { } name ? $"\"_type\":\"{name}\"," : "";
        var batch = new TestBatch(type: _target.TypeName);
        for (var i = 0; i < 20; i++)
        {
            batch.Add(_index, $"{i}", "{}");
        }

        batch.AddLines($$$"""{"create":{"_index":"{{{_index}}}",{{{type}}}"_id":"x","nonsense":1}}""" + "\n{}\n");

        var outcomes = await _fixture.ShipAsync(batch.Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(20, await CountAsync(_index));
        Assert.Single(_fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_BatchLargerThanTheServerTakes_IsDividedAndStoredWhole()
    {
        await ConnectAsync();
        var batch = new TestBatch(type: _target.TypeName);
        for (var i = 0; i < 300; i++)
        {
            batch.Add(_index, $"{i}", $$"""{"message":"{{new string('x', 10_000)}}"}""");
        }

        batch.EndRange().Add(_index, "large", $$"""{"message":"{{new string('y', 1_100_000)}}"}""");

        var outcomes = await _fixture.ShipAsync(batch.Batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Equal(300, await CountAsync(_index));
        Assert.Single(_fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_SixteenBatchesAtOnceCompressed_StoresEveryLineOnce()
    {
        _fixture.Options = _fixture.Options with { Gzip = true };
        await ConnectAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
        {
            var batch = new TestBatch(type: _target.TypeName);
            for (var i = 0; i < 500; i++)
            {
                batch.Add(_index, $"{number}-{i}", """{"message":"one of many"}""");
            }

            return _fixture.ShipAsync(batch.Batch);
        }));

        Assert.Equal(8000, await CountAsync(_index));
        TestContext.Current.TestOutputHelper?.WriteLine($"{server}: {_fixture.Counters.Retried} documents sent again, {_fixture.Counters.Requests} requests");
    }

    private async Task ConnectAsync()
    {
        var address = (await machine.EmptyServerAsync(server, BodyLimit)).Address;
        _address = address.ToString().TrimEnd('/');
        _fixture.Options = _fixture.Options with { Hosts = [address] };
        _target = await _fixture.Sink.ConnectAsync(CancellationToken.None);
    }

    private Batch Batch(string index, string id) =>
        new TestBatch(type: _target.TypeName).Add(index, id, """{"message":"m"}""").Batch;

    private async Task<int> CountAsync(string index)
    {
        await AdminAsync(HttpMethod.Post, $"{index}/_refresh", "");
        using var answer = JsonDocument.Parse(await AdminAsync(HttpMethod.Get, $"{index}/_count", null));
        return answer.RootElement.GetProperty("count").GetInt32();
    }

    private async Task<string> AdminAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, string.Create(CultureInfo.InvariantCulture, $"{_address}/{path}"));
        if (!string.IsNullOrEmpty(body))
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        using var answer = await _admin.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}

public sealed class Elasticsearch5AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-5.6.16");

public sealed class Elasticsearch6AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-6.8.23");

public sealed class Elasticsearch7AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-7.17.28");

public sealed class Elasticsearch8AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-8.19.5");

public sealed class Elasticsearch9AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-9.2.0");

public sealed class OpenSearch2AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "opensearch-2.19.6");
