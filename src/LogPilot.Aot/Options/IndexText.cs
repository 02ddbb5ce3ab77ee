using System.Buffers;
using System.Text;

namespace LogPilot.Aot.Options;

/// <summary>What Elasticsearch takes as the name of an index and as the date behind it.</summary>
internal static class IndexText
{
    /// <summary>The limit of Elasticsearch is 255 bytes; the rest is for the date.</summary>
    private const int NameBytesMax = 200;

    // https://www.elastic.co/guide/en/elasticsearch/reference/current/indices-create-index.html
    private static readonly SearchValues<char> Refused = SearchValues.Create("\\/*?\"<>| ,#:");

    public static bool IsName(string text) =>
        text.Length > 0
        && text[0] is not ('-' or '_' or '+' or '.')
        && Encoding.UTF8.GetByteCount(text) <= NameBytesMax
        && !text.AsSpan().ContainsAny(Refused)
        && !text.Any(character => char.IsUpper(character) || char.IsControl(character) || char.IsWhiteSpace(character));

    /// <summary>True for a sequence of <c>yyyy</c>, <c>yy</c>, <c>MM</c>, <c>dd</c>, <c>HH</c> and <c>. - _</c> with a date in it.</summary>
    public static bool IsDateFormat(string text)
    {
        var dated = false;
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var length = DatePartLength(rest);
            dated |= length > 0;
            if (length == 0 && rest[0] is not ('.' or '-' or '_'))
            {
                return false;
            }

            rest = rest[Math.Max(length, 1)..];
        }

        return dated;
    }

    private static int DatePartLength(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("yyyy"))
        {
            return 4;
        }

        return text.StartsWith("yy") || text.StartsWith("MM") || text.StartsWith("dd") || text.StartsWith("HH") ? 2 : 0;
    }
}
