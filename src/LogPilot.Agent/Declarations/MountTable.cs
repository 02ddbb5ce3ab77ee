using LogPilot.Agent.Containers;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// The mounts of a container, by which its paths become paths on the host. The nearest mount at or above the directory
/// of a path holds it; a mount at the root holds only files in the root itself, as in log-pilot.
/// </summary>
internal sealed class MountTable
{
    // Enough to see what a container has, in an error of readable length.
    private const int PrintedMax = 10;

    // By cleaned destination. An engine refuses equal ones; should it not, the later one hides the earlier.
    private readonly SortedDictionary<string, ContainerMount> _mounts = new(StringComparer.Ordinal);

    public MountTable(IReadOnlyList<ContainerMount> mounts)
    {
        foreach (var mount in mounts)
        {
            if (mount?.Destination is { Length: > 0 } destination && destination[0] == '/')
            {
                _mounts[DeclaredPath.Clean(destination)] = mount;
            }
        }
    }

    /// <summary>Finds the place of <paramref name="path"/> on the host, or an error of <paramref name="log"/>.</summary>
    public MountedPath? Resolve(
        DeclaredPath path, DeclaredLog log, DeclarationNotices notices, out DeclarationError? error)
    {
        error = null;
        if (path.File.Length == 0)
        {
            error = NotMounted(path, log, "name a file, not the root directory");
            return null;
        }

        if (_mounts.TryGetValue(path.Whole, out var single) && MayBeFile(single))
        {
            return ResolveSingleFile(path, path.Whole, log, notices, out error);
        }

        if (NearestAbove(path.Directory) is { } nearest)
        {
            SayHidden(path, nearest, log, notices);
            return ResolveBelow(path, nearest, log, out error);
        }

        return ResolveByWildcard(path, log, notices, out error);
    }

    private MountedPath? ResolveSingleFile(
        DeclaredPath path, string destination, DeclaredLog log, DeclarationNotices notices, out DeclarationError? error)
    {
        if (!TryCleanSource(_mounts[destination], out var source) || source == "/")
        {
            error = NoSource(path, destination, log);
            return null;
        }

        // Only the file system knows whether it is a file, and reading declarations does not ask it.
        if (!path.File.Contains('.', StringComparison.Ordinal))
        {
            notices.Add($"in log {log.PrintedName}: the mount {Print(destination)} is taken for a single file; "
                + $"if it is a directory, declare {Print(destination)}/*");
        }

        error = null;
        var file = source[(source.LastIndexOf('/') + 1)..];
        return new MountedPath(path.Declared, DeclaredPath.ParentOf(source), Wildcard.Escape(file));
    }

    private MountedPath? ResolveBelow(
        DeclaredPath path, string destination, DeclaredLog log, out DeclarationError? error)
    {
        if (!TryCleanSource(_mounts[destination], out var source))
        {
            error = NoSource(path, destination, log);
            return null;
        }

        error = null;
        var pattern = path.Whole[(destination == "/" ? 1 : destination.Length + 1)..];
        return new MountedPath(path.Declared, source, pattern);
    }

    // No mount is named literally by the path. One that its wildcards match is as good; several need a log each.
    private MountedPath? ResolveByWildcard(
        DeclaredPath path, DeclaredLog log, DeclarationNotices notices, out DeclarationError? error)
    {
        var matches = MatchedByWildcard(path, "/");
        if (matches.Count == 0)
        {
            error = NotMounted(path, log, FixOfNotMounted(path));
            return null;
        }

        var destination = matches[0];
        var parts = path.Whole.Split('/');
        var partsAbove = PartCount(destination);
        var isAnyDepth = parts.Take(partsAbove).Contains("**");
        if (matches.Count > 1 || isAnyDepth)
        {
            string[] example = [destination, .. isAnyDepth ? [path.File] : parts[partsAbove..]];
            error = log.Error(
                $"in log {log.PrintedName}: {Print(path.Declared)} has wildcards for the mounts {PrintList(matches)}",
                $"declare a log for each mount, such as {Print(string.Join('/', example))}; "
                    + "they may have the same target");
            return null;
        }

        if (partsAbove == parts.Length)
        {
            return ResolveSingleFile(path, destination, log, notices, out error);
        }

        var below = $"{destination}/{string.Join('/', parts[partsAbove..])}";
        return ResolveBelow(path with { Directory = DeclaredPath.ParentOf(below) }, destination, log, out error);
    }

