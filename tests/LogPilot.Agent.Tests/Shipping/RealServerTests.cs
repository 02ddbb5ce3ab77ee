using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>
/// The same rows before real servers: <c>LOGPILOT_TEST_ELASTICSEARCH</c> is a list of addresses of empty ones, started with
/// <c>http.max_content_length=1mb</c>; skipped without.
/// </summary>
public sealed class RealServerTests : IAsyncDisposable
{
    private readonly HttpClient _admin = new();
    private readonly SinkFixture _fixture = new();
    private readonly string _index = "lp-" + Guid.NewGuid().ToString("N")[..8];
    private DocumentTarget _target = new(true, null, 9);
    private string _address = "";

    public static TheoryData<string> Servers
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var address in (Environment.GetEnvironmentVariable("LOGPILOT_TEST_ELASTICSEARCH") ?? "none").Split(','))
            {
                data.Add(address);
            }

            return data;
        }
    }

    public ValueTask DisposeAsync()
    {
        _admin.Dispose();
        return _fixture.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_ThenAgain_StoresEachLineOnceWithNineDigits(string address)
    {
        await ConnectAsync(address);
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

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_Blocks_HoldThatIndexOnly(string address)
    {
        await ConnectAsync(address);
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

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_IndexIsClosed_HoldsIt(string address)
    {
        await ConnectAsync(address);
        await _fixture.ShipAsync(Batch(_index, "0"));
        await AdminAsync(HttpMethod.Post, $"{_index}/_close", "");

        var outcomes = await _fixture.ShipAsync(Batch(_index, "1"));

        Assert.Equal([RangeOutcome.Held], outcomes);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_IndexCreationIsOff_HoldsIt(string address)
    {
        await ConnectAsync(address);
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"action.auto_create_index":"nothing*"}}""");

        var held = await _fixture.ShipAsync(Batch(_index, "1"));
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"action.auto_create_index":null}}""");
        var delivered = await _fixture.ShipAsync(Batch(_index, "1"));

        Assert.Equal((RangeOutcome.Held, RangeOutcome.Delivered), (held[0], delivered[0]));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_NoShardsLeft_HoldsTheNewIndex(string address)
    {
        await ConnectAsync(address);
        Assert.SkipWhen(_target.TypeName is not null, "Elasticsearch 5 and 6 have no such limit.");
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"cluster.max_shards_per_node":1}}""");
        await AdminAsync(HttpMethod.Put, $"{_index}-fills", "");

        var held = await _fixture.ShipAsync(Batch(_index, "1"));
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"cluster.max_shards_per_node":null}}""");
        var delivered = await _fixture.ShipAsync(Batch(_index, "1"));

        Assert.Equal((RangeOutcome.Held, RangeOutcome.Delivered), (held[0], delivered[0]));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_MappingConflict_StoresThatDocumentAsPlainMessage(string address)
    {
        await ConnectAsync(address);
        await _fixture.ShipAsync(new TestBatch(type: _target.TypeName).Add(_index, "0", """{"n":1,"message":"m"}""").Batch);

        var outcomes = await _fixture.ShipAsync(new TestBatch(type: _target.TypeName)
            .Add(_index, "1", """{"n":"text","message":"m"}""").EndRange().Add(_index, "2", """{"n":2,"message":"m"}""").Batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Equal(1, _fixture.Counters.Plain);
        Assert.Equal(3, await CountAsync(_index));
        var stored = await AdminAsync(HttpMethod.Get, $"{_index}/{_target.TypeName ?? "_doc"}/1", null);
        Assert.Contains("index_error", stored, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_FieldLimitIsReached_StoresTheTextWithoutTheReason(string address)
    {
        await ConnectAsync(address);
        await _fixture.ShipAsync(new TestBatch(type: _target.TypeName).Add(_index, "0", """{"message":"m"}""").Batch);
        await AdminAsync(HttpMethod.Put, $"{_index}/_settings", """{"index.mapping.total_fields.limit":2}""");

        var outcomes = await _fixture.ShipAsync(new TestBatch(type: _target.TypeName)
            .Add(_index, "1", """{"a":1,"b":2,"c":3,"d":4,"message":"m"}""").Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(2, await CountAsync(_index));
        Assert.Empty(_fixture.DeadLetters);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_UpperCaseIndex_GoesToTheDeadLetterFile(string address)
    {
        await ConnectAsync(address);

        var outcomes = await _fixture.ShipAsync(new TestBatch(type: _target.TypeName)
            .Add("UPPER", "1", "{}").EndRange().Add(_index, "1", "{}").Batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Single(_fixture.DeadLetters);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_ActionLineIsWrong_CostsOnlyThatDocument(string address)
    {
        await ConnectAsync(address);
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

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_BatchLargerThanTheServerTakes_IsDividedAndStoredWhole(string address)
    {
        await ConnectAsync(address);
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

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_SixteenBatchesAtOnceCompressed_StoresEveryLineOnce(string address)
    {
        _fixture.Options = _fixture.Options with { Gzip = true };
        await ConnectAsync(address);

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
        TestContext.Current.TestOutputHelper?.WriteLine($"{address}: {_fixture.Counters.Retried} documents sent again, {_fixture.Counters.Requests} requests");
    }

    private async Task ConnectAsync(string address)
    {
        Assert.SkipWhen(address == "none", "LOGPILOT_TEST_ELASTICSEARCH names no server.");
        _address = address;
        _fixture.Options = _fixture.Options with { Hosts = [new Uri(address)] };
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
