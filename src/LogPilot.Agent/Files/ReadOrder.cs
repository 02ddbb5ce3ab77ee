namespace LogPilot.Agent.Files;

/// <summary>Whether it is a file's turn, and whether it is the turn of what follows it: older files of a chain come first.</summary>
internal sealed class ReadOrder(FileFinder finder)
{
    // Unpacking takes some 50 KiB a file, so few are unpacked at a time.
    private const int UnpackingMax = 4;

    /// <summary>Whether a file is not read before another one, after a last look for that.</summary>
    public bool HasToWait(TailedFile file) => IsBehindAnother(file) || IsBehindAnotherNow(file);

    /// <param name="open">All files that are open.</param>
    public static bool MayUnpack(TailedFile file, IEnumerable<TailedFile> open) =>
        file.Content is not GzipContent { IsUnpacking: false }
        || open.Count(one => one.Content is GzipContent { IsUnpacking: true }) < UnpackingMax;

    /// <summary>The last file before the one that is written now is looked at once more before that one is begun.</summary>
    public static bool MayBeWrittenStill(TailedFile file)
    {
        if (file.Source.Layout != FileLayout.Cri || !file.HasBacklog || file.Content.IsFinal
            || file.Chain.After(file)?.Rotation.IsLive != true || file.QuietAt == file.Reader.Position)
        {
            return false;
        }

        file.QuietAt = file.Reader.Position;
        return true;
    }

    // What was rotated away comes first. Where it can be cut in the middle of a line, its successor is not begun without it.
    private static bool IsBehindAnother(TailedFile file)
    {
        if (file.Chain.Before(file) is not { } before)
        {
            return false;
        }

        var mayBegin = file.Reader.Position > 0 || file.Chain.NextOf(before) != file;
        return file.Reader.AwaitsOlder || (before.HasBacklog && (before.RestsUntil == 0 || !mayBegin));
    }

    // A copy that waits may have what stood in a file before that was cut, if nothing was read of it and so nothing is known.
    private bool IsBehindAnotherNow(TailedFile file)
    {
        if (file.Reader.Position > 0 || !file.Chain.HasAwaiting)
        {
            return false;
        }

        finder.Rescan(file);
        return IsBehindAnother(file);
    }
}
