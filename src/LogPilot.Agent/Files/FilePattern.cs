using System.Buffers;

namespace LogPilot.Agent.Files;

/// <summary>A directory on the host, and a path with wildcards below it that is resolved nowhere else.</summary>
internal sealed class FilePattern
{
    /// <summary>How deep <c>**</c> goes, as in Filebeat.</summary>
    public const int RecursionMax = 8;

    /// <summary>The part that stands for any number of directories.</summary>
    public const string AnyDirectories = "**";

    private static readonly SearchValues<char> Wildcards = SearchValues.Create("*?[\\");

    /// <param name="root">A path on the host, without the host root.</param>
    /// <param name="pattern">A relative path.</param>
    public FilePattern(string root, string pattern)
    {
        Root = root;
        Parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    public string Root { get; }

    /// <summary>One entry a path component; the last one names files.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>
    /// Matches one name as <c>glob(7)</c> does: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c>, <c>[^a-z]</c>, and <c>\</c>
    /// before a character that stands for itself.
    /// </summary>
    public static bool Matches(ReadOnlySpan<char> part, ReadOnlySpan<char> name)
    {
        if (part.IndexOfAny(Wildcards) < 0)
        {
            return part.SequenceEqual(name);
        }

        // One star is remembered at a time: a later star makes an earlier one's choice irrelevant, so this stays linear.
        int at = 0, nameAt = 0, starAt = -1, starNameAt = 0;
        while (nameAt < name.Length)
        {
            if (at < part.Length && part[at] == '*')
            {
                starAt = at++;
                starNameAt = nameAt;
            }
            else if (at < part.Length && MatchesOne(part, ref at, name[nameAt]))
            {
                nameAt++;
            }
            else if (starAt >= 0)
            {
                at = starAt + 1;
                nameAt = ++starNameAt;
            }
            else
            {
                return false;
            }
        }

        return part[at..].TrimStart('*').IsEmpty;
    }

    // Moves over one element of the pattern only if it matches.
    private static bool MatchesOne(ReadOnlySpan<char> part, ref int at, char c)
    {
        switch (part[at])
        {
            case '?':
                at++;
                return true;
            case '[' when part[(at + 1)..].IndexOf(']') > 0:
                return MatchesSet(part, ref at, c);
            case '\\' when at + 1 < part.Length:
                if (part[at + 1] != c)
                {
                    return false;
                }

                at += 2;
                return true;
            default:
                if (part[at] != c)
                {
                    return false;
                }

                at++;
                return true;
        }
    }

    private static bool MatchesSet(ReadOnlySpan<char> part, ref int at, char c)
    {
        var i = at + 1;
        var negated = part[i] is '!' or '^';
        i += negated ? 1 : 0;
        var first = i;
        var found = false;

        // A bracket directly behind the opening one stands for itself.
        for (; i < part.Length && (part[i] != ']' || i == first); i++)
        {
            if (i + 2 < part.Length && part[i + 1] == '-' && part[i + 2] != ']')
            {
                found |= part[i] <= c && c <= part[i + 2];
                i += 2;
            }
            else
            {
                found |= part[i] == c;
            }
        }

        if (found == negated)
        {
            return false;
        }

        at = Math.Min(i + 1, part.Length);
        return true;
    }
}
