using LogPilot.Agent.Shipping;

namespace LogPilot.Agent.Tests.Support;

/// <summary>A sink before a scripted server, with pauses of a millisecond.</summary>
internal sealed class SinkFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("logpilot-sink-");
    private ISink? _sink;

    /// <param name="time">The clock of the sink; the machine's if it is not given.</param>
    public SinkFixture(TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        Status = new SinkStatus(time);
        Context = new SinkContext(Counters, Status, Logger, time);
    }

    public FakeElasticsearch Server { get; } = new();

    public DeliveryCounters Counters { get; } = new();

    public SinkStatus Status { get; }

    public RecordingLogger Logger { get; } = new();

    public SinkContext Context { get; }

    public string DeadLetterDirectory => _directory.FullName;

    public ElasticsearchOptions Options { get; set; } = new()
    {
        RetryDelayMin = TimeSpan.FromMilliseconds(1),
        RetryDelayMax = TimeSpan.FromMilliseconds(4),
    };

    /// <summary>Requests in flight at most.</summary>
    public int Senders { get; set; } = 4;

    public ISink Sink => _sink ??= Create();

    /// <summary>The lines of the dead-letter file.</summary>
    public string[] DeadLetters
    {
        get
        {
            var path = Path.Combine(DeadLetterDirectory, "dead-letters.ndjson");
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
    }

    /// <summary>The sizes of the bulk requests in items.</summary>
    public List<int> RequestSizes => [.. Server.Bulks.Select(bulk => bulk.Items.Count)];

    public async Task<List<RangeOutcome>> ShipAsync(Batch batch)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Sink.ShipAsync(batch, deadline.Token);
        return Outcomes(batch);
    }

    public static List<RangeOutcome> Outcomes(Batch batch)
    {
        var outcomes = new List<RangeOutcome>();
        foreach (var range in batch.Ranges)
        {
            outcomes.Add(range.Outcome);
        }

        return outcomes;
    }

    public async ValueTask DisposeAsync()
    {
        if (_sink is not null)
        {
            await _sink.DisposeAsync();
        }

        await Server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private ISink Create()
    {
        var options = new ShippingOptions
        {
            Output = OutputKind.Elasticsearch,
            Senders = Senders,
            DeadLetterDirectory = DeadLetterDirectory,
            Elasticsearch = Options.Hosts.Count > 0 ? Options : Options with { Hosts = [Server.Address] },
        };
        return SinkFactory.TryCreate(options, Stream.Null, Context, out var sink, out var error)
            ? sink
            : throw new InvalidOperationException(error);
    }
}
