using System.Globalization;

namespace LogPilot.Aot.Tests.Support;

/// <summary>What the kernel says about a running process.</summary>
internal sealed record ProcessStatistics(long ResidentBytes, long ResidentBytesPeak, TimeSpan ProcessorTime, int OpenFiles)
{
    // USER_HZ is 100 on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    public static ProcessStatistics Of(int processId)
    {
        var directory = $"/proc/{processId}";
        var status = File.ReadAllLines($"{directory}/status");

        // The second field is the program's name in parentheses and may hold spaces; utime and stime are the 14th and 15th.
        var stat = File.ReadAllText($"{directory}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessStatistics(
            Bytes(status, "VmRSS:"),
            Bytes(status, "VmHWM:"),
            TimeSpan.FromSeconds((double)ticks / TicksPerSecond),
            Directory.EnumerateFileSystemEntries($"{directory}/fd").Count());
    }

    /// <summary>A line such as <c>VmRSS:     1234 kB</c>.</summary>
    private static long Bytes(string[] status, string name)
    {
        var line = status.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
