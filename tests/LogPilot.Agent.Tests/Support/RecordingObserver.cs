using System.Threading.Channels;
using LogPilot.Agent.Containers;

namespace LogPilot.Agent.Tests.Support;

/// <summary>
/// Writes down what an observer hears, one short line a call, such as <c>Seen a Running</c> or <c>Removed
/// a</c>.
/// </summary>
internal sealed class RecordingObserver : IContainerObserver
{
    private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();
    private int _inside;

    /// <summary>The last snapshot of each container.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, ContainerSnapshot> Last { get; } = new();

    /// <summary>Whether two calls ever overlapped.</summary>
    public bool Overlapped { get; private set; }

    public void Seen(ContainerSnapshot container)
    {
        Last[container.Id] = container;
        Record($"Seen {container.Id} {container.State}");
    }

    public void Removed(string containerId) => Record($"Removed {containerId}");

    /// <summary>Everything heard so far and not yet taken.</summary>
    public IReadOnlyList<string> Take()
    {
        var calls = new List<string>();
        while (_calls.Reader.TryRead(out var call))
        {
            calls.Add(call);
        }

        return calls;
    }

    /// <summary>Takes calls up to and including the one that is waited for.</summary>
    public async Task<IReadOnlyList<string>> TakeUntilAsync(string last)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var calls = new List<string>();
        try
        {
            do
            {
                calls.Add(await _calls.Reader.ReadAsync(deadline.Token));
            }
            while (calls[^1] != last);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"'{last}' was not heard, but: {string.Join(", ", calls)}");
        }

        return calls;
    }

    private void Record(string call)
    {
        Overlapped |= Interlocked.Increment(ref _inside) > 1;
        _calls.Writer.TryWrite(call);
        Interlocked.Decrement(ref _inside);
    }
}
