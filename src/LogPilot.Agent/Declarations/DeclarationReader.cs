using LogPilot.Agent.Containers;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Reads what labels and env declare. The order of the checks and the texts of the errors are log-pilot's, since people
/// search for them.
/// </summary>
internal sealed class DeclarationReader(DeclarationOptions options)
{
    private const int NameLengthMax = 200;

    // Linux takes no longer path.
    private const int PathLengthMax = 4096;

    private const string Stdout = "stdout";

    /// <summary>What a container declares. Never throws, whatever the container declares.</summary>
    public DeclarationSet Read(ContainerSnapshot container)
    {
        var notices = new DeclarationNotices();
        var keys = new DeclarationKeys(options.Prefixes, notices);
        keys.AddLabels(container.Labels);
        keys.AddEnv(container.Env);
        var declared = keys.Build(out var beyond);

        var logs = ReadLogs(declared, beyond, new MountTable(container.Mounts), notices, out var errors);
        if (options.DefaultIndex is { } index && declared.All(log => log.Key is null))
        {
            logs.Add(DefaultLog(index, notices));
        }

        return new DeclarationSet(logs, errors, notices.ToList());
    }

    /// <summary>What the agent's own environment declares: files of the host itself.</summary>
    public DeclarationSet ReadHost(IReadOnlyList<string> env)
    {
        var notices = new DeclarationNotices();
        var keys = new DeclarationKeys(options.Prefixes, notices);
        keys.AddEnv(env);
        var declared = keys.Build(out var beyond);

        var logs = ReadLogs(declared, beyond, mounts: null, notices, out var errors);
        return new DeclarationSet(logs, errors, notices.ToList());
    }

    private List<LogDeclaration> ReadLogs(
        IReadOnlyCollection<DeclaredLog> declared,
        DeclarationError? beyond,
        MountTable? mounts,
        DeclarationNotices notices,
        out List<DeclarationError> errors)
    {
        var logs = new List<LogDeclaration>();
        errors = [];
        foreach (var log in declared)
        {
            var read = ReadLog(log, mounts, notices, out var error);
            if (read is not null)
            {
                logs.Add(read);
            }
            else if (error is not null)
            {
                errors.Add(error);
            }
        }

        if (beyond is not null)
        {
            errors.Add(beyond);
        }

        if (options.Strict && errors.Count > 0)
        {
            logs.Clear();
        }

        return logs;
    }

    private static LogDeclaration? ReadLog(
        DeclaredLog log, MountTable? mounts, DeclarationNotices notices, out DeclarationError? error)
    {
        error = CheckName(log);
        if (error is not null)
        {
            return null;
        }

        var path = log.Value.Trim();
        error = CheckPath(log, path);
        if (error is not null
            || !TagsReader.TryRead(log, out var tags, out error)
            || !FormatReader.TryRead(log, out var format, out error)
            || !MultilineReader.TryRead(log, out var multiline, out error)
            || !TryReadStreams(log, path, notices, out var streams, out error))
        {
            return null;
        }

        MountedPath? mounted = null;
        if (path == Stdout)
        {
            error = mounts is null ? StdoutOfHost(log) : null;
        }
        else
        {
            mounted = ReadPath(log, path, mounts, notices, out error);
        }

        if (error is not null)
        {
            return null;
        }

        var target = log.Properties.GetValueOrDefault(DeclarationProperty.Target)?.Trim();
        target = string.IsNullOrEmpty(target) ? log.Name : target;
        var index = TagsReader.Take(tags, "index") ?? target;
        var topic = TagsReader.Take(tags, "topic") ?? target;
        NameReserved(log, tags, notices);
        return new LogDeclaration
        {
            Name = log.Name,
            Streams = streams,
            Path = mounted,
            Format = format,
            Multiline = multiline,
            Index = ReadIndex(log.PrintedName, index, notices),
            Topic = topic,
            Tags = tags,
        };
    }

    private static void NameReserved(
        DeclaredLog log, List<KeyValuePair<string, string>> tags, DeclarationNotices notices)
    {
        foreach (var tag in tags.Where(tag => ReservedFields.Has(tag.Key)))
        {
            notices.Add($"log {log.PrintedName}: the tag {PrintedText.Of(tag.Key)} is left out, since only the agent writes a field of that name");
        }
    }

    private static DeclarationError? CheckName(DeclaredLog log)
    {
        // A key of a prefix that comes earlier can be an orphan although the log is declared, as in log-pilot.
        if (log.OrphanKey is not null)
        {
            return log.Error(
                $"{log.PrintedName} has no parent node",
                $"{PrintedText.Of(log.OrphanKey)} needs a log named {log.PrintedName} with the same prefix, "
                    + "set to stdout or a path; if it belongs to another product, ignore this");
        }

        // log-pilot collects a log without a name, into an index that begins with the - before the date.
        if (log.Name.Length == 0)
        {
            return log.Error("the name of a log is empty", $"write a name at the end of {PrintedText.Of(log.Key!)}");
        }

        if (log.Name.Length > NameLengthMax)
        {
            return log.Error(
                $"the name of log {log.PrintedName} is longer than {NameLengthMax} characters",
                "choose a shorter name; the index can be set by target");
        }

        return log.Name.Any(char.IsControl)
            ? log.Error($"the name of log {log.PrintedName} has control characters", "use letters, digits, - and _")
            : null;
    }

    private static DeclarationError? CheckPath(DeclaredLog log, string path)
    {
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

    private static bool TryReadStreams(
        DeclaredLog log,
        string path,
        DeclarationNotices notices,
        out StandardStreams streams,
        out DeclarationError? error)
    {
        error = null;
        streams = path == Stdout ? StandardStreams.Both : StandardStreams.None;
        if (!log.Properties.TryGetValue(DeclarationProperty.Stream, out var declared))
        {
            return true;
        }

        if (path != Stdout)
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

    private static string ReadIndex(string printedName, string declared, DeclarationNotices notices)
    {
        var valid = IndexName.MakeValid(declared);
        if (valid != declared)
        {
            notices.Add($"in log {printedName}: Elasticsearch refuses the index name {PrintedText.Of(declared)}, "
                + $"{valid} is used");
        }

        return valid;
    }

    private static LogDeclaration DefaultLog(string name, DeclarationNotices notices) => new()
    {
        Name = name,
        Streams = StandardStreams.Both,
        Index = ReadIndex(PrintedText.Of(name), name, notices),
        Topic = name,
    };
}
