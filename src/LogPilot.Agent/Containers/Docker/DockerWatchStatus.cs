namespace LogPilot.Agent.Containers.Docker;

/// <summary>
/// How the watch of the engine stands: written by its loop, readable by everyone at any time.
/// </summary>
internal sealed class DockerWatchStatus
{
    private volatile DockerWatchState _state;

    public DockerWatchStatus(DateTimeOffset now) =>
        _state = new DockerWatchState(Connected: false, now, Complete: false, Error: null);

    /// <summary>The present state, consistent in itself.</summary>
    public DockerWatchState State => _state;

    internal void Connected(DateTimeOffset now) =>
        _state = new DockerWatchState(Connected: true, now, Complete: false, Error: null);

    internal void Completed() => _state = _state with { Complete = true };

    internal void Disconnected(DateTimeOffset away, string error)
    {
        var since = _state.Connected ? away : _state.Since;
        _state = new DockerWatchState(Connected: false, since, Complete: false, error);
    }
}

/// <summary>One moment of the watch.</summary>
/// <param name="Connected">The event stream is open.</param>
/// <param name="Since">Since when it is connected, or has been without connection.</param>
/// <param name="Complete">Every container that the engine had when it was connected has been reported.</param>
/// <param name="Error">Why it is not connected, with the fix; null before the first attempt has ended.</param>
internal sealed record DockerWatchState(bool Connected, DateTimeOffset Since, bool Complete, string? Error);
