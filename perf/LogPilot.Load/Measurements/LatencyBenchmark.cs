using System.Diagnostics;
using System.Text;
using LogPilot.Load.Processes;
using LogPilot.Load.Servers;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Measurements;

/// <summary>How long after it was written a line is accepted by the server, at a thousand lines a second into one file.</summary>
internal static class LatencyBenchmark
{
    private const int LinesPerSecond = 1000;
    private const int Seconds = 10;
    private const int Lines = LinesPerSecond * Seconds;
    private const double MillisecondsMax = 250;

    public static IEnumerable<Measurement> Run(BenchOptions options)
    {
        using var scratch = new ScratchDirectory();
        using var server = new StampServer();
        using var engine = new Engines.FakeEngine(scratch.Root, []);
        var path = Path.Combine(scratch.CreateDirectory("logs"), "app.log");
        var agent = new Agent(options.Executable, scratch, server.Address);
        agent.Environment["aliyun_logs_latency"] = path;
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        using var process = agent.Start();

        // The first line finds out that everything is up, and is not counted.
        var offset = Append(file, 0);
        WaitFor(server, 1, process);
        Write(file, offset);
        WaitFor(server, 1 + Lines, process);

        var ages = new Spread(server.Ages.Skip(1).Select(ticks => Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds));
        var p99 = ages.Percentile(0.99);
        yield return new Measurement("latency at 1,000 lines/s: p99", $"{p99:0.0} ms", "<= 250 ms", p99 <= MillisecondsMax);
        yield return new Measurement("latency at 1,000 lines/s: min / median / max", ages.Show("0.0", "ms"));
    }

    private static void Write(SafeFileHandle file, long offset)
    {
        var started = Stopwatch.GetTimestamp();
        for (var line = 0; line < Lines; line++)
        {
            var due = TimeSpan.FromSeconds((double)line / LinesPerSecond) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                Thread.Sleep(due);
            }

            offset = Append(file, offset);
        }
    }

    private static long Append(SafeFileHandle file, long offset)
    {
        var line = Encoding.ASCII.GetBytes(StampServer.Stamp() + "\n");
        RandomAccess.Write(file, line, offset);
        return offset + line.Length;
    }

    private static void WaitFor(StampServer server, int lines, ChildProcess process)
    {
        if (!SpinWait.SpinUntil(() => server.Count >= lines || process.HasExited, BenchOptions.Deadline) || server.Count != lines)
        {
            throw new LoadException($"{server.Count} instead of {lines} lines came. The agent said:\n{process.LogTail}");
        }
    }
}
