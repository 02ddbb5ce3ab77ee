using System.Collections.Concurrent;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;
using LogPilot.Linux;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent;

/// <summary>
/// The table of contents: the way of a log line through the agent, one line a stage, on one thread. What is asynchronous by
/// nature, the container runtimes before it and the sink behind it, hands over at <see cref="Post"/> and <see cref="Settled"/>.
/// </summary>
internal sealed class Pipeline : IDisposable
{
    // Files need bytes for a line and what stands around it; a line is cut at its own limit.
    private const int LineOverheadBytes = 64 * 1024;
    private static readonly TimeSpan IdleWaitMax = StatusBeat.Interval;

    private readonly AgentOptions _options;
    private readonly TimeProvider _time;
    private readonly EventSignal _wake = new();
    private readonly ConcurrentQueue<Action<Tailer>> _changes = [];
    private readonly BatchAssembler _assembler;
    private readonly FilePasses _passes;
    private readonly Tailer _tailer;
    private readonly StatusBeat _beat;
    private readonly CheckpointSync _sync;
    private bool _isBlocked;
    private volatile bool _isStopping;

    public Pipeline(
        AgentOptions options,
        CheckpointFile checkpoints,
        FilebeatRegistry registry,
        AgentReport report,
        Action<Batch> send,
        TimeProvider time,
        ILogger log)
    {
        _options = options;
        _time = time;
        _assembler = new BatchAssembler(options.Shipping, time, send, _wake.Set);
        _passes = new FilePasses(options, _assembler, checkpoints, registry, report.Totals, time, log);
        _tailer = new Tailer(options.Tail, options.Lines.LineBytesMax + LineOverheadBytes, _passes, time, log);
        _beat = new StatusBeat(options.Tracking, checkpoints, report, time);
        _sync = new CheckpointSync(options.Tracking, checkpoints.Sync, report.Totals, time, log);
    }

    /// <summary>Hands over what is to be read from now on, or no longer. From any thread.</summary>
    public void Post(Action<Tailer> change)
    {
        _changes.Enqueue(change);
        _wake.Set();
    }

    /// <summary>The sink is known, so documents can be written. From any thread.</summary>
    public void Connected(DocumentTarget target) => Post(_ => _assembler.Target = target);

    /// <summary>A batch comes back from the sink. From any thread.</summary>
    public void Settled(Batch batch) => _assembler.Settled(batch);

    /// <summary>Runs on the calling thread until <see cref="Stop"/> is called and what was read is delivered, or the deadline is over.</summary>
    public void Run()
    {
        while (!_isStopping)
        {
            ApplyChanges();                                  // Containers, Declarations: what to read
            _tailer.Watch();                                 // Files: what came, grew and went
            _assembler.Settle(Settle);                       // Tracking: what is delivered moves checkpoints
            var more = _tailer.ReadRound();                  // Files, Lines, Records, Shipping: one pass
            _isBlocked = !more && _assembler.Current is null;
            _assembler.SendDue();                            // Shipping: batches that are old enough
            _beat.Beat(_assembler.OldestTimestamp, _tailer, _passes);
            _sync.Beat();
            if (!more)
            {
                Wait();
            }
        }

        Drain();
    }

    /// <summary>Asks <see cref="Run"/> to read no more and to return. From any thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        _wake.Set();
    }

    public void Dispose()
    {
        _tailer.Dispose();
        _wake.Dispose();
    }

    private void ApplyChanges()
    {
        _wake.Clear();
        while (_changes.TryDequeue(out var change))
        {
            change(_tailer);
        }
    }

    private void Settle(BatchRange range)
    {
        _passes.Settle(range, _tailer.Rest, _tailer.Grown);
        _sync.Moved();
    }

    // While a batch gathers documents, or none is free, growing files wake nobody: they are read when it is sent or comes back.
    private void Wait()
    {
        var due = Math.Min(Math.Min(_tailer.NextDue, _assembler.NextDue), _sync.NextDue);
        var untilDue = due == long.MaxValue ? IdleWaitMax : _time.GetElapsedTime(_time.GetTimestamp(), due);
        var timeout = untilDue < IdleWaitMax ? untilDue : IdleWaitMax;
        if (_assembler.IsGathering || _isBlocked)
        {
            Poller.Wait([_wake.Handle, _tailer.StructureHandle], timeout);
        }
        else
        {
            Poller.Wait([_wake.Handle, _tailer.StructureHandle, _tailer.GrowthHandle], timeout);
        }
    }

    private void Drain()
    {
        _assembler.Send();
        var started = _time.GetTimestamp();
        while (!_assembler.IsIdle && _time.GetElapsedTime(started) < _options.StopDeadline)
        {
            Poller.Wait([_wake.Handle], _options.StopDeadline - _time.GetElapsedTime(started));
            _wake.Clear();
            _assembler.Settle(Settle);
        }

        _beat.Last();
        _sync.Last(_options.StopDeadline - _time.GetElapsedTime(started));
    }
}
