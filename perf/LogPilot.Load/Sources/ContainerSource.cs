using LogPilot.Load.Engines;
using LogPilot.Load.Logs;
using LogPilot.Load.Processes;
using LogPilot.Load.Stores;

namespace LogPilot.Load.Sources;

/// <summary>
/// A container of a real engine that writes to both its standard streams at once, and whose log the engine rotates.
/// </summary>
internal sealed class ContainerSource : ISource
{
    private const string FileSize = "1m";
    private const string FileCount = "10";

    // The engine deletes its oldest file, read or not. A line takes some 400 bytes of it, so the lines of both streams
    // behind the first that is not stored fit into four of the ten files.
    private const int WaitingLinesMax = 5000;

    private readonly RealEngine _engine;
    private readonly IStore _store;
    private readonly FileSystemWatcher _renames;
    private int _rotations;

    private ContainerSource(RealEngine engine, ScratchDirectory scratch, IStore store, bool compresses)
    {
        _engine = engine;
        _store = store;
        var feed = new Feed(scratch.CreateDirectory("feed"));
        var id = engine.Run(new ContainerRequest(Feed.Script, "aliyun_logs_c=stdout")
        {
            SharedDirectories = [$"{feed.Directory}:{Feed.Destination}"],
            LogOptions = new Dictionary<string, string>
            {
                ["max-size"] = FileSize,
                ["max-file"] = FileCount,
                ["compress"] = compresses ? "true" : "false",
            },
        });
        _renames = new FileSystemWatcher(engine.LogDirectory(id));
        _renames.Renamed += (_, renamed) => _rotations += renamed.OldName == $"{id}-json.log" ? 1 : 0;
        _renames.EnableRaisingEvents = true;
        Logs =
        [
            new PipedLog('o', "standard output", feed.OpenOutput(), HasRoom, () => _rotations),
            new PipedLog('e', "standard error", feed.OpenError(), HasRoom, () => _rotations),
        ];
    }

    public IReadOnlyList<ILog> Logs { get; }

    public int BurstLinesMax => 80;

    /// <summary>Null and why where no engine can be started.</summary>
    public static ContainerSource? TryStart(ScratchDirectory scratch, IStore store, bool compresses, out string reason)
    {
        var engine = RealEngine.TryStart(scratch, out reason);
        if (engine is null)
        {
            return null;
        }

        try
        {
            return new ContainerSource(engine, scratch, store, compresses);
        }
        catch (LoadException)
        {
            engine.Dispose();
            throw;
        }
    }

    public void Finish()
    {
        foreach (var log in Logs)
        {
            log.Dispose();
        }
    }

    public void Dispose()
    {
        Finish();
        _renames.Dispose();
        _engine.Dispose();
    }

    private bool HasRoom() => Logs.All(log => log.Last - _store.Through(log.Letter) < WaitingLinesMax);
}
