using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Declarations;

/// <summary>Reads the names of the columns of <c>csv</c>: <c>time, level ,text</c>.</summary>
internal static class CsvKeys
{
    /// <summary>As many as a parsed record may have fields.</summary>
    public const int CountMax = 1000;

    /// <param name="keys">In the order of the columns, without the blanks around them.</param>
    /// <param name="reason">Short, for an error.</param>
    public static bool TryRead(
        string? declared,
        [NotNullWhen(true)] out IReadOnlyList<string>? keys,
        [NotNullWhen(false)] out string? reason)
    {
        keys = null;
        if (string.IsNullOrWhiteSpace(declared))
        {
            reason = "the names of the columns are missing";
            return false;
        }

        var names = declared.Split(',', StringSplitOptions.TrimEntries);
        if (names.Length > CountMax)
        {
            reason = $"there are {names.Length} columns, and at most {CountMax} are allowed";
            return false;
        }

        var fields = new HashSet<string>();
        foreach (var name in names)
        {
            // To Elasticsearch a dot is a step down, and a step needs a name.
            if (name.Split('.').Any(string.IsNullOrWhiteSpace))
            {
                reason = name.Length == 0 ? "the name of a column is empty" : $"{PrintedText.Of(name)} has a part without a name";
                return false;
            }

            if (!fields.Add(ParsedFieldName.Of(name)))
            {
                reason = $"two columns are the field {PrintedText.Of(ParsedFieldName.Of(name))}";
                return false;
            }
        }

        keys = names;
        reason = null;
        return true;
    }
}
