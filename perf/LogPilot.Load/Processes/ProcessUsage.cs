using System.Globalization;

namespace LogPilot.Load.Processes;

/// <summary>What the kernel says that a process has used so far.</summary>
/// <param name="Cpu">In user and system mode, all its threads, in steps of 10 ms.</param>
/// <param name="Resident">Bytes in memory now.</param>
/// <param name="ResidentPeak">The most bytes in memory at any time.</param>
internal sealed record ProcessUsage(TimeSpan Cpu, long Resident, long ResidentPeak)
{
    // USER_HZ is 100 on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    public static ProcessUsage Of(int processId)
    {
        // The second field is the program's name in parentheses and may hold spaces; utime and stime are the 14th and 15th.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        var status = File.ReadAllLines($"/proc/{processId}/status");
        return new ProcessUsage(TimeSpan.FromSeconds((double)ticks / TicksPerSecond), Bytes(status, "VmRSS:"), Bytes(status, "VmHWM:"));
    }

    /// <summary>A line such as <c>VmRSS:     1234 kB</c>; zero for a process that has ended.</summary>
    private static long Bytes(string[] status, string name)
    {
        var line = Array.Find(status, line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
