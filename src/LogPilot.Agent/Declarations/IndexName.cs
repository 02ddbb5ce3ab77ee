using System.Text;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Names of indices that Elasticsearch accepts, once a date has been appended.
/// https://www.elastic.co/guide/en/elasticsearch/reference/current/indices-create-index.html#indices-create-api-path-params
/// </summary>
internal static class IndexName
{
    // Elasticsearch takes 255 bytes; the rest is for the date, whose format the agent's owner chooses.
    private const int BytesMax = 255 - 30;

    // For a name of which nothing is left.
    private const string Nameless = "log";

    private const string Refused = "\\/*?\"<>| ,#:";

    /// <summary>The nearest valid name, which is <paramref name="name"/> itself if it is valid.</summary>
    public static string MakeValid(string name)
    {
        var valid = new StringBuilder(name.Length);
        var bytes = 0;
        foreach (var declared in name.EnumerateRunes())
        {
            var rune = Lower(declared);

            // The server refuses the first three, and keeps names with a dot for indices of its own, which no container may write to.
            if (valid.Length == 0 && rune.Value is '-' or '_' or '+' or '.')
            {
                continue;
            }

            bytes += rune.Utf8SequenceLength;
            if (bytes > BytesMax)
            {
                break;
            }

            valid.Append(rune.ToString());
        }

        return valid.Length == 0 ? Nameless : valid.ToString();
    }

    private static Rune Lower(Rune rune)
    {
        if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || rune == Rune.ReplacementChar
            || (rune.IsAscii && Refused.Contains((char)rune.Value, StringComparison.Ordinal)))
        {
            return new Rune('-');
        }

        // Elasticsearch lowers U+0130 to two characters, and so takes it for an upper-case one.
        return rune.Value == 0x130 ? new Rune('i') : Rune.ToLowerInvariant(rune);
    }
}
