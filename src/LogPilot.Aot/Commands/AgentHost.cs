using LogPilot.Agent;
using LogPilot.Agent.Containers.Watch;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;
using LogPilot.Linux;
using Microsoft.Extensions.Logging;

namespace LogPilot.Aot.Commands;

/// <summary>Builds the agent from its options, starts its parts from the sink to the source, and stops them the other way.</summary>
internal sealed class AgentHost : IAsyncDisposable
{
    private readonly CheckpointFile _checkpoints;
    private readonly ISink _sink;
    private readonly SendLoop _sender;
    private readonly Pipeline _pipeline;
    private readonly SourceCatalog _catalog;
    private readonly List<IRuntimeClient> _runtimes = [];
    private readonly List<RuntimeWatchLoop> _watches = [];
    private readonly AgentOptions _options;
    private readonly ILogger _log;

    /// <param name="sink">Disposed of with the agent.</param>
    /// <param name="report">What the sink was made with.</param>
    /// <exception cref="CheckpointException">The state directory cannot be used.</exception>
    public AgentHost(AgentOptions options, ISink sink, SinkContext report, ILoggerFactory logs)
    {
        var time = report.Time;
        _options = options;
        _log = logs.CreateLogger("LogPilot");
        _log.DescriptorLimit(LinuxFile.RaiseDescriptorLimit());
        _checkpoints = CheckpointFile.Open(options.Tracking.StateDirectory, time.GetUtcNow());
        if (_checkpoints.DamagedSlots > 0)
        {
            _log.CheckpointsDamaged(_checkpoints.DamagedSlots);
        }

        _sink = sink;
        _sender = new SendLoop(sink, options.Shipping.Senders, batch => _pipeline!.Settled(batch), options.Shipping.BatchCount);
        _pipeline = new Pipeline(
            options,
            _checkpoints,
            FilebeatRegistry.Read(options.Tracking.StateDirectory, _checkpoints.IsNew, _log),
            new AgentReport(report.Counters, report.Status, RuntimeProblem),
            _sender.Post,
            time,
            logs.CreateLogger("LogPilot.Files"));
        _catalog = new SourceCatalog(options, _pipeline.Post, logs.CreateLogger("LogPilot.Declarations"));
        foreach (var runtime in options.Runtimes)
        {
            var client = RuntimeClients.Create(runtime);
            _runtimes.Add(client);
            _watches.Add(new RuntimeWatchLoop(client, runtime, _catalog, time, logs.CreateLogger("LogPilot.Containers")));
        }
    }

    /// <summary>Runs until <paramref name="stopping"/> asks for the end and everything that was read is delivered, or the deadline is over.</summary>
    /// <exception cref="Exception">A part has failed by a bug: the process must end, and checkpoints are right.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var undeliverable = new CancellationTokenSource();
        var sending = Ends(_sender.RunAsync(undeliverable.Token), failed);
        var reading = Ends(RunPipelineAsync(), failed);
        _catalog.AddHost();
        var connecting = Ends(ConnectAsync(failed.Token), failed);
        var watching = Task.WhenAll(_watches.Select(watch => Ends(watch.RunAsync(failed.Token), failed)));

        await Task.WhenAny(Task.Delay(Timeout.Infinite, failed.Token)).ConfigureAwait(false);
        _log.Stopping();
        try
        {
            await Task.WhenAll(watching, connecting).ConfigureAwait(false);
        }
        finally
        {
            // Whatever has failed, nothing may be disposed of under the pipeline's thread.
            _pipeline.Stop();
            await reading.ConfigureAwait(false);
            _sender.Complete();
            await undeliverable.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
        }

        _log.Stopped();
    }

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync().ConfigureAwait(false);
        _runtimes.ForEach(runtime => runtime.Dispose());
        _pipeline.Dispose();
        _checkpoints.Dispose();
    }

    // The pass is synchronous, so it has a thread of its own. Its stack holds no buffers.
    private Task RunPipelineAsync() =>
        Task.Factory.StartNew(_pipeline.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task ConnectAsync(CancellationToken stopping)
    {
        var target = await _sink.ConnectAsync(stopping).ConfigureAwait(false);
        _pipeline.Connected(target);
        _log.Connected(_options.Shipping.Output, target.TypeName ?? "none", target.TimeDigits);
    }

    // Whichever part fails, the others are asked to end; the failure itself is thrown where the part is awaited.
    private static async Task Ends(Task part, CancellationTokenSource failed)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (failed.IsCancellationRequested)
        {
        }
        catch
        {
            await failed.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The one that is away longest.
    private StatusProblem? RuntimeProblem() => _watches.Select(watch => watch.Status.State)
        .Where(state => !state.Connected && state.Error is not null)
        .OrderBy(state => state.Since)
        .Select(state => new StatusProblem(state.Error!, state.Since.ToUnixTimeMilliseconds()))
        .FirstOrDefault();
}
