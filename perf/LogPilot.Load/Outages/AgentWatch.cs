using LogPilot.Load.Processes;

namespace LogPilot.Load.Outages;

/// <summary>Looks again and again at what an agent takes of the machine.</summary>
internal sealed class AgentWatch(ChildProcess process)
{
    /// <summary>The most bytes in memory since the last <see cref="Reset"/>.</summary>
    public long ResidentPeak { get; private set; }

    /// <summary>The most bytes of deleted files that were open at a time.</summary>
    public long HeldPeak { get; private set; }

    /// <summary>The most files that were open at a time.</summary>
    public int FilesPeak { get; private set; }

    /// <summary>The next peak is that from now on; the peak so far.</summary>
    public long Reset()
    {
        Look();
        var peak = ResidentPeak;

        // The kernel forgets its own peak, so that between two looks nothing is missed.
        File.WriteAllText($"/proc/{process.Id}/clear_refs", "5");
        ResidentPeak = 0;
        Look();
        return peak;
    }

    public void Look()
    {
        if (process.HasExited)
        {
            throw new LoadException($"The agent has ended by itself. It said:\n{process.LogTail}");
        }

        ResidentPeak = Math.Max(ResidentPeak, process.Usage().ResidentPeak);
        var files = Directory.GetFiles($"/proc/{process.Id}/fd");
        FilesPeak = Math.Max(FilesPeak, files.Length);
        HeldPeak = Math.Max(HeldPeak, files.Sum(DeletedBytes));
    }

    private static long DeletedBytes(string descriptor)
    {
        try
        {
            if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName.EndsWith(" (deleted)", StringComparison.Ordinal) != true)
            {
                return 0;
            }

            using var file = File.OpenHandle(descriptor, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return RandomAccess.GetLength(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Closed meanwhile.
            return 0;
        }
    }
}
