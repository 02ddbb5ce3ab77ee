using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Reads <c>tags</c>: <c>k1=v1,k2=v2</c>, blanks around keys and values are dropped, nothing can be escaped, and of
/// equal keys the last wins.
/// </summary>
internal static class TagsReader
{
    /// <summary>Each tag is in each document of the log.</summary>
    private const int CountMax = 64;

    public static bool TryRead(
        DeclaredLog log,
        [NotNullWhen(true)] out List<KeyValuePair<string, string>>? tags,
        [NotNullWhen(false)] out DeclarationError? error)
    {
        error = null;
        tags = [];
        if (!log.Properties.TryGetValue(DeclarationProperty.Tags, out var declared) || declared.Length == 0)
        {
            return true;
        }

        foreach (var item in declared.Split(','))
        {
            var parts = item.Split('=');
            if (parts.Length != 2 || string.IsNullOrWhiteSpace(parts[0]) || string.IsNullOrWhiteSpace(parts[1]))
            {
                error = log.Error(
                    $"parse tags for {log.PrintedName} error: {PrintedText.Of(item)} is not a valid k=v format",
                    "write tags as k1=v1,k2=v2 with no comma at the end; keys and values hold neither , nor =");
                return false;
            }

            Set(tags, parts[0].Trim(), parts[1].Trim());
        }

        if (tags.Count > CountMax)
        {
            error = log.Error(
                $"parse tags for {log.PrintedName} error: {tags.Count} tags are more than {CountMax}",
                "declare fewer tags; each of them is in each document");
            return false;
        }

        return true;
    }

    /// <summary>Adds the fields of <c>custom_config</c> behind the tags, which win over fields of the same name.</summary>
    public static void AddCustomFields(
        DeclaredLog log, List<KeyValuePair<string, string>> tags, DeclarationNotices notices)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in log.CustomFields)
        {
            if (!tags.Exists(tag => tag.Key == key))
            {
                Set(fields, key, value);
            }
        }

        var free = CountMax - tags.Count;
        if (fields.Count > free)
        {
            notices.Add($"in log {log.PrintedName}: custom_config has more fields than the {CountMax} that a log may have with "
                + $"its tags; {PrintedText.Of(fields[free].Key)} and those after it are left out");
        }

        tags.AddRange(fields.Take(free));
    }

    /// <summary>Takes a tag that is no field but a destination out of the list; null if it is not there.</summary>
    public static string? Take(List<KeyValuePair<string, string>> tags, string key)
    {
        var at = tags.FindIndex(tag => tag.Key == key);
        if (at < 0)
        {
            return null;
        }

        var value = tags[at].Value;
        tags.RemoveAt(at);
        return value;
    }

    private static void Set(List<KeyValuePair<string, string>> tags, string key, string value)
    {
        // One more than allowed is enough to reject them, and keeps the search below short.
        var at = tags.FindIndex(0, Math.Min(tags.Count, CountMax + 1), tag => tag.Key == key);
        if (at < 0)
        {
            tags.Add(KeyValuePair.Create(key, value));
        }
        else
        {
            tags[at] = KeyValuePair.Create(key, value);
        }
    }
}
