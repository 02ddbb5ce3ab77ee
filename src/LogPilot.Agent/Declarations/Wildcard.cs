using System.Buffers;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Matches one part of a path: <c>*</c> any characters, <c>?</c> one, <c>[a-z]</c> one of a set, <c>[!a-z]</c> or
/// <c>[^a-z]</c> one outside it. https://man7.org/linux/man-pages/man7/glob.7.html
/// </summary>
internal static class Wildcard
{
    private static readonly SearchValues<char> Special = SearchValues.Create("*?[");

    public static bool IsIn(string pattern) => pattern.AsSpan().ContainsAny(Special);

    /// <summary>A pattern that matches <paramref name="name"/> only.</summary>
    public static string Escape(string name)
        => IsIn(name)
            ? string.Concat(name.Select(character => Special.Contains(character) ? $"[{character}]" : character.ToString()))
            : name;

    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // On a mismatch only the last star is tried again, one character further: quadratic, never exponential.
        var (at, nameAt) = (0, 0);
        var (afterStar, starNameAt) = (-1, 0);
        while (nameAt < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                afterStar = ++at;
                starNameAt = nameAt;
            }
            else if (at < pattern.Length && TryMatchOne(pattern[at..], name[nameAt], out var length))
            {
                at += length;
                nameAt++;
            }
            else if (afterStar >= 0)
            {
                at = afterStar;
                nameAt = ++starNameAt;
            }
            else
            {
                return false;
            }
        }

        return !pattern[at..].ContainsAnyExcept('*');
    }

    private static bool TryMatchOne(ReadOnlySpan<char> pattern, char character, out int length)
    {
        length = 1;
        return pattern[0] switch
        {
            '?' => true,
            '[' when LengthOfSet(pattern) is > 0 and var set => IsInSet(pattern[1..((length = set) - 1)], character),
            var literal => literal == character,
        };
    }

    // Zero for a bracket that is never closed, which stands for itself.
    private static int LengthOfSet(ReadOnlySpan<char> pattern)
    {
        var first = pattern.Length > 1 && pattern[1] is '!' or '^' ? 2 : 1;
        var end = pattern.Length > first + 1 ? pattern[(first + 1)..].IndexOf(']') : -1;
        return end < 0 ? 0 : first + 1 + end + 1;
    }

    private static bool IsInSet(ReadOnlySpan<char> set, char character)
    {
        var isNegated = set[0] is '!' or '^';
        var members = isNegated ? set[1..] : set;
        for (var at = 0; at < members.Length;)
        {
            var isRange = at + 2 < members.Length && members[at + 1] == '-';
            if (character >= members[at] && character <= members[isRange ? at + 2 : at])
            {
                return !isNegated;
            }

            at += isRange ? 3 : 1;
        }

        return isNegated;
    }
}
