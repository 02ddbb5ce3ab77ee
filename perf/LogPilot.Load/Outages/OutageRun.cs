using System.Diagnostics;
using LogPilot.Load.Chaos;
using LogPilot.Load.Engines;
using LogPilot.Load.Faults;
using LogPilot.Load.Processes;

namespace LogPilot.Load.Outages;

/// <summary>
/// A loud container and a quiet one write as if nothing were, while the server is away, and the loud one's rotated files are
/// deleted. Then the server comes back.
/// </summary>
internal sealed class OutageRun : IDisposable
{
    private const int SpellMillisecondsMin = 1000;
    private const int SpellMillisecondsMax = 10_000;
    private const int LookMilliseconds = 100;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LiveAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LiveBehind = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ReturnDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    private readonly OutageOptions _options;
    private readonly Random _random;
    private readonly FaultServer _server;
    private readonly FakeEngine _engine;
    private readonly SteadyLog _loud;
    private readonly SteadyLog _quiet;
    private readonly Agent _agent;
    private readonly ChildProcess _process;
    private readonly AgentWatch _watch;

    /// <summary>Starts the agent.</summary>
    public OutageRun(OutageOptions options, ScratchDirectory scratch)
    {
        _options = options;
        _random = new Random(options.Seed);
        _server = new FaultServer(new FaultWeather(_random.Next()));
        _server.CalmDown();
        var loud = FakeContainer.Create(scratch.Root, 1);
        var quiet = FakeContainer.Create(scratch.Root, 2);
        _engine = new FakeEngine(scratch.Root, [loud, quiet]);
        _loud = new SteadyLog('l', loud.LogPath, options.LinesPerSecond, options.FileBytes);
        _quiet = new SteadyLog('q', quiet.LogPath, 1, options.FileBytes);
        _agent = new Agent(options.Executable, scratch, _server.Address);
        _agent.Environment["LOGPILOT_HELD_BYTES_MAX"] = $"{options.HeldBytesMax}";
        _process = _agent.Start();
        _watch = new AgentWatch(_process);
    }

    /// <summary>Runs to the end; the result.</summary>
    public OutageResult Run()
    {
        _loud.Start();
        _quiet.Start();
        LookUntil(WarmUp, () => false);
        var before = _watch.Reset();
        BeAway();
        var during = _watch.Reset();
        var drain = ComeBack();
        LookUntil(LiveBehind, () => false);
        _loud.Stop();
        _quiet.Stop();
        LookUntil(ReturnDeadline, () => _server.NewestOf(_loud.Letter) == _loud.Last && _server.NewestOf(_quiet.Letter) == _quiet.Last);
        LookUntil(LiveAge, () => false);
        var losses = CountedLoss.Read(_agent.Say("status", "--json"));
        var hasStopped = _process.Stop(StopDeadline);
        return Result(before, during, drain, losses, hasStopped);
    }

    public void Dispose()
    {
        _process.Dispose();
        _engine.Dispose();
        _server.Dispose();
        _loud.Dispose();
        _quiet.Dispose();
    }

    private void BeAway()
    {
        var started = Stopwatch.GetTimestamp();
        var reported = TimeSpan.Zero;
        var refuses = true;
        for (var passed = TimeSpan.Zero; passed < _options.Lasts; passed = Stopwatch.GetElapsedTime(started))
        {
            _server.GoAway(refuses);
            refuses = !refuses;
            var spell = TimeSpan.FromMilliseconds(_random.Next(SpellMillisecondsMin, SpellMillisecondsMax));
            var rest = _options.Lasts - passed;
            LookUntil(spell < rest ? spell : rest, () => false);
            if (passed - reported > ReportInterval)
            {
                reported = passed;
                Console.Error.WriteLine(
                    $"load: {passed.TotalMinutes:0} minutes, {_loud.Last} lines written, RSS {_process.Usage().Resident / 1024} KiB, at most {_watch.ResidentPeak / 1024} KiB");
            }
        }
    }

    private Drain ComeBack()
    {
        var stored = Stored;
        var quietLast = _quiet.Last;
        var started = Stopwatch.GetTimestamp();
        _server.ComeBack();
        TimeSpan? first = null;
        TimeSpan? live = null;
        var quietAge = TimeSpan.Zero;
        LookUntil(ReturnDeadline, () =>
        {
            var passed = Stopwatch.GetElapsedTime(started);
            first ??= Stored > stored ? passed : null;
            live ??= _server.NewestOf(_quiet.Letter) > quietLast ? passed : null;
            var age = _quiet.AgeOf(_server.NewestOf(_quiet.Letter));
            quietAge = live is not null && age > quietAge ? age : quietAge;
            return live is not null && _loud.AgeOf(_server.NewestOf(_loud.Letter)) < LiveAge;
        });
        return new Drain
        {
            First = first ?? ReturnDeadline,
            QuietLive = live ?? ReturnDeadline,
            Over = Stopwatch.GetElapsedTime(started),
            QuietAgeMax = quietAge,
        };
    }

    private int Stored => _server.CountOf(_loud.Letter) + _server.CountOf(_quiet.Letter);

    private void LookUntil(TimeSpan deadline, Func<bool> isOver)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isOver() && Stopwatch.GetElapsedTime(started) < deadline)
        {
            _watch.Look();
            Thread.Sleep(LookMilliseconds);
        }
    }

    private OutageResult Result(
        long before, long during, Drain drain, IReadOnlyList<CountedLoss> losses, bool hasStopped)
    {
        var stored = _server.Collect();
        var loud = LogResult.Of(_loud, stored, _server.KnowsOrder);
        return new OutageResult
        {
            Logs = [loud, LogResult.Of(_quiet, stored, _server.KnowsOrder)],
            Altered = stored.Altered,
            ResidentBefore = before,
            ResidentDuring = during,
            ResidentBehind = _watch.ResidentPeak,
            WrittenBytes = _loud.Bytes + _quiet.Bytes,
            HeldPeak = _watch.HeldPeak,
            FilesPeak = _watch.FilesPeak,
            Losses = losses,
            MissingBytes = loud.Missing.Sum(_loud.BytesOf),
            Drain = drain,
            ReorderedBy = stored.ReorderedBy(_loud.Letter),
            Troubles = _server.Troubles,
            HasStopped = hasStopped,
        };
    }
}
