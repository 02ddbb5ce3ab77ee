using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;
using LogPilot.Aot.Commands;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>
/// What each answer means, before real servers: the same sink as in the executable, since most of these answers need batches that no
/// container's lines would make.
/// </summary>
public abstract class ServerAnswerTests(TestMachine machine, string server) : ServerSinkTests(machine, server)
{
    [Fact]
    public async Task Ship_ThenAgain_StoresEachLineOnceWithNineDigits()
    {
        await ConnectAsync();
        var documents = () => new TestBatch(type: Target.TypeName)
            .Add(IndexName, "1", """{"@timestamp":"2026-01-02T03:04:05.123456789Z","message":"one"}""")
            .Add(IndexName, "2", """{"@timestamp":"2026-01-02T03:04:06.123456789Z","message":"two"}""").Batch;

        await Fixture.ShipAsync(documents());
        await Fixture.ShipAsync(documents());

        Assert.Equal((2, 2), (Fixture.Counters.Stored, Fixture.Counters.Duplicates));
        Assert.Equal(2, await CountAsync(IndexName));
        await AdminAsync(HttpMethod.Post, $"{IndexName}/_refresh", "");
        var found = await AdminAsync(HttpMethod.Post, $"{IndexName}/_count", """{"query":{"range":{"@timestamp":{"gte":"2026-01-02T03:04:05.123Z","lt":"2026-01-02T03:04:05.124Z"}}}}""");
        Assert.Contains("\"count\":1", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ship_Blocks_HoldThatIndexOnly()
    {
        await ConnectAsync();
        foreach (var block in new[] { "write", "read_only_allow_delete", "read_only" })
        {
            var blocked = $"{IndexName}-{block.Replace('_', '-')}";
            await Fixture.ShipAsync(Batch(blocked, "0"));
            await AdminAsync(HttpMethod.Put, $"{blocked}/_settings", $$"""{"index.blocks.{{block}}":true}""");

            var held = await Fixture.ShipAsync(new TestBatch(type: Target.TypeName)
                .Add(blocked, "1", "{}").EndRange().Add(IndexName, block, "{}").Batch);
            await AdminAsync(HttpMethod.Put, $"{blocked}/_settings", $$"""{"index.blocks.{{block}}":null}""");
            var delivered = await Fixture.ShipAsync(Batch(blocked, "1"));

            Assert.Equal([RangeOutcome.Held, RangeOutcome.Delivered], held);
            Assert.Equal([RangeOutcome.Delivered], delivered);
            Assert.Null(Fixture.Status.Oldest());
        }
    }

    [Fact]
    public async Task Ship_IndexIsClosed_HoldsIt()
    {
        await ConnectAsync();
        await Fixture.ShipAsync(Batch(IndexName, "0"));
        await AdminAsync(HttpMethod.Post, $"{IndexName}/_close", "");

        var outcomes = await Fixture.ShipAsync(Batch(IndexName, "1"));

        Assert.Equal([RangeOutcome.Held], outcomes);
    }

    [Fact]
    public async Task Ship_IndexCreationIsOff_HoldsIt()
    {
        await ConnectAsync();
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"action.auto_create_index":"nothing*"}}""");

        var held = await Fixture.ShipAsync(Batch(IndexName, "1"));
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"action.auto_create_index":null}}""");
        var delivered = await Fixture.ShipAsync(Batch(IndexName, "1"));

