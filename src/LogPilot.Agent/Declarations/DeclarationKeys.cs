namespace LogPilot.Agent.Declarations;

/// <summary>
/// Labels and env of one owner as a list of logs with their properties.
/// <code>
/// label   P.logs.$name[.$property]     $property is "format", "format.keys", ...
/// env     P_logs_$name[_$property]     $property with _ for each dot; overrides the label of the same meaning
/// </code>
/// </summary>
internal sealed class DeclarationKeys(IReadOnlyList<string> prefixes, DeclarationNotices notices)
{
    /// <summary>Bounds what one container can make the agent hold; the largest honest ones have a dozen.</summary>
    public const int LogsMax = 256;

    private readonly string[] _prefixes = [.. prefixes.Distinct(StringComparer.Ordinal)];
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DeclaredLog> _logs = new(StringComparer.Ordinal);
    private string? _firstBeyond;

    /// <summary>Adds labels. They come before env, which overrides them.</summary>
    public void AddLabels(IEnumerable<KeyValuePair<string, string>> labels)
    {
        foreach (var (key, value) in labels)
        {
            foreach (var prefix in _prefixes)
            {
                if (key == prefix + "_logs_custom_config" || key == prefix + ".logs.custom.config")
                {
                    SayCustomConfig(key);
                    break;
                }

                if (TryTake(key, prefix + ".logs.", out var rest))
                {
                    var (name, property) = DeclarationProperty.SplitLabel(rest);
                    Add(prefix, name, property, key, value);
                    break;
                }
            }
        }
    }

    /// <summary>Adds <c>KEY=VALUE</c> entries; later entries win.</summary>
    public void AddEnv(IEnumerable<string> env)
    {
        foreach (var entry in env)
        {
            var equals = entry?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            if (equals < 0)
            {
                continue;
            }

            AddEnv(entry![..equals], entry[(equals + 1)..]);
        }
    }

    /// <summary>The logs by name, after which nothing can be added.</summary>
    public IReadOnlyCollection<DeclaredLog> Build(out DeclarationError? beyond)
    {
        // In the order of the whole keys a log precedes its properties, unless they have a prefix that comes earlier.
        foreach (var entry in _entries.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value))
        {
            Insert(entry);
        }

        beyond = _firstBeyond is null
            ? null
            : new DeclarationError(
                PrintedText.Of(_firstBeyond),
                $"more than {LogsMax} logs are declared: {PrintedText.Of(_firstBeyond)} and those after it are rejected",
                "use wildcards in the paths, or *.log in one directory, instead of one declaration for each file");
        return _logs.Values;
    }

    private void AddEnv(string key, string value)
    {
        foreach (var prefix in _prefixes)
        {
            if (key == prefix + "_logs_custom_config")
            {
                SayCustomConfig(key);
                return;
            }

            if (!TryTake(key, prefix + "_logs_", out var rest))
            {
                continue;
            }

            var (name, property) = DeclarationProperty.SplitEnv(rest);
            if (property is null && name.Contains('_', StringComparison.Ordinal))
            {
                notices.Add($"{PrintedText.Of(key)} declares the log {PrintedText.Of(name)}; "
                    + "log-pilot does not take names with _ from env");
            }
            else if (property is "format.time_key" or "format.time_format")
            {
                notices.Add($"{PrintedText.Of(key)} sets {property} of the log {PrintedText.Of(name)}; "
                    + "log-pilot ignores it in env");
            }

            Add(prefix, name, property, key, value);
            return;
        }
    }

    private void Add(string prefix, string name, string? property, string key, string? value)
    {
        var wholeKey = property is null ? $"{prefix}.logs.{name}" : $"{prefix}.logs.{name}.{property}";
        _entries[wholeKey] = new Entry(name, property, key, value ?? "");
    }

    private void Insert(Entry entry)
    {
        if (!_logs.TryGetValue(entry.Name, out var log))
        {
            if (_logs.Count == LogsMax)
            {
                _firstBeyond ??= entry.Name;
                return;
            }

            log = new DeclaredLog(entry.Name);
            _logs.Add(entry.Name, log);
        }

        if (entry.Property is null)
        {
            log.Declare(entry.Key, entry.Value);
        }
        else if (log.Key is null)
        {
            log.OrphanKey ??= entry.Key;
        }
        else
        {
            InsertProperty(log, entry, entry.Property);
        }
    }

    private void InsertProperty(DeclaredLog log, Entry entry, string property)
    {
        switch (property)
        {
            case DeclarationProperty.Format:
                foreach (var child in log.Below(property).Select(pair => pair.Key).ToArray())
                {
                    log.Properties.Remove($"{property}.{child}");
                }

                log.Properties[property] = entry.Value;
                break;

            case DeclarationProperty.Tags or DeclarationProperty.Target or DeclarationProperty.Stream:
            case DeclarationProperty.Include or DeclarationProperty.Exclude or DeclarationProperty.Multiline:
            case DeclarationProperty.MaxBytes or DeclarationProperty.Encoding:
            case var _ when DeclarationProperty.IsBelow(property, DeclarationProperty.Multiline):
                log.Properties[property] = entry.Value;
                break;

            case var _ when DeclarationProperty.IsBelow(property, DeclarationProperty.Format):
                if (log.Properties.ContainsKey(DeclarationProperty.Format))
                {
                    log.Properties[property] = entry.Value;
                }
                else
                {
                    notices.Add($"{PrintedText.Of(entry.Key)} is ignored: the log {log.PrintedName} has no format");
                }

                break;

            default:
                notices.Add($"{PrintedText.Of(entry.Key)} is ignored: it is no property of a log "
                    + $"({DeclarationProperty.Known})");
                break;
        }
    }

    private void SayCustomConfig(string key)
        => notices.Add($"{PrintedText.Of(key)} is not applied yet: "
            + "its multiline.* can be declared as properties of the log, its fields as tags");

    private static bool TryTake(string key, string start, out string rest)
    {
        var isTaken = key.StartsWith(start, StringComparison.Ordinal);
        rest = isTaken ? key[start.Length..] : "";
        return isTaken;
    }

    private sealed record Entry(string Name, string? Property, string Key, string Value);
}
