using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Tests.Support;

/// <summary>A runtime without events whose every answer is a test's: containers by id, or what it fails with.</summary>
internal sealed class ScriptedRuntime : IRuntimeClient
{
    private volatile RuntimeException? _failure;
    private volatile IReadOnlyList<ContainerInspection> _containers = [];
    private int _calls;

    public Uri Host { get; } = new("unix:///run/containerd/containerd.sock");

    /// <summary>How often it was asked anything.</summary>
    public int Calls => _calls;

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

    public Task<ContainerInspection?> InspectAsync(string containerId, CancellationToken stopping) =>
        Said(_containers.FirstOrDefault(one => one.Snapshot.Id == containerId));

    public void Dispose()
    {
    }

    private Task<T> Said<T>(T answer)
    {
        Interlocked.Increment(ref _calls);
        return _failure is { } failure ? Task.FromException<T>(failure) : Task.FromResult(answer);
    }
}