        Assert.Equal((RangeOutcome.Held, RangeOutcome.Delivered), (held[0], delivered[0]));
    }

    [Fact]
    public async Task Ship_NoShardsLeft_HoldsTheNewIndex()
    {
        await ConnectAsync();
        if (Target.TypeName is not null)
        {
            // Elasticsearch 5 and 6 have no such limit.
            return;
        }

        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"cluster.max_shards_per_node":1}}""");
        await AdminAsync(HttpMethod.Put, $"{IndexName}-fills", "");

        var held = await Fixture.ShipAsync(Batch(IndexName, "1"));
        await AdminAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"cluster.max_shards_per_node":null}}""");
        var delivered = await Fixture.ShipAsync(Batch(IndexName, "1"));

        Assert.Equal((RangeOutcome.Held, RangeOutcome.Delivered), (held[0], delivered[0]));
    }

    [Fact]
    public async Task Ship_MappingConflict_StoresThatDocumentAsPlainMessage()
    {
        await ConnectAsync();
        await Fixture.ShipAsync(new TestBatch(type: Target.TypeName).Add(IndexName, "0", """{"n":1,"message":"m"}""").Batch);

        var outcomes = await Fixture.ShipAsync(new TestBatch(type: Target.TypeName)
            .Add(IndexName, "1", """{"n":"text","message":"m"}""").EndRange().Add(IndexName, "2", """{"n":2,"message":"m"}""").Batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Equal(1, Fixture.Counters.Plain);
        Assert.Equal(3, await CountAsync(IndexName));
        var stored = await AdminAsync(HttpMethod.Get, $"{IndexName}/{Target.TypeName ?? "_doc"}/1", null);
        Assert.Contains("index_error", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ship_FieldLimitIsReached_StoresTheTextWithoutTheReason()
    {
        await ConnectAsync();
        await Fixture.ShipAsync(new TestBatch(type: Target.TypeName).Add(IndexName, "0", """{"message":"m"}""").Batch);
        await AdminAsync(HttpMethod.Put, $"{IndexName}/_settings", """{"index.mapping.total_fields.limit":2}""");

        var outcomes = await Fixture.ShipAsync(new TestBatch(type: Target.TypeName)
            .Add(IndexName, "1", """{"a":1,"b":2,"c":3,"d":4,"message":"m"}""").Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(2, await CountAsync(IndexName));
        Assert.Empty(Fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_UpperCaseIndex_GoesToTheDeadLetterFile()
    {
        await ConnectAsync();

        var outcomes = await Fixture.ShipAsync(new TestBatch(type: Target.TypeName)
            .Add("UPPER", "1", "{}").EndRange().Add(IndexName, "1", "{}").Batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Single(Fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_ActionLineIsWrong_CostsOnlyThatDocument()
    {
        await ConnectAsync();
        var type = Target.TypeName is { } name ? $"\"_type\":\"{name}\"," : "";
        var batch = new TestBatch(type: Target.TypeName);
        for (var i = 0; i < 20; i++)
        {
            batch.Add(IndexName, $"{i}", "{}");
        }

        batch.AddLines($$$"""{"create":{"_index":"{{{IndexName}}}",{{{type}}}"_id":"x","nonsense":1}}""" + "\n{}\n");

        var outcomes = await Fixture.ShipAsync(batch.Batch);

        Assert.Equal([RangeOutcome.Delivered], outcomes);
        Assert.Equal(20, await CountAsync(IndexName));
        Assert.Single(Fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_BatchLargerThanTheServerTakes_IsDividedAndStoredWhole()
    {
        await ConnectAsync();
        var batch = new TestBatch(type: Target.TypeName);
        for (var i = 0; i < 300; i++)
        {
            batch.Add(IndexName, $"{i}", $$"""{"message":"{{new string('x', 10_000)}}"}""");
        }

        batch.EndRange().Add(IndexName, "large", $$"""{"message":"{{new string('y', 1_100_000)}}"}""");

        var outcomes = await Fixture.ShipAsync(batch.Batch);

        Assert.Equal([RangeOutcome.Delivered, RangeOutcome.Delivered], outcomes);
        Assert.Equal(300, await CountAsync(IndexName));
        Assert.Single(Fixture.DeadLetters);
    }

    [Fact]
    public async Task Ship_MoreAtOnceThanTheQueueHolds_SendsOnlyTheRejectedAgain()
    {
        const int Sent = 64;
        const int Lines = 500;
        Fixture.Senders = 16;
        Fixture.Options = Fixture.Options with { Gzip = true };
        await ConnectAsync();

        await Task.WhenAll(Enumerable.Range(0, Sent).Select(number => ShipUntilDeliveredAsync(() => Batch(number, Lines))));

        Assert.Equal(Sent * Lines, await CountAsync(IndexName));

        // A document that was sent again although it was stored would have been found to be a duplicate.
        Assert.Equal((Sent * Lines, 0), (Fixture.Counters.Stored, Fixture.Counters.Duplicates));
        Assert.True(Fixture.Counters.Retried > 0, "The queue was never full.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{Fixture.Counters.Retried} documents sent again, {Fixture.Counters.Requests} requests");
    }

    [Fact]
    public async Task Ship_ShardHasNoActiveCopy_HoldsThatIndexUntilItHas()
    {
        Fixture.Options = Fixture.Options with { HoldAfter = TimeSpan.FromSeconds(2) };
        await ConnectAsync();
        var lost = IndexName + "-lost";
        await AdminAsync(HttpMethod.Put, $"{lost}?wait_for_active_shards=0",
            """{"settings":{"index.number_of_shards":1,"index.number_of_replicas":0,"index.routing.allocation.require._name":"no-such-node"}}""");

        var held = await Fixture.ShipAsync(new TestBatch(type: Target.TypeName)
            .Add(lost, "1", "{}").EndRange().Add(IndexName, "1", "{}").Batch);
        var problem = Fixture.Status.Oldest()?.Text;
        await AdminAsync(HttpMethod.Put, $"{lost}/_settings", """{"index.routing.allocation.require._name":null}""");
        await ShipUntilDeliveredAsync(() => Batch(lost, "1"));

        Assert.Equal([RangeOutcome.Held, RangeOutcome.Delivered], held);
        Assert.Contains("no active copy", problem, StringComparison.Ordinal);
        Assert.Null(Fixture.Status.Oldest());
        Assert.Equal(1, await CountAsync(lost));
    }

    [Fact]
    public async Task Ship_ServerStopsAndStartsAgainTwice_StoresEveryLineOnce()
    {
        const int Lines = 20;
        Fixture.Options = Fixture.Options with { RetryDelayMax = TimeSpan.FromMilliseconds(500) };
        var real = await ConnectAsync();
        using var restarted = new CancellationTokenSource();
        var batches = 0;
        var sending = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!restarted.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref batches);
                await ShipUntilDeliveredAsync(() => Batch(number, Lines));
            }
        }).ToList();

        for (var i = 0; i < 2; i++)
        {
            var before = Fixture.Counters.Stored;
            await Eventually.TrueAsync(() => Fixture.Counters.Stored > before + 200, () => "Lines are stored.");
            await real.StopAsync();
            await real.StartAgainAsync();
        }

        await restarted.CancelAsync();
        await Task.WhenAll(sending);

        Assert.Equal(batches * Lines, await CountAsync(IndexName));
        Assert.True(Fixture.Counters.Retried > 0, "No request met the restart.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{batches * Lines} lines, {Fixture.Counters.Duplicates} duplicates, {Fixture.Counters.Retried} sent again");
    }

    [Fact]
    public async Task Resend_MappingIsMended_StoresTheDeadLetters()
    {
        await ConnectAsync();
        var mapping = Target.TypeName is { } type ? $$$"""{"{{{type}}}":{"dynamic":"strict"}}""" : """{"dynamic":"strict"}""";
        await AdminAsync(HttpMethod.Put, IndexName, $$$"""{"mappings":{{{mapping}}}}""");
        await Fixture.ShipAsync(new TestBatch(type: Target.TypeName).Add(IndexName, "1", """{"message":"m"}""").Batch);
        var letters = Fixture.DeadLetters.Length;

        var early = await ResendAsync();
        var kept = Fixture.DeadLetters.Length;
        await AdminAsync(HttpMethod.Put, Target.TypeName is { } name ? $"{IndexName}/_mapping/{name}" : $"{IndexName}/_mapping", """{"dynamic":true}""");
        var mended = await ResendAsync();
        var again = await ResendAsync();

        Assert.Equal((1, 1), (letters, kept));
        Assert.Equal((ExitCode.Failed, ExitCode.Done, ExitCode.Done), (early, mended, again));
        Assert.Equal(1, await CountAsync(IndexName));
        Assert.Contains("\"m\"", await AdminAsync(HttpMethod.Get, $"{IndexName}/{Target.TypeName ?? "_doc"}/1", null), StringComparison.Ordinal);
        Assert.Empty(Fixture.DeadLetters);
    }
}

public sealed class Elasticsearch5AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-5.6.16");

public sealed class Elasticsearch6AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-6.8.23");

public sealed class Elasticsearch7AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-7.17.28");

public sealed class Elasticsearch8AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-8.19.5");

public sealed class Elasticsearch9AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "elasticsearch-9.2.0");

public sealed class OpenSearch2AnswerTests(TestMachine machine) : ServerAnswerTests(machine, "opensearch-2.19.6");
