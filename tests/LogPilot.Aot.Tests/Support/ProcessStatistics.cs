using System.Globalization;

namespace LogPilot.Aot.Tests.Support;

/// <summary>What the kernel says about a running process.</summary>
internal sealed record ProcessStatistics(long ResidentBytes, TimeSpan ProcessorTime, int OpenFiles)
{
    // USER_HZ is 100 on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    public static ProcessStatistics Of(int processId)
    {
        var directory = $"/proc/{processId}";
        var resident = File.ReadLines($"{directory}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var kibibytes = long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

        // The second field is the program's name in parentheses and may hold spaces; utime and stime are the 14th and 15th.
        var stat = File.ReadAllText($"{directory}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessStatistics(
            kibibytes * 1024,
            TimeSpan.FromSeconds((double)ticks / TicksPerSecond),
            Directory.EnumerateFileSystemEntries($"{directory}/fd").Count());
    }
}
