using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Reads <c>format</c> and the properties below it. As in log-pilot, each format has a closed set of them, and
/// <c>none</c> has none and ignores all.
/// </summary>
internal static class FormatReader
{
    // More columns than this make a record that its format does not match.
    private const int KeysMax = 1000;

    private const string Known = "none, json, csv, nginx, apache2, apache_error, regexp";

    public static bool TryRead(
        DeclaredLog log,
        DeclarationNotices notices,
        [NotNullWhen(true)] out LogFormat? format,
        [NotNullWhen(false)] out DeclarationError? error)
    {
        error = null;
        format = LogFormat.Plain;
        if (!log.Properties.TryGetValue(DeclarationProperty.Format, out var declared))
        {
            return true;
        }

        if (!TryReadKind(declared, out var kind))
        {
            error = Error(log, $"unsupported log format: {PrintedText.Of(declared)}", $"use one of {Known}");
            return false;
        }

        if (kind == LogFormatKind.None)
        {
            return true;
        }

        format = new LogFormat(kind);
        foreach (var (key, value) in log.Below(DeclarationProperty.Format))
        {
            if (!TrySet(ref format, key, value))
            {
                error = Error(
                    log,
                    $"{PrintedText.Of(key)} is not a valid properties for format {PrintedText.Of(declared)}",
                    FixOfProperties(kind));
                return false;
            }
        }

        return kind switch
        {
            LogFormatKind.Regexp => TryReadPattern(log, ref format, out error),
            LogFormatKind.Csv => TryReadKeys(log, notices, ref format, out error),
            _ => true,
        };
    }

    private static bool TryReadKind(string declared, out LogFormatKind kind)
    {
        LogFormatKind? known = declared.Trim().ToLowerInvariant() switch
        {
            "none" => LogFormatKind.None,
            "json" => LogFormatKind.Json,
            "csv" => LogFormatKind.Csv,
            "nginx" => LogFormatKind.Nginx,
            "apache2" => LogFormatKind.Apache2,
            "apache_error" => LogFormatKind.ApacheError,
            // The second spelling is the one of Alibaba Cloud's page.
            "regexp" or "regxp" => LogFormatKind.Regexp,
            _ => null,
        };
        kind = known.GetValueOrDefault();
        return known is not null;
    }

    private static bool TrySet(ref LogFormat format, string key, string value)
    {
        switch (format.Kind, key)
        {
            case (LogFormatKind.Json or LogFormatKind.Csv, "time_key"):
                format = format with { TimeKey = NullIfBlank(value) };
                return true;

            case (LogFormatKind.Json or LogFormatKind.Csv or LogFormatKind.Regexp, "time_format"):
                format = format with { TimeFormat = NullIfBlank(value) };
                return true;

            case (LogFormatKind.Csv, "keys"):
                format = format with { Keys = NullIfBlank(value) };
                return true;

            case (LogFormatKind.Regexp, "pattern"):
                format = format with { Pattern = value };
                return true;

            default:
                return false;
        }
    }

    private static bool TryReadPattern(
        DeclaredLog log, ref LogFormat format, [NotNullWhen(false)] out DeclarationError? error)
    {
        var declared = RegexText.WithoutSlashes(format.Pattern ?? "");
        if (declared.Length == 0)
        {
            error = Error(
                log,
                "regex pattern can not be empty",
                "set format.pattern to a regular expression with a named group for each field: (?<name>...)");
            return false;
        }

        if (!RegexText.TryTranslate(declared, out var pattern, out var reason))
        {
            error = Error(
                log,
                $"regex pattern is not valid: {reason}",
                "correct format.pattern; the syntax is that of .NET, with named groups as in Ruby: (?<name>...)");
            return false;
        }

        format = format with { Pattern = pattern };
        error = null;
        return true;
    }

    private static bool TryReadKeys(
        DeclaredLog log, DeclarationNotices notices, ref LogFormat format, [NotNullWhen(false)] out DeclarationError? error)
    {
        error = null;
        if (format.Keys is null)
        {
            notices.Add($"in log {log.PrintedName}: lines stay whole in message until format.keys names the columns");
            return true;
        }

        var keys = format.Keys.Split(',', StringSplitOptions.TrimEntries);
        if (keys.Length > KeysMax)
        {
            error = Error(log, $"keys has {keys.Length} names, more than {KeysMax}", "name fewer columns, or use the format none");
            return false;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (key.Length == 0)
            {
                error = Error(
                    log,
                    $"keys has an empty name at place {seen.Count + 1}",
                    "write format.keys as k1,k2 with no comma at the end, and name the columns that are not needed, too");
                return false;
            }

            if (!seen.Add(key))
            {
                error = Error(log, $"keys has the name {PrintedText.Of(key)} twice", "give each column a name of its own");
                return false;
            }
        }

        if (format.TimeKey is { } timeKey && !seen.Contains(timeKey))
        {
            notices.Add($"in log {log.PrintedName}: time_key {PrintedText.Of(timeKey)} is none of format.keys, so the time is not "
                + "taken from the line");
        }

        format = format with { Keys = string.Join(',', keys) };
        return true;
    }

    private static string FixOfProperties(LogFormatKind kind) => kind switch
    {
        LogFormatKind.Json => "json has the properties time_key and time_format",
        LogFormatKind.Csv => "csv has the properties keys, time_key and time_format",
        LogFormatKind.Regexp => "regexp has the properties pattern and time_format; its time is the group named time",
        _ => "remove it: this format has no properties",
    };

    private static string? NullIfBlank(string value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static DeclarationError Error(DeclaredLog log, string text, string fix)
        => log.Error($"in log {log.PrintedName}: format error: {text}", fix);
}
