using System.Threading.Channels;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Tests.Support;

/// <summary>A runtime without events whose every answer is a test's: containers by id, or what it fails with.</summary>
internal sealed class ScriptedRuntime : IRuntimeClient
{
    private volatile RuntimeException? _failure;
    private volatile IReadOnlyList<ContainerInspection> _containers = [];
    private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();
    private int _inspections;

    public Uri Host { get; } = new("unix:///run/containerd/containerd.sock");

    /// <summary>How many containers were to be inspected.</summary>
    public int Inspections => _inspections;

    /// <summary>What is wrong with every container that is inspected; null if nothing is.</summary>
    public RuntimeException? InspectionFailure { get; set; }

    /// <summary>Returns when it was asked for something twice from now on: the answer to what was asked before has been heard by then.</summary>
    public async Task AskedAgainAsync()
    {
        while (_asked.Reader.TryRead(out _))
        {
        }

        for (var calls = 0; calls < 2; calls++)
        {
            await _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    public void Fail(RuntimeFault fault) => _failure = new RuntimeException(fault, $"It fails with {fault}.");

    public void Answer(params ContainerInspection[] containers)
    {
        _containers = containers;
        _failure = null;
    }

    public Task PingAsync(CancellationToken stopping) => Said(0);

    public Task<RuntimeInfo> ConnectAsync(CancellationToken stopping) => Said(new RuntimeInfo("scripted 1.0", "CRI v1"));

    public Task<IContainerEvents?> OpenEventsAsync(long sinceNano, CancellationToken stopping) => Said<IContainerEvents?>(null);

    public Task<IReadOnlyList<ContainerListing>> ListAsync(CancellationToken stopping) => Said<IReadOnlyList<ContainerListing>>(
        [.. _containers.Select(one => new ContainerListing(one.Snapshot.Id, one.Snapshot.Name, one.Snapshot.State))]);

    public Task<ContainerInspection?> InspectAsync(string containerId, CancellationToken stopping)
    {
        Interlocked.Increment(ref _inspections);
        var answer = Said(_containers.FirstOrDefault(one => one.Snapshot.Id == containerId));
        return InspectionFailure is { } failure ? Task.FromException<ContainerInspection?>(failure) : answer;
    }

    public void Dispose()
    {
    }

    private Task<T> Said<T>(T answer)
    {
        _asked.Writer.TryWrite(true);
        return _failure is { } failure ? Task.FromException<T>(failure) : Task.FromResult(answer);
    }
}
