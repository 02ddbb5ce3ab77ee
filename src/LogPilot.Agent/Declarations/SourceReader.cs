using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Declarations;

/// <summary>Reads where a log comes from: <c>stdout</c>, of which <c>stream</c> selects one, or a path.</summary>
internal static class SourceReader
{
    // Linux takes no longer path.
    private const int PathLengthMax = 4096;

    private const string Stdout = "stdout";

    /// <summary>What is wrong with the value whatever it names; the first of all checks, as in log-pilot.</summary>
    public static DeclarationError? CheckValue(DeclaredLog log)
    {
        var path = log.Value.Trim();
        if (path.Length == 0)
        {
            return log.Error($"path for {log.PrintedName} is empty", $"set {PrintedText.Of(log.Key!)} to stdout or a path");
        }

        if (path.Length > PathLengthMax)
        {
            return log.Error($"path for {log.PrintedName} is longer than {PathLengthMax} characters", "use a shorter path");
        }

        return path.Contains('\0', StringComparison.Ordinal)
            ? log.Error($"path for {log.PrintedName} has a zero character", "use a path that the container can open")
            : null;
    }

    /// <param name="mounts">Of the container; null for the host itself, which has no streams.</param>
    /// <param name="streams">None for a log in files.</param>
    /// <param name="path">Null for a log on standard output.</param>
    public static bool TryRead(
        DeclaredLog log,
        MountTable? mounts,
        DeclarationNotices notices,
        out StandardStreams streams,
        out MountedPath? path,
        [NotNullWhen(false)] out DeclarationError? error)
    {
        path = null;
        var value = log.Value.Trim();
        if (!TryReadStreams(log, notices, out streams, out error))
        {
            return false;
        }

        if (log.IsStdout)
        {
            error = mounts is null ? StdoutOfHost(log) : null;
        }
        else
        {
            path = ReadPath(log, value, mounts, notices, out error);
        }

        return error is null;
    }

    private static bool TryReadStreams(
        DeclaredLog log,
        DeclarationNotices notices,
        out StandardStreams streams,
        [NotNullWhen(false)] out DeclarationError? error)
    {
        error = null;
        streams = log.IsStdout ? StandardStreams.Both : StandardStreams.None;
        if (!log.Properties.TryGetValue(DeclarationProperty.Stream, out var declared))
        {
            return true;
        }

        if (!log.IsStdout)
        {
            notices.Add($"in log {log.PrintedName}: stream is ignored, it is for stdout only");
            return true;
        }

        streams = declared.Trim().ToLowerInvariant() switch
        {
            "stdout" => StandardStreams.Stdout,
            "stderr" => StandardStreams.Stderr,
            _ => StandardStreams.None,
        };
        if (streams == StandardStreams.None)
        {
            error = log.Error(
                $"in log {log.PrintedName}: stream error: unsupported stream: {PrintedText.Of(declared)}",
                "use stdout or stderr, or remove it to collect both");
        }

        return error is null;
    }

    private static MountedPath? ReadPath(
        DeclaredLog log, string path, MountTable? mounts, DeclarationNotices notices, out DeclarationError? error)
    {
        if (path[0] != '/')
        {
            error = log.Error(
                $"{PrintedText.Of(path)} must be absolute path, for {log.PrintedName}", FixOfRelative(log, path));
            return null;
        }

        var declared = DeclaredPath.Parse(path);
        if (path[^1] == '/' && declared.File.Length > 0)
        {
            var file = PrintedText.Of(declared.File);
            notices.Add($"in log {log.PrintedName}: {PrintedText.Of(path)} means the file {file} in that directory, "
                + $"as in log-pilot; for all its files declare {PrintedText.Of(declared.Directory)}/*");
        }

        if (mounts is not null)
        {
            return mounts.Resolve(declared, log, notices, out error);
        }

        error = declared.File.Length == 0
            ? log.Error(
                $"in log {log.PrintedName}: {PrintedText.Of(path)} is no file", "name a file, such as /var/log/syslog")
            : null;
        return error is null ? new MountedPath(path, "/", declared.Whole[1..]) : null;
    }

    private static string FixOfRelative(DeclaredLog log, string path)
    {
        if (path.Equals(Stdout, StringComparison.OrdinalIgnoreCase))
        {
            return "write stdout in lower case";
        }

        if (path.Equals("stderr", StringComparison.OrdinalIgnoreCase))
        {
            return "declare stdout, which holds both streams, and stream=stderr to select one";
        }

        if (path[0] is '"' or '\'')
        {
            return "remove the quotes, which are part of the value here";
        }

        var fix = "begin the path with /, as it is inside the container, or use stdout";
        return log.Name.Contains('_', StringComparison.Ordinal)
            ? $"{fix}; if {PrintedText.Of(log.Key!)} was meant as a property, the known ones are {DeclarationProperty.Known}"
            : fix;
    }

    private static DeclarationError StdoutOfHost(DeclaredLog log)
        => log.Error(
            $"in log {log.PrintedName}: stdout is only for containers, the host has none",
            "set it to a path on the host; to collect the stdout of a container, declare it on that container");
}
