using System.Diagnostics;
using LogPilot.Load.Engines;
using LogPilot.Load.Processes;
using LogPilot.Load.Servers;

namespace LogPilot.Load.Measurements;

/// <summary>From <c>docker run</c> of a declared container to its first line accepted, with a real engine.</summary>
internal static class StartBenchmark
{
    private const int Runs = 10;
    private const double MillisecondsMax = 300;

    public static IEnumerable<Measurement> Run(BenchOptions options)
    {
        using var scratch = new ScratchDirectory();
        using var engine = RealEngine.TryStart(scratch, out var reason);
        if (engine is null)
        {
            return [new Measurement("docker run to first line accepted", $"skipped: {reason}", "< 300 ms")];
        }

        using var server = new CountingServer();
        using var process = new Agent(options.Executable, scratch, server.Address).Start();

        // The first container finds out that everything is up: it may be one that the agent found when it started.
        _ = Measure(engine, server, process);
        var starts = Enumerable.Range(0, Runs).Select(_ => Measure(engine, server, process)).ToList();
        var total = new Spread(starts.Select(start => start.Total));
        return
        [
            new("docker run to first line accepted", total.Show("0", "ms"), "median < 300 ms", total.Median < MillisecondsMax),
            new("  until the engine says it is started", new Spread(starts.Select(start => start.Engine)).Show("0", "ms")),
            new("  from line in the engine to accepted", new Spread(starts.Select(start => start.Agent)).Show("0.0", "ms")),
        ];
    }

    private static Start Measure(RealEngine engine, CountingServer server, ChildProcess process)
    {
        server.Expect(1);
        var before = Stopwatch.GetTimestamp();
        var id = engine.Run(new ContainerRequest("echo started; exec /bin/busybox sleep 60", "aliyun_logs_start=stdout"));
        var started = Stopwatch.GetTimestamp();
        if (!server.Wait(BenchOptions.Deadline))
        {
            throw new LoadException($"The line of a started container did not come. The agent said:\n{process.LogTail}");
        }

        var start = new Start(
            Milliseconds(before, server.ReachedTimestamp),
            Milliseconds(before, started),
            (server.ReachedTime - engine.FirstLineTime(id)).TotalMilliseconds);
        engine.Remove(id);
        return start;
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    /// <summary>How long a start took, in milliseconds.</summary>
    /// <param name="Total">From the call that creates the container to its line accepted.</param>
    /// <param name="Engine">From the same call to the engine's word that the container runs.</param>
    /// <param name="Agent">From the time that the engine gave the line, to its line accepted: the agent's share.</param>
    private readonly record struct Start(double Total, double Engine, double Agent);
}
