using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LogPilot.Agent;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;
using LogPilot.Aot.Commands;
using Microsoft.Extensions.Logging;

namespace LogPilot.Aot.Tests.Support;

/// <summary>A sink before a real server of one name, which refuses what is more than a few requests or a megabyte.</summary>
public abstract class ServerSinkTests(TestMachine machine, string server) : IAsyncDisposable
{
    private static readonly TimeSpan DeliveryDeadline = TimeSpan.FromMinutes(5);

    // Small, so that a batch can be too large and a few are too many.
    private readonly string[] _limits = server.StartsWith("elasticsearch-5", StringComparison.Ordinal)
        ? ["http.max_content_length=1mb", "thread_pool.bulk.queue_size=1"]
        : ["http.max_content_length=1mb", "thread_pool.write.queue_size=1", "thread_pool.write.size=1"];

    private readonly HttpClient _admin = new();
    private string _address = "";

    private protected SinkFixture Fixture { get; } = new();

    /// <summary>An index of this test only.</summary>
    private protected string IndexName { get; } = "lp-" + Guid.NewGuid().ToString("N")[..8];

    private protected DocumentTarget Target { get; private set; } = new(true, null, 9);

    public ValueTask DisposeAsync()
    {
        _admin.Dispose();
        GC.SuppressFinalize(this);
        return Fixture.DisposeAsync();
    }

    private protected async Task<RealElasticsearch> ConnectAsync()
    {
        var real = await machine.EmptyServerAsync(server, _limits);
        _address = real.Address.ToString().TrimEnd('/');
        Fixture.Options = Fixture.Options with { Hosts = [real.Address] };
        Target = await Fixture.Sink.ConnectAsync(CancellationToken.None);
        return real;
    }

    private protected Batch Batch(string index, string id) =>
        new TestBatch(type: Target.TypeName).Add(index, id, """{"message":"m"}""").Batch;

    private protected Batch Batch(int number, int lines)
    {
        var batch = new TestBatch(type: Target.TypeName);
        for (var i = 0; i < lines; i++)
        {
            batch.Add(IndexName, $"{number}-{i}", """{"message":"one of many"}""");
        }

        return batch.Batch;
    }

    private protected async Task<int> ResendAsync()
    {
        using var logs = LoggerFactory.Create(_ => { });
        var shipping = new ShippingOptions
        {
            Output = OutputKind.Elasticsearch,
            Elasticsearch = Fixture.Options,
            DeadLetterDirectory = Fixture.DeadLetterDirectory,
        };
        return await ResendCommand.RunAsync(new AgentOptions { Shipping = shipping }, logs, TextWriter.Null, TextWriter.Null);
    }

    /// <summary>What a file does whose lines are held: they come again after the pause.</summary>
    private protected async Task ShipUntilDeliveredAsync(Func<Batch> read)
    {
        using var deadline = new CancellationTokenSource(DeliveryDeadline);
        while (true)
        {
            var batch = read();
            await Fixture.Sink.ShipAsync(batch, deadline.Token);
            if (SinkFixture.Outcomes(batch).TrueForAll(outcome => outcome == RangeOutcome.Delivered))
            {
                return;
            }

            await Task.Delay(batch.Ranges[0].HoldFor, deadline.Token);
        }
    }

    private protected async Task<int> CountAsync(string index)
    {
        await AdminAsync(HttpMethod.Post, $"{index}/_refresh", "");
        using var answer = JsonDocument.Parse(await AdminAsync(HttpMethod.Get, $"{index}/_count", null));
        return answer.RootElement.GetProperty("count").GetInt32();
    }

    private protected async Task<string> AdminAsync(HttpMethod method, string path, string? body)
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
