using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Reads <c>multiline.*</c>, which has the names, meanings and defaults of Filebeat's options, and <c>multiline</c>, which
/// names a preset instead of a pattern.
/// </summary>
internal static class MultilineReader
{
    // A record is bounded by the bytes of a line anyway; this bounds typing errors.
    private const int LinesLimit = 100_000;

    // No name of a language has one of these.
    private static readonly SearchValues<char> PatternCharacters = SearchValues.Create(@"^$\[(*+.");

    private static readonly TimeSpan TimeoutLimit = TimeSpan.FromHours(1);

    /// <summary>True with a null rule if the log declares none.</summary>
    public static bool TryRead(DeclaredLog log, out MultilineRule? rule, [NotNullWhen(false)] out DeclarationError? error)
    {
        rule = null;
        error = null;
        var declared = log.Below(DeclarationProperty.Multiline).ToArray();
        var read = new MultilineRule("");
        if (log.Properties.TryGetValue(DeclarationProperty.Multiline, out var preset))
        {
            if (!TryReadPreset(log, preset.Trim(), out read, out error))
            {
                return false;
            }
        }
        else if (declared.Length == 0)
        {
            return true;
        }

        foreach (var (key, value) in declared)
        {
            if (!TrySet(ref read, key, value.Trim(), out var text, out var fix))
            {
                error = Error(log, text, fix);
                return false;
            }
        }

        if (read.Pattern.Length == 0)
        {
            error = Error(
                log,
                "pattern can not be empty",
                @"set multiline.pattern, such as ^\d{4}- with multiline.negate=true for records that begin with a date");
            return false;
        }

        rule = read;
        return true;
    }

    private static bool TryReadPreset(
        DeclaredLog log,
        string declared,
        [NotNullWhen(true)] out MultilineRule? rule,
        [NotNullWhen(false)] out DeclarationError? error)
    {
        error = null;
        rule = MultilinePreset.Find(declared);
        if (rule is null)
        {
            error = Error(log, $"unknown preset: {PrintedText.Of(declared)}", FixOfPreset(declared));
        }
        else if (log.Properties.ContainsKey("multiline.pattern"))
        {
            error = Error(
                log,
                $"pattern can not be set beside the preset {rule.Preset}",
                $"remove multiline.pattern, or remove multiline={rule.Preset} and say all by pattern, negate and match");
        }

        return error is null;
    }

    private static string FixOfPreset(string declared)
    {
        const string Choice = "name the language that writes the stack traces, one of " + MultilinePreset.Known;
        return declared.ToLowerInvariant() switch
        {
            "false" or "off" or "no" or "none" => "remove it: without a preset or pattern each line is a record",
            _ when declared.AsSpan().ContainsAny(PatternCharacters) => $"{Choice}; a regular expression is set by multiline.pattern",
            _ => $"{Choice}, or set multiline.pattern",
        };
    }

    private static bool TrySet(ref MultilineRule rule, string key, string value, out string text, out string fix)
    {
        (text, fix) = ("", "");
        switch (key)
        {
            case "pattern" when value.Length == 0:
                return true;

            case "pattern":
                fix = "correct multiline.pattern; it stands without quotes and in the syntax of .NET";
                if (!RegexText.TryTranslate(value, out var pattern, out var reason))
                {
                    text = $"pattern is not valid: {reason}";
                    return false;
                }

                rule = rule with { Pattern = pattern };
                return true;

            case "negate":
                fix = "use true or false";
                text = $"{PrintedText.Of(value)} is not a valid negate";
                rule = rule with { Negate = value.Equals("true", StringComparison.OrdinalIgnoreCase) };
                return rule.Negate || value.Equals("false", StringComparison.OrdinalIgnoreCase);

            case "match":
                fix = "use after or before";
                text = $"{PrintedText.Of(value)} is not a valid match";
                rule = rule with { MatchBefore = value.Equals("before", StringComparison.OrdinalIgnoreCase) };
                return rule.MatchBefore || value.Equals("after", StringComparison.OrdinalIgnoreCase);

            case "max_lines":
                fix = $"use a number from 1 to {LinesLimit}";
                text = $"{PrintedText.Of(value)} is not a valid max_lines";
                var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var lines);
                rule = rule with { LinesMax = lines };
                return isNumber && lines is > 0 and <= LinesLimit;

            case "timeout":
                fix = "use a duration up to 1h, such as 5s or 500ms";
                text = $"{PrintedText.Of(value)} is not a valid timeout";
                var isDuration = DurationText.TryParse(value, out var timeout);
                rule = rule with { Timeout = timeout };
                return isDuration && timeout > TimeSpan.Zero && timeout <= TimeoutLimit;

            default:
                text = $"{PrintedText.Of(key)} is not a valid properties for multiline";
                fix = "multiline has the properties pattern, negate, match, max_lines and timeout";
                return false;
        }
    }

    private static DeclarationError Error(DeclaredLog log, string text, string fix)
        => log.Error($"in log {log.PrintedName}: multiline error: {text}", fix);
}
