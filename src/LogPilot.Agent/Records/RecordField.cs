using System.Text;
using System.Text.Json;

namespace LogPilot.Agent.Records;

/// <summary>A field that is the same in every document of one log.</summary>
/// <param name="Name">From the root, with dots in the shape that has them.</param>
/// <param name="Json">The value, encoded.</param>
internal sealed record RecordField(string Name, string Json)
{
    public static RecordField Text(string name, string value) => new(name, Quote(value));

    /// <summary>A field that is a list in its schema.</summary>
    public static RecordField List(string name, string value) => new(name, $"[{Quote(value)}]");

    /// <summary>The fields as <c>,"name":value,…</c>.</summary>
    public static byte[] Encode(IEnumerable<RecordField> fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields)
        {
            text.Append(',').Append(Quote(field.Name)).Append(':').Append(field.Json);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // By way of UTF-8, where half of a surrogate pair becomes U+FFFD instead of an exception.
    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text))}\"";
}
