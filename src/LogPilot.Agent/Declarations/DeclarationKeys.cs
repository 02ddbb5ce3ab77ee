namespace LogPilot.Agent.Declarations;

/// <summary>
/// Labels and env of one owner as a list of logs with their properties.
/// <code>
/// label   P.logs.$name[.$property]     $property is "format", "format.keys", ...
/// env     P_logs_$name[_$property]     $property with _ for each dot; overrides the label of the same meaning
/// either  P_logs_custom_config         options of Filebeat for any of the logs
/// </code>
/// </summary>
internal sealed class DeclarationKeys(IReadOnlyList<string> prefixes, DeclarationNotices notices)
{
    /// <summary>Bounds what one container can make the agent hold; the largest honest ones have a dozen.</summary>
    public const int LogsMax = 256;

    private const string CustomConfigKey = "_logs_custom_config";

    private readonly string[] _prefixes = [.. prefixes.Distinct(StringComparer.Ordinal)];
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DeclaredLog> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Key, string Text)> _customConfigs = new(StringComparer.Ordinal);
    private string? _firstBeyond;

    /// <summary>Adds labels. They come before env, which overrides them.</summary>
    public void AddLabels(IEnumerable<KeyValuePair<string, string>> labels)
    {
        foreach (var (key, value) in labels)
        {
            if (!TryAddLabel(key, value))
            {
                NoticeForm(key);
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

            var key = entry![..equals];
            if (!TryAddEnv(key, entry[(equals + 1)..]))
            {
                NoticeForm(key);
            }
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

        var customConfig = new CustomConfig(_logs, notices);
        foreach (var prefix in _prefixes)
        {
            if (_customConfigs.TryGetValue(prefix, out var declared))
            {
                customConfig.Add(declared.Key, declared.Text);
            }
        }

        customConfig.Apply();
        beyond = _firstBeyond is null
            ? null
            : new DeclarationError(
                PrintedText.Of(_firstBeyond),
                $"more than {LogsMax} logs are declared: {PrintedText.Of(_firstBeyond)} and those after it are rejected",
                "use wildcards in the paths, or *.log in one directory, instead of one declaration for each file");
        return _logs.Values;
    }

    private bool TryAddLabel(string key, string? value)
    {
        foreach (var prefix in _prefixes)
        {
            if (key == prefix + CustomConfigKey)
            {
                _customConfigs[prefix] = (key, value ?? "");
                return true;
            }

            // The label that log-pilot meant and misses: the one above wins if both are there.
            if (key == prefix + ".logs.custom.config")
            {
                _customConfigs.TryAdd(prefix, (key, value ?? ""));
                return true;
            }

            if (TryTake(key, prefix + ".logs.", out var rest))
            {
                var (name, property) = DeclarationProperty.SplitLabel(rest);
                Add(prefix, name, property, key, value);
                return true;
            }
        }

        return false;
    }

    private bool TryAddEnv(string key, string value)
    {
        foreach (var prefix in _prefixes)
        {
            if (key == prefix + CustomConfigKey)
            {
                _customConfigs[prefix] = (key, value);
                return true;
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
            return true;
        }

        return false;
    }

    // Upper case, a label with _ or env with dots: log-pilot says nothing, and its users search for hours.
    private void NoticeForm(string key)
    {
        var form = key.Replace('.', '_');
        foreach (var prefix in _prefixes)
        {
            if (form.StartsWith($"{prefix.Replace('.', '_')}_logs_", StringComparison.OrdinalIgnoreCase))
            {
                notices.Add($"{PrintedText.Of(key)} is ignored: labels begin with {prefix}.logs. and env with {prefix}_logs_, "
                    + "in exactly these letters");
                return;
            }
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

    private static bool TryTake(string key, string start, out string rest)
    {
        var isTaken = key.StartsWith(start, StringComparison.Ordinal);
        rest = isTaken ? key[start.Length..] : "";
        return isTaken;
    }

    private sealed record Entry(string Name, string? Property, string Key, string Value);
}
