namespace LogPilot.Agent.Containers.Watch;

/// <summary>
/// How the watch of a runtime stands: written by its loop, readable by everyone at any time.
/// </summary>
internal sealed class RuntimeWatchStatus
{
    private volatile RuntimeWatchState _state;

    public RuntimeWatchStatus(DateTimeOffset now) =>
        _state = new RuntimeWatchState(Connected: false, now, Complete: false, Error: null);

    /// <summary>The present state, consistent in itself.</summary>
    public RuntimeWatchState State => _state;

    internal void Connected(DateTimeOffset now) =>
        _state = new RuntimeWatchState(Connected: true, now, Complete: false, Error: null);

    internal void Completed() => _state = _state with { Complete = true };

    /// <summary>There is no runtime, and that is no fault.</summary>
    internal void NotServed(DateTimeOffset now) =>
        _state = new RuntimeWatchState(Connected: false, now, Complete: false, Error: null);

    internal void Disconnected(DateTimeOffset away, string error)
    {
        var since = _state.Connected ? away : _state.Since;
        _state = new RuntimeWatchState(Connected: false, since, Complete: false, error);
    }
}

/// <summary>One moment of the watch.</summary>
/// <param name="Connected">The runtime answers, and its event stream is open if it has one.</param>
/// <param name="Since">Since when it is connected, or has been without connection.</param>
/// <param name="Complete">Every container that the runtime had when it was connected has been reported.</param>
/// <param name="Error">Why it is not connected, with the fix; null before the first attempt has ended, and where there is none.</param>
internal sealed record RuntimeWatchState(bool Connected, DateTimeOffset Since, bool Complete, string? Error);
