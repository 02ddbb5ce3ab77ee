using LogPilot.Load.Logs;
using LogPilot.Load.Processes;
using LogPilot.Load.Sources;
using LogPilot.Load.Stores;

namespace LogPilot.Load.Chaos;

/// <summary>
/// Logs are written and rotated, the server fails in every way it can, and the agent is killed again and again.
/// At the end the server has to have every line once.
/// </summary>
internal sealed class ChaosRun : IDisposable
{
    private const int AliveMillisecondsMin = 50;
    private const int DeadMillisecondsMax = 800;
    private const int KillsBetweenReports = 50;

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    private readonly ChaosOptions _options;
    private readonly ISource _source;
    private readonly IStore _store;
    private readonly Agent _agent;
    private readonly int _aliveMillisecondsMax;
    private readonly TimeSpan _patience;
    private readonly Random _random;
    private ChildProcess _process;
    private int _kills;
    private long _residentPeak;

    /// <summary>Starts the agent.</summary>
    public ChaosRun(ChaosOptions options, World world, Agent agent, Random random)
    {
        _options = options;
        _source = world.Source;
        _store = world.Store;
        _aliveMillisecondsMax = world.AliveMillisecondsMax;
        _patience = world.Patience;
        _random = random;
        _agent = agent;
        _agent.Environment["LOGPILOT_RETRY_DELAY_MAX"] = "1s";
        _agent.Environment["LOGPILOT_REQUEST_TIMEOUT"] = _store.RequestTimeout;
        foreach (var (name, value) in _source.Declarations)
        {
            _agent.Environment[name] = value;
        }

        _process = _agent.Start();
    }

    private int Written => _source.Logs.Sum(log => log.Last);

    private int Stored => _source.Logs.Sum(log => _store.CountOf(log.Letter));

    /// <summary>Runs to the end; the result.</summary>
    public ChaosResult Run()
    {
        var writers = _source.Logs.Select(log => new LineWriter(log, _source.BurstLinesMax, _random.Next())).ToList();

        // Where a lost line keeps everything waiting, more kills would tell nothing more.
        var progress = new Progress(() => Stored, _patience);
        while (_kills < _options.Kills && !progress.HasStopped(out _))
        {
            Thread.Sleep(_random.Next(AliveMillisecondsMin, _aliveMillisecondsMax));
            Kill();
            Thread.Sleep(_random.Next(DeadMillisecondsMax));
            _process = _agent.Start();
        }

        foreach (var writer in writers)
        {
            writer.Stop();
        }

        _source.Finish();
        _store.CalmDown();
        WaitForRest();
        NotePeak();
        var hasStopped = _process.Stop(StopDeadline);
        var stored = _store.Collect();
        return new ChaosResult
        {
            Kills = _kills,
            KillsWanted = _options.Kills,
            Troubles = _store.Troubles,
            Logs = [.. _source.Logs.Select(log => LogResult.Of(log, stored, _store.KnowsOrder))],
            Altered = stored.Altered,
            ResidentPeak = _residentPeak,
            HasStopped = hasStopped,
        };
    }

    public void Dispose() => _process.Dispose();

    private void Kill()
    {
        NotePeak();
        _process.Dispose();
        _kills++;
        if (_kills % KillsBetweenReports == 0)
        {
            Console.Error.WriteLine(
                $"load: {_kills} of {_options.Kills} kills, {Written} lines written, {Stored} stored");
        }
    }

    private void NotePeak()
    {
        if (_process.HasExited)
        {
            throw new LoadException($"The agent has ended by itself. It said:\n{_process.LogTail}");
        }

        _residentPeak = Math.Max(_residentPeak, _process.Usage().ResidentPeak);
    }

    /// <summary>Waits while lines come, and a moment longer, in which nothing may come twice.</summary>
    private void WaitForRest()
    {
        var written = Written;
        var progress = new Progress(() => Stored, _patience);
        while (!progress.HasStopped(out var stored) && stored < written && !_process.HasExited)
        {
            Thread.Sleep(50);
        }

        Thread.Sleep(1000);
    }
}
