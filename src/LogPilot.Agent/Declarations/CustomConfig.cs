namespace LogPilot.Agent.Declarations;

/// <summary>
/// The text of <c>P_logs_custom_config</c>: options of Filebeat for the logs of one owner. What is known becomes a property
/// or a field of the log, unless the log declares it itself; the rest is named.
/// <code>
/// line     $name "." $option "=" $value      blanks around each are dropped; an empty line, or one that begins with #, is none
/// $option  "fields." $key | "multiline." ("pattern" | "negate" | "match" | "max_lines" | "timeout")
///          | "include_lines" | "exclude_lines" | "max_bytes" | "encoding"
/// $value   as in YAML on one line: plain, 'quoted', "quoted", or [a list]
/// </code>
/// log-pilot takes any log whose name the line begins with, pastes the value as it is, and dies of a line without =.
/// </summary>
internal sealed class CustomConfig(IReadOnlyDictionary<string, DeclaredLog> logs, DeclarationNotices notices)
{
    /// <summary>Half of what Linux lets one env variable hold.</summary>
    public const int TextLengthMax = 64 * 1024;

    /// <summary>Four for each of as many logs as there can be.</summary>
    public const int LinesMax = 1024;

    private const int PrintedOptionsMax = 20;
    private const string FieldsStart = "fields.";

    // In the order in which the logs are named, for the notices.
    private readonly SortedDictionary<string, Options> _options = new(StringComparer.Ordinal);

    /// <summary>Reads a text. Of equal options the last wins.</summary>
    /// <param name="key">The label or env that holds it, to be named in notices.</param>
    public void Add(string key, string text)
    {
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            if (range.End.Value > TextLengthMax || number == LinesMax)
            {
                notices.Add($"{PrintedText.Of(key)} is read up to line {number} only: it has more than {LinesMax} lines or "
                    + $"{TextLengthMax} characters");
                return;
            }

            number++;
            var line = text[range].Trim();
            if (line.Length > 0 && line[0] != '#' && ReadLine(line) is { } reason)
            {
                notices.Add($"{PrintedText.Of(key)}: line {number} is ignored: {reason}");
            }
        }
    }

    /// <summary>Hands what was read to the logs. Called once.</summary>
    public void Apply()
    {
        foreach (var (name, options) in _options)
        {
            var log = logs[name];
            log.CustomFields.AddRange(options.Fields);
            foreach (var (option, value) in options.Known)
            {
                if (!DeclaresItself(log, option))
                {
                    log.Properties[option] = value;
                }
                else
                {
                    notices.Add($"in log {log.PrintedName}: {option} of custom_config is left out, the log declares it itself");
                }
            }

            if (options.Unknown.Count > 0)
            {
                var names = string.Join(", ", options.Unknown.Take(PrintedOptionsMax).Select(option => PrintedText.Of(option)));
                var beyond = options.Unknown.Count - PrintedOptionsMax;
                var more = beyond > 0 ? $" and {beyond} more" : "";
                notices.Add($"in log {log.PrintedName}: custom_config has options that are not supported and ignored: {names}{more}");
            }
        }
    }

    // Why the line means nothing, or null.
    private string? ReadLine(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return $"{PrintedText.Of(line)} has no =, write NAME.OPTION=VALUE";
        }

        // The name of a log has no dot, so the first one ends it.
        var dot = line.AsSpan(0, equals).IndexOf('.');
        if (dot < 0)
        {
            return $"{PrintedText.Of(line[..equals].TrimEnd())} is no option of a log, write NAME.OPTION=VALUE";
        }

        var name = line[..dot].TrimEnd();
        if (!logs.TryGetValue(name, out var log) || log.Key is null)
        {
            return $"the log {PrintedText.Of(name)} is not declared";
        }

        if (!_options.TryGetValue(name, out var options))
        {
            options = new Options();
            _options.Add(name, options);
        }

        return options.Set(line[(dot + 1)..equals].Trim(), line[(equals + 1)..].Trim());
    }

    // Pattern, negate and match make a rule together, so a pattern or preset of the log takes the place of all three.
    private static bool DeclaresItself(DeclaredLog log, string option) => option switch
    {
        FilterReader.IncludeLines => log.Properties.ContainsKey(DeclarationProperty.Include),
        FilterReader.ExcludeLines => log.Properties.ContainsKey(DeclarationProperty.Exclude),
        "multiline.pattern" or "multiline.negate" or "multiline.match"
            when log.Properties.ContainsKey(DeclarationProperty.Multiline)
                || log.Properties.ContainsKey("multiline.pattern") => true,
        _ => log.Properties.ContainsKey(option),
    };

    private sealed class Options
    {
        public SortedDictionary<string, string> Known { get; } = new(StringComparer.Ordinal);
        public List<KeyValuePair<string, string>> Fields { get; } = [];
        public SortedSet<string> Unknown { get; } = new(StringComparer.Ordinal);

        public string? Set(string option, string value)
        {
            switch (option)
            {
                case FilterReader.IncludeLines or FilterReader.ExcludeLines:
                    Known[option] = value;
                    return null;

                case "multiline.pattern" or "multiline.negate" or "multiline.match":
                case "multiline.max_lines" or "multiline.timeout":
                case DeclarationProperty.MaxBytes or DeclarationProperty.Encoding:
                    Known[option] = YamlText.ReadScalar(value);
                    return null;

                case var _ when option.StartsWith(FieldsStart, StringComparison.Ordinal):
                    var key = option[FieldsStart.Length..].Trim();
                    var field = YamlText.ReadScalar(value);
                    if (key.Length == 0 || field.Length == 0)
                    {
                        return "a field needs a name and a value, write NAME.fields.KEY=VALUE";
                    }

                    Fields.Add(KeyValuePair.Create(key, field));
                    return null;

                default:
                    Unknown.Add(option);
                    return null;
            }
        }
    }
}
