using LogPilot.Load.Engines;
using LogPilot.Load.Logs;
using LogPilot.Load.Processes;
using LogPilot.Load.Servers;

namespace LogPilot.Load.Measurements;

/// <summary>A hundred containers whose logs are read and which say nothing more.</summary>
internal static class IdleBenchmark
{
    private const int Containers = 100;
    private const int LinesEach = 50;
    private const double CpuShareMax = 0.002;
    private const double MiBMax = 24;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    public static IEnumerable<Measurement> Run(BenchOptions options)
    {
        using var scratch = new ScratchDirectory();
        var containers = Enumerable.Range(1, Containers).Select(number => FakeContainer.Create(scratch.Root, number)).ToList();
        foreach (var container in containers)
        {
            File.WriteAllLines(container.LogPath, Enumerable.Range(1, LinesEach).Select(number => JsonFile.Line($"line {number} of {container.Name}")));
        }

        using var server = new CountingServer();
        using var engine = new FakeEngine(scratch.Root, containers);
        server.Expect(Containers * LinesEach);
        using var process = new Agent(options.Executable, scratch, server.Address).Start();
        if (!server.Wait(BenchOptions.Deadline))
        {
            throw new LoadException($"Only {server.Documents} of {Containers * LinesEach} lines came. The agent said:\n{process.LogTail}");
        }

        Thread.Sleep(Quiet);
        var before = process.Usage();
        Thread.Sleep(Watched);
        var after = process.Usage();
        var cpu = after.Cpu - before.Cpu;
        var share = cpu / Watched;
        var resident = after.Resident / BenchOptions.MiB;
        return
        [
            new($"idle, {Containers} containers: CPU", $"{share:0.000%} of a core ({cpu.TotalMilliseconds:0} ms in {Watched.TotalSeconds:0} s)", "< 0.2% of a core", share < CpuShareMax),
            new($"idle, {Containers} containers: RSS", $"{resident:0.0} MiB", "<= 24 MiB", resident <= MiBMax),
        ];
    }
}
