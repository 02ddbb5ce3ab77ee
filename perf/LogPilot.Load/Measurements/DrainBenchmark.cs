using System.Diagnostics;
using LogPilot.Load.Engines;
using LogPilot.Load.Logs;
using LogPilot.Load.Processes;
using LogPilot.Load.Servers;

namespace LogPilot.Load.Measurements;

/// <summary>A backlog of two million lines of one container: what a line costs, and how much memory that takes.</summary>
/// <remarks>
/// Processor time is that of the whole agent process from its start on, so that it does not depend on who else uses the
/// machine's cores. A plain copy of the same file over the same loopback is the floor that it is compared with: the ratio stays
/// what it is on a slower or a busier machine.
/// </remarks>
internal static class DrainBenchmark
{
    private const double LinesPerSecondMin = 1_000_000;
    private const double PeakMiBMax = 32;

    public static IEnumerable<Measurement> Run(BenchOptions options) => Run(options, options.Runs);

    public static IEnumerable<Measurement> RunOnce(BenchOptions options) =>
        Run(options, 1).Where(one => one.Name.Contains("memory", StringComparison.Ordinal));

    private static List<Measurement> Run(BenchOptions options, int runs)
    {
        using var scratch = new ScratchDirectory();
        var container = FakeContainer.Create(scratch.Root, 1);
        var bytes = Backlog.Write(container.LogPath);
        var copies = new List<double>();
        var drains = new List<Drain>();
        for (var run = 1; run <= runs; run++)
        {
            // In turns, so that both see the same neighbours.
            copies.Add(Copy.Measure(container.LogPath).TotalSeconds);
            drains.Add(Measure(options, container));
            Console.Error.WriteLine(
                $"load: drain {run} of {runs}: agent {drains[^1].Cpu:0.00} CPU-s in {drains[^1].Elapsed:0.00} s, copy {copies[^1]:0.00} CPU-s");
        }

        return Show(bytes, copies, drains);
    }

    private static Drain Measure(BenchOptions options, FakeContainer container)
    {
        using var scratch = new ScratchDirectory();
        using var server = new CountingServer();
        using var engine = new FakeEngine(scratch.Root, [container]);
        server.Expect(Backlog.Lines);
        var started = Stopwatch.GetTimestamp();
        using var process = new Agent(options.Executable, scratch, server.Address).Start();
        var isWhole = server.Wait(BenchOptions.Deadline);
        var usage = process.Usage();
        var elapsed = Stopwatch.GetElapsedTime(started, server.ReachedTimestamp);
        if (!isWhole)
        {
            throw new LoadException($"Only {server.Documents} of {Backlog.Lines} lines came. The agent said:\n{process.LogTail}");
        }

        var isStopped = process.Stop(BenchOptions.Deadline);
        return isStopped && server.Documents == Backlog.Lines
            ? new Drain(usage.Cpu.TotalSeconds, elapsed.TotalSeconds, usage.ResidentPeak / BenchOptions.MiB, server.Bytes / server.Requests)
            : throw new LoadException($"{server.Documents} instead of {Backlog.Lines} lines came. The agent said:\n{process.LogTail}");
    }

    private static List<Measurement> Show(long bytes, List<double> copies, List<Drain> drains)
    {
        var cpu = new Spread(drains.Select(drain => drain.Cpu));
        var rate = new Spread(drains.Select(drain => Backlog.Lines / drain.Cpu));
        var peak = new Spread(drains.Select(drain => drain.PeakMiB));
        return
        [
            new("throughput: lines a CPU-second", rate.Show("N0", ""), ">= 1,000,000", rate.Median >= LinesPerSecondMin),
            new("throughput: CPU of the agent", cpu.Show("0.00", "s")),
            new("throughput: CPU of a plain copy", new Spread(copies).Show("0.00", "s")),
            new("throughput: agent / copy", new Spread(drains.Select((drain, run) => drain.Cpu / copies[run])).Show("0.0", "")),
            new("throughput: speed", new Spread(drains.Select(drain => bytes / 1e6 / drain.Elapsed)).Show("0", "MB/s")),
            new("throughput: request", $"{drains[0].RequestBytes / 1024.0:0} KiB on average"),
            new("memory: peak RSS draining 417 MB", peak.Show("0.0", "MiB"), "<= 32 MiB", peak.Max <= PeakMiBMax),
        ];
    }

    private readonly record struct Drain(double Cpu, double Elapsed, double PeakMiB, long RequestBytes);
}
