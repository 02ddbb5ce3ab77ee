using Grpc.Core;
using LogPilot.Aot.Tests.Support;
using LogPilot.Load.Logs;
using LogPilot.Load.Processes;
using LogPilot.Load.Stores;

namespace LogPilot.Load.Engines;

/// <summary>Kubelet's part in the log of a container: looks at its size, and rotates it when it is full.</summary>
internal sealed class Kubelet
{
    private const long FileBytes = 1_000_000;
    private const int FilesMax = 10;

    // Behind the last line: the one that is being written, and what stands before its end of the next one.
    private const int OpenLines = 2;

    // The name of a rotated file tells the second, so that kubelet cannot rotate twice within one.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly PodContainer _container;
    private readonly IReadOnlyList<ILog> _logs;
    private readonly IStore _store;
    private readonly bool _compresses;
    private readonly Task _loop;

    // Of the files that were rotated away, the oldest first: the last line of each log that may stand in it, if only in part.
    private readonly Queue<int[]> _rotated = [];
    private volatile int _rotations;
    private volatile bool _isStopping;

    /// <param name="container">Whose log it is.</param>
    /// <param name="logs">What is written to it.</param>
    /// <param name="store">Says what need not be kept any more.</param>
    /// <param name="compresses">Whether the files before the last rotated one are compressed.</param>
    public Kubelet(PodContainer container, IReadOnlyList<ILog> logs, IStore store, bool compresses)
    {
        _container = container;
        _logs = logs;
        _store = store;
        _compresses = compresses;
        _loop = Task.Run(LookAsync);
    }

    public int Rotations => _rotations;

    /// <summary>Returns when nothing is rotated any more; throws <see cref="LoadException"/> if it could not rotate.</summary>
    public void Stop()
    {
        _isStopping = true;
        try
        {
            _loop.GetAwaiter().GetResult();
        }
        catch (RpcException exception)
        {
            throw new LoadException($"containerd did not open the log anew: {exception.Status}");
        }
    }

    private async Task LookAsync()
    {
        while (!_isStopping)
        {
            if (new FileInfo(_container.LogPath).Length >= FileBytes && !DeletesUnread())
            {
                await RotateAsync();
            }

            await Task.Delay(LookInterval);
        }
    }

    private async Task RotateAsync()
    {
        await _container.Log.RotateAsync(FilesMax, _compresses);
        _rotations++;
        _rotated.Enqueue([.. _logs.Select(log => log.Last + OpenLines)]);
        if (_rotated.Count == FilesMax)
        {
            _rotated.Dequeue();
        }
    }

    /// <summary>
    /// Whether one more rotation deletes a file of which not all is stored: what is deleted while the agent is down is lost to any agent.
    /// </summary>
    private bool DeletesUnread() =>
        _rotated.Count == FilesMax - 1 && _logs.Zip(_rotated.Peek()).Any(one => _store.Through(one.First.Letter) < one.Second);
}
