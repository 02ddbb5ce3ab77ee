using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LogPilot.Load.Processes;

namespace LogPilot.Load.Stores;

/// <summary>
/// A real Elasticsearch that is killed with SIGKILL and started again on its data, over and over. It keeps what it has
/// acknowledged, since it forces its translog to disk before each answer by default.
/// </summary>
internal sealed class CrashingElasticsearch : IStore
{
    private const int AliveMillisecondsMin = 500;
    private const int AliveMillisecondsMax = 6000;
    private const int PollMilliseconds = 250;

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromMinutes(3);

    private readonly string _launcher;
    private readonly string _name;
    private readonly string _directory;
    private readonly string _launcherLog;
    private readonly int _port = FreePort();
    private readonly Random _random;
    private readonly SearchApi _search;
    private readonly ConcurrentDictionary<char, int> _counts = [];

    // Guards that no crash comes behind the calm.
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private ChildProcess _process;
    private int _crashes;
    private bool _isCalm;
    private volatile bool _isEnding;

    private CrashingElasticsearch(string launcher, string name, ScratchDirectory scratch, int seed)
    {
        _launcher = launcher;
        _name = name;
        _directory = scratch.CreateDirectory("server");
        _launcherLog = scratch.PathOf("launcher.log");
        _random = new Random(seed);
        _search = new SearchApi(Address);
        _process = Launch();
        _thread = new Thread(CrashAndPoll) { IsBackground = true };
    }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>More than a server needs that has just come up on a busy machine.</summary>
    public string RequestTimeout => "10s";

    // A search does not say in which order documents came over several shards.
    public bool KnowsOrder => false;

    public string Troubles => $"{_crashes} times SIGKILL";

    /// <summary>
    /// Starts the server by the launcher of server packages beside the checkout; null and why where there is none.
    /// </summary>
    public static CrashingElasticsearch? TryStart(string name, ScratchDirectory scratch, int seed, out string reason)
    {
        var root = Repository.FindRoot();
        var launcher = root is null ? "" : Path.GetFullPath(Path.Combine(root, "..", "shared", "servers", "serve"));
        if (!File.Exists(launcher))
        {
            reason = "there is no ../shared/servers/serve beside the checkout, which starts real servers";
            return null;
        }

        reason = "";
        var server = new CrashingElasticsearch(launcher, name, scratch, seed);
        if (!server.WaitUntilReady())
        {
            server.Dispose();
            throw new LoadException($"{name} did not start: {server._process.LogTail}");
        }

        server._thread.Start();
        return server;
    }

    /// <summary>By a search a moment ago: no more than there are.</summary>
    public int CountOf(char log) => _counts.GetOrAdd(log, 0);

    // The numbers are within the messages, which cannot be searched for the first that is missing.
    public int Through(char log) => 0;

    public void CalmDown()
    {
        lock (_gate)
        {
            _isCalm = true;
        }

        if (!WaitUntilReady())
        {
            throw new LoadException($"{_name} did not come back on its data. It said:\n{_process.LogTail}");
        }
    }

    public StoredLines Collect()
    {
        var stored = new StoredLines();
        _search.ReadAll(
            string.Join(',', _counts.Keys.Select(IndicesOf)),
            (id, message) => stored.TryStore(Encoding.UTF8.GetBytes(id), message));
        return stored;
    }

    public void Dispose()
    {
        _isEnding = true;
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _process.Dispose();
        _search.Dispose();
    }

    /// <summary>Every log of the worlds with a real server is declared by its letter.</summary>
    private static string IndicesOf(char log) => $"{log}-*";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // A disk that is nearly full must not make the node read-only.
    private ChildProcess Launch()
    {
        const string Setting = "cluster.routing.allocation.disk.threshold_enabled=false";
        return ChildProcess.Start(_launcherLog, null, _launcher, _name, $"{_port}", _directory, Setting);
    }

    private bool WaitUntilReady()
    {
        var started = Stopwatch.GetTimestamp();
        while (!_search.IsReady())
        {
            if (_isEnding || Stopwatch.GetElapsedTime(started) > ReadyDeadline)
            {
                return false;
            }

            Thread.Sleep(PollMilliseconds);
        }

        return true;
    }

    private void CrashAndPoll()
    {
        while (!_isEnding)
        {
            var alive = TimeSpan.FromMilliseconds(_random.Next(AliveMillisecondsMin, AliveMillisecondsMax));
            var since = Stopwatch.GetTimestamp();
            while (!_isEnding && Stopwatch.GetElapsedTime(since) < alive)
            {
                Poll();
                Thread.Sleep(PollMilliseconds);
            }

            if (!_isEnding && TryCrash())
            {
                WaitUntilReady();
            }
        }
    }

    private bool TryCrash()
    {
        lock (_gate)
        {
            if (_isCalm)
            {
                return false;
            }

            _process.Dispose();
            _crashes++;
            _process = Launch();
            return true;
        }
    }

    private void Poll()
    {
        foreach (var log in _counts.Keys)
        {
            if (_search.TryCount(IndicesOf(log)) is { } count)
            {
                _counts[log] = count;
            }
        }
    }
}
