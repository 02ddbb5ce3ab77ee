using LogPilot.Agent.Containers;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Reads what labels and env declare. The order of the checks and the texts of the errors are log-pilot's, since people
/// search for them.
/// </summary>
internal sealed class DeclarationReader(DeclarationOptions options)
{
    private const int NameLengthMax = 200;

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

    private LogDeclaration? ReadLog(
        DeclaredLog log, MountTable? mounts, DeclarationNotices notices, out DeclarationError? error)
    {
        error = CheckName(log);
        if (error is not null)
        {
            return null;
        }

        error = SourceReader.CheckValue(log);
        if (error is not null
            || !TagsReader.TryRead(log, out var tags, out error)
            || !FormatReader.TryRead(log, notices, out var format, out error)
            || !MultilineReader.TryRead(log, out var multiline, out error)
            || !FilterReader.TryRead(log, DeclarationProperty.Include, out var include, out error)
            || !FilterReader.TryRead(log, DeclarationProperty.Exclude, out var exclude, out error)
            || !LimitReader.TryRead(log, out var lineBytesMax, out error)
            || !EncodingReader.TryRead(log, notices, out var encoding, out error)
            || !SourceReader.TryRead(log, mounts, notices, out var streams, out var path, out error))
        {
            return null;
        }

        format = WithoutBadTimeFormat(log, format, notices);
        var target = log.Properties.GetValueOrDefault(DeclarationProperty.Target)?.Trim();
        target = string.IsNullOrEmpty(target) ? log.Name : target;
        var index = TagsReader.Take(tags, "index") ?? target;
        var topic = TagsReader.Take(tags, "topic") ?? target;
        TagsReader.AddCustomFields(log, tags, notices);
        NameReserved(log, tags, notices);
        return new LogDeclaration
        {
            Name = log.Name,
            Streams = streams,
            Path = path,
            Format = format,
            Multiline = multiline,
            Include = include,
            Exclude = exclude,
            LineBytesMax = lineBytesMax,
            Encoding = encoding,
            Index = ReadIndex(log.PrintedName, index, notices),
            Topic = topic,
            Tags = tags,
        };
    }

    // log-pilot's Filebeat never looked at it, so a log must not be lost for it.
    private LogFormat WithoutBadTimeFormat(DeclaredLog log, LogFormat format, DeclarationNotices notices)
    {
        if (format.TimeFormat is not { } declared || options.ErrorOfTimeFormat(declared) is not { } reason)
        {
            return format;
        }

        notices.Add($"in log {log.PrintedName}: time_format {PrintedText.Of(declared)} is not used: {PrintedText.Of(reason)}; "
            + "times are read without it where they are in a common form");
        return format with { TimeFormat = null };
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
