using System.Text;
using System.Text.Json;

namespace LogPilot.Agent.Records;

/// <summary>A field that is the same in every document of one log.</summary>
/// <param name="name">From the root, with dots in the shape that has them.</param>
/// <param name="json">The value, encoded.</param>
internal sealed class RecordField(string name, string json)
{
    public string Name { get; } = name;

    public string Json { get; } = json;

    public static RecordField Text(string name, string value) => new(name, Quote(value));

    /// <summary>A field that is a list in its schema.</summary>
    public static RecordField List(string name, string value) => new(name, $"[{Quote(value)}]");

    /// <summary>A text as a JSON string.</summary>
    /// <remarks>By way of UTF-8, where half of a surrogate pair becomes U+FFFD instead of an exception.</remarks>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text))}\"";

    /// <summary>The fields as <c>,"name":value,…</c>.</summary>
    public static byte[] Encode(IReadOnlyList<RecordField> fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields)
        {
            text.Append(',').Append(Quote(field.Name)).Append(':').Append(field.Json);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
