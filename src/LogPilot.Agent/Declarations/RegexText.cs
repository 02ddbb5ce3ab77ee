using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Regular expressions as users of Fluentd (Ruby) and Filebeat (Go) write them, made into .NET's. Most are the same in all
/// three; .NET would misread what is translated here:
/// <code>
/// [[:space:]]   in Ruby and Go a class, in .NET a set of its letters
/// \h            in Ruby a hexadecimal digit
/// (?P&lt;name>     in Go a named group
/// </code>
/// </summary>
internal static class RegexText
{
    private const int LengthMax = 4096;
    private const string HexDigits = "0-9a-fA-F";

    /// <summary>Drops the slashes around a pattern that is written as in Fluentd's configuration.</summary>
    public static string WithoutSlashes(string pattern)
        => pattern.Length >= 2 && pattern[0] == '/' && pattern[^1] == '/' ? pattern[1..^1] : pattern;

    /// <summary>False, with a short reason, if the pattern does not compile.</summary>
    public static bool TryTranslate(
        string declared,
        [NotNullWhen(true)] out string? pattern,
        [NotNullWhen(false)] out string? reason)
    {
        pattern = null;
        if (declared.Length > LengthMax)
        {
            reason = $"it is longer than {LengthMax} characters";
            return false;
        }

        var translated = Translate(declared);
        try
        {
            _ = new Regex(translated, RegexOptions.None, TimeSpan.FromSeconds(1));
        }
        catch (RegexParseException exception)
        {
            reason = $"{exception.Error} at character {exception.Offset}";
            return false;
        }

        pattern = translated;
        reason = null;
        return true;
    }

    private static string Translate(string declared)
    {
        var translated = new StringBuilder(declared.Length);
        var inSet = false;
        for (var at = 0; at < declared.Length;)
        {
            var rest = declared.AsSpan(at);
            if (rest[0] == '\\' && rest.Length > 1)
            {
                translated.Append(rest[1] == 'h' ? (inSet ? HexDigits : $"[{HexDigits}]") : rest[..2]);
                at += 2;
            }
            else if (inSet && TryReadClass(rest, out var length, out var set))
            {
                translated.Append(set);
                at += length;
            }
            else if (!inSet && rest.StartsWith("(?P<"))
            {
                translated.Append("(?<");
                at += "(?P<".Length;
            }
            else if (!inSet && rest[0] == '[')
            {
                var start = LengthOfSetStart(rest);
                translated.Append(rest[..start]);
                at += start;
                inSet = true;
            }
            else
            {
                inSet &= rest[0] != ']';
                translated.Append(rest[0]);
                at++;
            }
        }

        return translated.ToString();
    }

    // A ] that comes first, also after ^, is a member of the set.
    private static int LengthOfSetStart(ReadOnlySpan<char> rest)
    {
        var length = rest.Length > 1 && rest[1] == '^' ? 2 : 1;
        return rest.Length > length && rest[length] == ']' ? length + 1 : length;
    }

    private static bool TryReadClass(ReadOnlySpan<char> rest, out int length, out string set)
    {
        length = 0;
        set = "";
        if (!rest.StartsWith("[:"))
        {
            return false;
        }

        var end = rest.IndexOf(":]");
        if (end < 2)
        {
            return false;
        }

        length = end + 2;
        set = rest[2..end] switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "blank" => @" \t",
            "cntrl" => @"\x00-\x1f\x7f",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\s",
            "^space" => @"\S",
            "upper" => "A-Z",
            "word" => @"\w",
            "xdigit" => HexDigits,
            _ => "",
        };
        return set.Length > 0;
    }
}
