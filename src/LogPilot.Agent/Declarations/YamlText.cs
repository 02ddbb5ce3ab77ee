using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Values of YAML as they stand on one line: plain, in single or double quotes, or a list of these. Text that is none of
/// these is taken as it is, since its writer meant it so. https://yaml.org/spec/1.2.2/#73-flow-scalar-styles
/// <code>
/// 'it''s'     the only escape is the doubled quote
/// "a\tb\\c"   escapes as in C
/// [a, 'b']    blanks around the items are dropped; a comma or ] inside quotes is text
/// </code>
/// </summary>
internal static class YamlText
{
    public static string ReadScalar(string text)
        => TryReadQuoted(text, 0, out var value, out var end) && end == text.Length ? value : text;

    /// <summary>The items of a list; a value that is no list is one item, and an empty value none.</summary>
    public static List<string> ReadList(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        return TryReadItems(text, out var items) ? items : [ReadScalar(text)];
    }

    private static bool TryReadItems(string text, [NotNullWhen(true)] out List<string>? items)
    {
        items = null;
        if (text[0] != '[')
        {
            return false;
        }

        var read = new List<string>();
        for (var at = AfterBlanks(text, 1); at < text.Length;)
        {
            if (text[at] == ']')
            {
                items = read;
                return at == text.Length - 1;
            }

            read.Add(ReadItem(text, at, out at));
            at = AfterBlanks(text, at);
            if (at < text.Length && text[at] == ',')
            {
                at = AfterBlanks(text, at + 1);
            }
            else if (at == text.Length || text[at] != ']')
            {
                return false;
            }
        }

        return false;
    }

    private static string ReadItem(string text, int start, out int end)
    {
        if (TryReadQuoted(text, start, out var value, out end))
        {
            return value;
        }

        var length = text.AsSpan(start).IndexOfAny(',', ']');
        end = length < 0 ? text.Length : start + length;
        return text[start..end].Trim();
    }

    private static bool TryReadQuoted(string text, int start, [NotNullWhen(true)] out string? value, out int end)
    {
        value = null;
        end = start;
        if (start == text.Length || text[start] is not ('\'' or '"'))
        {
            return false;
        }

        var quote = text[start];
        var read = new StringBuilder();
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                if (quote == '"' || at + 1 == text.Length || text[at + 1] != quote)
                {
                    value = read.ToString();
                    end = at + 1;
                    return true;
                }

                read.Append(quote);
                at++;
            }
            else if (quote == '"' && text[at] == '\\' && at + 1 < text.Length)
            {
                at += AppendEscaped(text.AsSpan(at + 1), read);
            }
            else
            {
                read.Append(text[at]);
            }
        }

        return false;
    }

    // Returns the characters behind the backslash. An escape that YAML does not know is most likely a regular expression's.
    private static int AppendEscaped(ReadOnlySpan<char> escape, StringBuilder read)
    {
        var digits = escape[0] switch { 'x' => 2, 'u' => 4, _ => 0 };
        if (digits > 0 && escape.Length > digits
            && ushort.TryParse(escape[1..(digits + 1)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            read.Append((char)code);
            return digits + 1;
        }

        _ = escape[0] switch
        {
            'n' => read.Append('\n'),
            'r' => read.Append('\r'),
            't' => read.Append('\t'),
            '\\' or '"' or '/' or ' ' => read.Append(escape[0]),
            _ => read.Append('\\').Append(escape[0]),
        };
        return 1;
    }

    private static int AfterBlanks(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
