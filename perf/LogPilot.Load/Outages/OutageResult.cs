using System.Globalization;
using LogPilot.Load.Chaos;

namespace LogPilot.Load.Outages;

/// <summary>What an outage took of the machine, and what became of the lines.</summary>
internal sealed record OutageResult
{
    private const double ResidentGrowthMax = 1.25;
    private const long ResidentMax = 32 * MiB;
    private const long MiB = 1024 * 1024;

    public required IReadOnlyList<LogResult> Logs { get; init; }
    public required int Altered { get; init; }

    /// <summary>In memory at most before the outage, with every line delivered as it came.</summary>
    public required long ResidentBefore { get; init; }

    public required long ResidentDuring { get; init; }
    public required long ResidentBehind { get; init; }
    public required long WrittenBytes { get; init; }
    public required long HeldPeak { get; init; }
    public required int FilesPeak { get; init; }
    public required IReadOnlyList<CountedLoss> Losses { get; init; }

    /// <summary>Bytes of the loud log whose lines are not stored.</summary>
    public required long MissingBytes { get; init; }

    public required Drain Drain { get; init; }

    /// <summary>By how many places, at most, a line of the loud log came later than in the order in which they were written.</summary>
    public required int ReorderedBy { get; init; }

    public required string Troubles { get; init; }
    public required bool HasStopped { get; init; }

    private long CountedBytes => Losses.Sum(loss => loss.Bytes);

    private long ResidentPeak => Math.Max(ResidentDuring, ResidentBehind);

    /// <summary>What is wrong; empty if all is well.</summary>
    public IEnumerable<string> Faults()
    {
        if (ResidentPeak > ResidentMax)
        {
            yield return $"The agent took more memory than {Show(ResidentMax)}.";
        }

        if (ResidentPeak > ResidentBefore * ResidentGrowthMax)
        {
            yield return "The agent's memory grew by more than a quarter.";
        }

        if (MissingBytes != CountedBytes)
        {
            yield return $"{MissingBytes} bytes are missing and {CountedBytes} were counted: {Logs[0].MissingNumbers}.";
        }

        // The loud log is the first; the quiet one is never given up.
        if (Logs.Skip(1).Any(log => log.Missing.Count > 0))
        {
            yield return "Lines are missing of a log that nothing was given up of.";
        }

        if (Logs.Any(log => log.Duplicates.Count > 0) || Altered > 0)
        {
            yield return "Lines were stored twice, or not as they were written.";
        }

        if (!HasStopped)
        {
            yield return "The agent did not stop in time, or with an error.";
        }
    }

    public void Print(TextWriter writer)
    {
        writer.WriteLine(LogResult.Header);
        foreach (var log in Logs)
        {
            writer.WriteLine(log);
        }

        writer.WriteLine($"server      {Troubles}");
        writer.WriteLine($"RSS         at most {Show(ResidentBefore)} before, {Show(ResidentDuring)} during, {Show(ResidentBehind)} behind the outage");
        writer.WriteLine($"written     {Show(WrittenBytes)}");
        writer.WriteLine($"held        {Show(HeldPeak)} of deleted files at most, {FilesPeak} descriptors");
        writer.WriteLine($"missing     {MissingBytes} bytes");
        foreach (var loss in Losses)
        {
            writer.WriteLine($"counted     {loss.Bytes} bytes of {loss.Container}: {loss.Reason}");
        }

        writer.WriteLine(
            $"return      first line after {Show(Drain.First)}, quiet log live after {Show(Drain.QuietLive)}, backlog stored after {Show(Drain.Over)}");
        writer.WriteLine($"drain       newest line of the quiet log at most {Show(Drain.QuietAgeMax)} old, loud log out of order by {ReorderedBy} lines at most");
    }

    private static string Show(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)MiB:0.0} MiB");

    private static string Show(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
