using LogPilot.Linux;

namespace LogPilot.Agent.Files;

/// <summary>
/// Limits what deleted files may take of the disk only because the agent holds them open until they are delivered. The oldest is given
/// up first.
/// </summary>
internal sealed class HeldFiles(TailOptions options)
{
    /// <param name="files">Among them all that have lost their names, in the order in which they were rotated away.</param>
    /// <param name="giveUp">Called for each file that has to go.</param>
    public void Limit(IReadOnlyList<TailedFile> files, Action<TailedFile, LossReason> giveUp)
    {
        var held = Held(files);
        var bytes = held.Sum(one => one.Bytes);
        foreach (var (file, size) in held)
        {
            if (bytes > options.HeldBytesMax)
            {
                giveUp(file, LossReason.HeldBytes);
                bytes -= size;
            }
            else if (LinuxFile.FreeShareOf(file.Content.Handle) * 100 < options.DiskFreePercentMin)
            {
                // One at a time: what it frees is seen when it is gone.
                giveUp(file, LossReason.DiskSpace);
                return;
            }
        }
    }

    private static List<(TailedFile File, long Bytes)> Held(IReadOnlyList<TailedFile> files)
    {
        var held = new List<(TailedFile File, long Bytes)>();
        foreach (var file in files)
        {
            if (file.Orphaned && LinuxFile.TryStat(file.Content.Handle, out var stat) && stat is { LinkCount: 0, Size: > 0 })
            {
                held.Add((file, stat.Size));
            }
        }

        return held;
    }
}
