using System.Diagnostics;
using System.Text;
using LogPilot.Load.Engines;
using LogPilot.Load.Logs;
using LogPilot.Load.Processes;

namespace LogPilot.Load.Faults;

/// <summary>
/// Two logs are written and rotated, the server fails in every way it can, and the agent is killed again and again. At the end
/// the server has to have every line once.
/// </summary>
internal sealed class ChaosRun : IDisposable
{
    private const int AliveMillisecondsMin = 50;
    private const int AliveMillisecondsMax = 1500;
    private const int DeadMillisecondsMax = 300;
    private const int KillsBetweenReports = 50;

    private static readonly TimeSpan ProgressDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    private readonly ChaosOptions _options;
    private readonly ScratchDirectory _scratch = new();
    private readonly StoredLines _stored = new();
    private readonly FaultWeather _weather;
    private readonly FaultServer _server;
    private readonly FakeEngine _engine;
    private readonly RotatedLog[] _logs;
    private readonly Agent _agent;
    private readonly Random _random;
    private ChildProcess _process;
    private int _kills;
    private long _residentPeak;

    public ChaosRun(ChaosOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _weather = new FaultWeather(_random.Next());
        _server = new FaultServer(_weather, _stored);
        var container = FakeContainer.Create(_scratch.Root, 1);
        _engine = new FakeEngine(_scratch.Root, [container]);
        var rawPath = Path.Combine(_scratch.CreateDirectory("raw"), "app.log");
        _logs =
        [
            new RotatedLog(container.LogPath, 'd', JsonFile.Encode, _stored, new Random(_random.Next())),
            new RotatedLog(rawPath, 'r', text => Encoding.UTF8.GetBytes(text + "\n"), _stored, new Random(_random.Next())),
        ];
        _agent = new Agent(options.Executable, _scratch, _server.Address);
        _agent.Environment["aliyun_logs_raw"] = rawPath + "*";
        _agent.Environment["LOGPILOT_RETRY_DELAY_MAX"] = "1s";
        _process = _agent.Start();
    }

    /// <summary>Runs to the end; the result.</summary>
    public ChaosResult Run()
    {
        var writers = _logs.Select(log => new LineWriter(log, _random.Next())).ToList();
        while (_kills < _options.Kills)
        {
            Thread.Sleep(_random.Next(AliveMillisecondsMin, AliveMillisecondsMax));
            Kill();
            Thread.Sleep(_random.Next(DeadMillisecondsMax));
            _process = _agent.Start();
        }

        foreach (var writer in writers)
        {
            writer.Stop();
        }

        _weather.End();
        WaitForRest();
        NotePeak();
        var hasStopped = _process.Stop(StopDeadline);
        return new ChaosResult
        {
            Kills = _kills,
            Faults = _weather.Counts,
            Rotations = _logs.Sum(log => log.Rotations),
            Written = _logs.Sum(log => log.Last),
            Stored = _logs.Sum(log => _stored.CountOf(log.Log)),
            Missing = [.. _logs.SelectMany(log => _stored.MissingOf(log.Log, log.Last).Select(number => $"{log.Log} {number}"))],
            Duplicates = _stored.Duplicates,
            Altered = _stored.Altered,
            ResidentPeak = _residentPeak,
            HasStopped = hasStopped,
            LogPath = _agent.LogPath,
        };
    }

    /// <summary>Leaves the files of the run for whoever looks into a failure.</summary>
    public void KeepFiles() => _scratch.Keep();

    public void Dispose()
    {
        _process.Dispose();
        _engine.Dispose();
        _server.Dispose();
        foreach (var log in _logs)
        {
            log.Dispose();
        }

        _scratch.Dispose();
    }

    private void Kill()
    {
        NotePeak();
        _process.Dispose();
        _kills++;
        if (_kills % KillsBetweenReports == 0)
        {
            Console.Error.WriteLine(
                $"load: {_kills} of {_options.Kills} kills, {_logs.Sum(log => log.Last)} lines written, {_logs.Sum(log => _stored.CountOf(log.Log))} stored, {_stored.Duplicates} duplicates");
        }
    }

    private void NotePeak()
    {
        if (_process.HasExited)
        {
            throw new LoadException($"The agent has ended by itself, seed {_options.Seed}. It said:\n{_process.LogTail}");
        }

        _residentPeak = Math.Max(_residentPeak, _process.Usage().ResidentPeak);
    }

    /// <summary>Waits while lines come, and a moment longer, in which nothing may come twice.</summary>
    private void WaitForRest()
    {
        var written = _logs.Sum(log => log.Last);
        var stored = -1;
        var progressed = Stopwatch.GetTimestamp();
        while (stored < written && Stopwatch.GetElapsedTime(progressed) < ProgressDeadline && !_process.HasExited)
        {
            Thread.Sleep(50);
            var now = _logs.Sum(log => _stored.CountOf(log.Log));
            if (now != stored)
            {
                stored = now;
                progressed = Stopwatch.GetTimestamp();
            }
        }

        Thread.Sleep(1000);
    }
}
