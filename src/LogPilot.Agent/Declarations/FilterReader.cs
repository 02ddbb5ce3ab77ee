using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Reads which records of a log are collected: <c>include</c> and <c>exclude</c> are one regular expression each,
/// <c>include_lines</c> and <c>exclude_lines</c> of <c>custom_config</c> are lists of them.
/// </summary>
internal static class FilterReader
{
    public const string IncludeLines = "include_lines";
    public const string ExcludeLines = "exclude_lines";

    // Each is tried on each record.
    private const int CountMax = 64;

    /// <param name="property"><c>include</c> or <c>exclude</c>.</param>
    public static bool TryRead(
        DeclaredLog log,
        string property,
        [NotNullWhen(true)] out IReadOnlyList<string>? patterns,
        [NotNullWhen(false)] out DeclarationError? error)
    {
        error = null;
        patterns = null;
        var list = property == DeclarationProperty.Include ? IncludeLines : ExcludeLines;
        List<string> declared = [];
        if (log.Properties.TryGetValue(property, out var one))
        {
            declared.Add(one.Trim());
        }
        else if (log.Properties.TryGetValue(list, out var text))
        {
            property = list;
            declared = YamlText.ReadList(text);
        }

        if (declared.Count > CountMax)
        {
            error = Error(log, property, $"{declared.Count} patterns are more than {CountMax}", "join them with |");
            return false;
        }

        var translated = new List<string>(declared.Count);
        foreach (var pattern in declared)
        {
            if (!TryReadPattern(log, property, pattern, translated, out error))
            {
                return false;
            }
        }

        patterns = translated;
        return true;
    }

    private static bool TryReadPattern(
        DeclaredLog log,
        string property,
        string declared,
        List<string> patterns,
        [NotNullWhen(false)] out DeclarationError? error)
    {
        if (declared.Length == 0)
        {
            error = Error(
                log, property, "pattern can not be empty", $"set {property} to a regular expression, such as ^ERROR, or remove it");
            return false;
        }

        if (!RegexText.TryTranslate(declared, out var pattern, out var reason))
        {
            error = Error(
                log, property, $"pattern is not valid: {reason}", $"correct {property}; the syntax is that of .NET");
            return false;
        }

        patterns.Add(pattern);
        error = null;
        return true;
    }

    private static DeclarationError Error(DeclaredLog log, string property, string text, string fix)
        => log.Error($"in log {log.PrintedName}: {property} error: {text}", fix);
}