    private string? NearestAbove(string directory)
    {
        for (var at = directory; ; at = DeclaredPath.ParentOf(at))
        {
            if (_mounts.ContainsKey(at) && (at != "/" || directory == "/"))
            {
                return at;
            }

            if (at == "/")
            {
                return null;
            }
        }
    }

    // Files of a mount inside the mount that was found are not in the source of the latter.
    private void SayHidden(DeclaredPath path, string nearest, DeclaredLog log, DeclarationNotices notices)
    {
        var hidden = Wildcard.IsIn(path.Whole) ? MatchedByWildcard(path, nearest) : [];
        if (hidden.Count > 0)
        {
            notices.Add($"in log {log.PrintedName}: {Print(path.Declared)} is searched in the mount {Print(nearest)}, "
                + $"not in {PrintList(hidden)}, which needs a log of its own");
        }
    }

    private List<string> MatchedByWildcard(DeclaredPath path, string above)
    {
        var parts = path.Whole.Split('/');
        return [.. _mounts
            .Where(mount => mount.Key.Length > above.Length
                && mount.Key.StartsWith(above, StringComparison.Ordinal)
                && (above == "/" || mount.Key[above.Length] == '/')
                && MayHold(parts, mount.Key.Split('/'), mount.Value))
            .Select(mount => mount.Key)];
    }

    private static bool MayHold(string[] pattern, string[] destination, ContainerMount mount)
    {
        for (var at = 0; at < destination.Length; at++)
        {
            if (at == pattern.Length)
            {
                return false;
            }

            if (pattern[at] == "**")
            {
                return true;
            }

            if (!Wildcard.IsMatch(pattern[at], destination[at]))
            {
                return false;
            }
        }

        return destination.Length < pattern.Length || MayBeFile(mount);
    }

    // A mount without a directory on the host, such as a tmpfs, has no source. It must not become the host's root.
    private static bool TryCleanSource(ContainerMount mount, out string source)
    {
        var isPath = mount.Source is { Length: > 0 } declared && declared[0] == '/';
        source = isPath ? DeclaredPath.Clean(mount.Source) : "";
        return isPath;
    }

    private static bool MayBeFile(ContainerMount mount) => mount.Type is not ("volume" or "tmpfs");

    // The part before the leading slash counts too.
    private static int PartCount(string path) => path.Count(character => character == '/') + 1;

    private string FixOfNotMounted(DeclaredPath path)
    {
        if (_mounts.ContainsKey(path.Whole))
        {
            return $"{Print(path.Whole)} is a mounted directory: name the files in it, such as {Print(path.Whole)}/*.log";
        }

        if (path.Declared.Contains(",/", StringComparison.Ordinal))
        {
            return "declare one path for each log; several logs may have the same target";
        }

        var mounts = _mounts.Count == 0 ? "the container has no mounts" : $"mounts are {PrintList([.. _mounts.Keys])}";
        var directory = path.Directory;
        while (Wildcard.IsIn(directory))
        {
            directory = DeclaredPath.ParentOf(directory);
        }

        return directory == "/"
            ? $"write the logs into a directory of their own and mount a volume there ({mounts})"
            : $"mount a volume at {Print(directory)} ({mounts})";
    }

    private static DeclarationError NoSource(DeclaredPath path, string destination, DeclaredLog log)
        => NotMounted(
            path,
            log,
            $"the mount {Print(destination)} has no directory on the host, such as a tmpfs: use a volume instead");

    private static DeclarationError NotMounted(DeclaredPath path, DeclaredLog log, string fix)
        => log.Error($"in log {log.PrintedName}: {Print(path.Declared)} is not mount on host", fix);

    private static string Print(string path) => PrintedText.Of(path);

    private static string PrintList(List<string> paths)
        => string.Join(", ", paths.Take(PrintedMax).Select(Print)) + (paths.Count > PrintedMax ? ", …" : "");
}
