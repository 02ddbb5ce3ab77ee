using System.Globalization;
using LogPilot.Load.Processes;

namespace LogPilot.Load.Measurements;

/// <summary><c>bench [NAME ...]</c>: measures and prints one table. Targets are shown and not enforced, because machines are noisy.</summary>
internal static class BenchCommand
{
    private static readonly (string Name, Func<BenchOptions, IEnumerable<Measurement>> Run)[] All =
    [
        ("size", SizeBenchmark.Run),
        ("throughput", DrainBenchmark.Run),
        ("latency", LatencyBenchmark.Run),
        ("start", StartBenchmark.Run),
        ("idle", IdleBenchmark.Run),
    ];

    public static string Names => string.Join('|', All.Select(one => one.Name)) + "|memory|all";

    /// <summary>The exit code: 0 unless a run itself failed.</summary>
    public static int Run(BenchOptions options, IReadOnlyList<string> names)
    {
        var measurements = new List<Measurement>();
        foreach (var benchmark in Choose(names))
        {
            measurements.AddRange(benchmark(options));
        }

        Console.WriteLine(Machine(options));
        Measurement.Print(measurements, Console.Out);
        return 0;
    }

    private static IEnumerable<Func<BenchOptions, IEnumerable<Measurement>>> Choose(IReadOnlyList<string> names)
    {
        if (names.Count == 0 || names.Contains("all"))
        {
            return All.Select(one => one.Run);
        }

        // All are found before the first runs, so that a mistyped name costs no time.
        return [.. names.Select(name => name == "memory"
            ? DrainBenchmark.RunOnce
            : Array.Find(All, one => one.Name == name).Run ?? throw new LoadException($"There is no benchmark {name}: {Names}"))];
    }

    // The load says how much the figures are worth: other work on the machine shows in all of them.
    private static string Machine(BenchOptions options)
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1];
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return string.Create(
            CultureInfo.InvariantCulture, $"{options.Executable} on {Environment.ProcessorCount} x {model}, load average {load}; min / median / max");
    }
}
