using LogPilot.Aot.Tests.Support;
using LogPilot.Load.Engines;
using LogPilot.Load.Logs;
using LogPilot.Load.Processes;
using LogPilot.Load.Stores;
using ScratchDirectory = LogPilot.Load.Processes.ScratchDirectory;

namespace LogPilot.Load.Sources;

/// <summary>
/// A pod's container on a real containerd that writes to both its standard streams at once, and whose log kubelet rotates.
/// </summary>
internal sealed class PodSource : ISource
{
    // A server that is away for long must not fill the disk.
    private const int WaitingLinesMax = 5000;

    private readonly Containerd _containerd;
    private readonly IStore _store;
    private readonly PodContainer _container;
    private readonly Kubelet _kubelet;

    private PodSource(Containerd containerd, ScratchDirectory scratch, IStore store, bool compresses)
    {
        _containerd = containerd;
        _store = store;
        var feed = new Feed(scratch.CreateDirectory("feed"));
        var pod = Pod.RunAsync(containerd, "load").GetAwaiter().GetResult();
        _container = pod.RunAsync(new PodContainerRequest
        {
            // It is ended when all is in its log, since containerd itself can lose what a container writes at its end.
            Script = $"{Feed.Script}; exec /bin/busybox sleep infinity",
            Env = ["aliyun_logs_c=stdout"],
            Mounts = new Dictionary<string, string> { [Feed.Destination] = feed.Directory },
        }).GetAwaiter().GetResult();
        // So that a rotation cuts lines of both streams.
        Logs =
        [
            new PipedLog('o', "standard output", feed.OpenOutput(), HasRoom, Rotations, tears: true),
            new PipedLog('e', "standard error", feed.OpenError(), HasRoom, Rotations, tears: true),
        ];
        _kubelet = new Kubelet(_container, Logs, store, compresses);
    }

    public IReadOnlyList<ILog> Logs { get; }

    public int BurstLinesMax => 80;

    public IReadOnlyDictionary<string, string> Declarations => new Dictionary<string, string>
    {
        ["LOGPILOT_RUNTIMES"] = "containerd",
        ["CONTAINER_RUNTIME_ENDPOINT"] = _containerd.Endpoint,
    };

    /// <summary>Null and why where no containerd can be started.</summary>
    public static PodSource? TryStart(ScratchDirectory scratch, IStore store, bool compresses, out string reason)
    {
        (var containerd, reason) = Containerd.TryStartAsync(scratch.CreateDirectory("pods")).GetAwaiter().GetResult();
        if (containerd is null)
        {
            return null;
        }

        try
        {
            return new PodSource(containerd, scratch, store, compresses);
        }
        catch (LoadException)
        {
            containerd.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    public void Finish()
    {
        Close();
        WaitForLastLines();
        _container.StopAsync().GetAwaiter().GetResult();
    }

    /// <summary>The logs of the pod stay.</summary>
    public void Dispose()
    {
        try
        {
            Close();
        }
        finally
        {
            _containerd.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void Close()
    {
        _kubelet.Stop();
        foreach (var log in Logs)
        {
            log.Dispose();
        }
    }

    private bool HasRoom() => Logs.All(log => log.Last - _store.Through(log.Letter) < WaitingLinesMax);

    private int Rotations() => _kubelet.Rotations;

    /// <summary>What containerd itself has lost must not count as lost by the agent.</summary>
    private void WaitForLastLines()
    {
        try
        {
            Eventually.TrueAsync(
                () => IsLogged(Logs[0], "stdout") && IsLogged(Logs[1], "stderr"),
                () => "containerd logs the last lines.").GetAwaiter().GetResult();
        }
        catch (TimeoutException exception)
        {
            throw new LoadException(exception.Message);
        }
    }

    /// <summary>Whether the last line of a log is in the newest files, whose parts are joined: the last rotation may have cut it.</summary>
    private bool IsLogged(ILog log, string stream)
    {
        var text = _container.Log.Rotated.TakeLast(1).Append(_container.LogPath)
            .SelectMany(PodLog.ReadLines)
            .Select(line => line.Split(' ', 4))
            .Where(parts => parts[1] == stream)
            .Select(parts => parts[^1]);
        return string.Concat(text).Contains(new NumberedLine(log.Letter, log.Last).Text, StringComparison.Ordinal);
    }
}
