using System.Text;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// A container's own text as it may stand in an error: on one line, so that it cannot forge another line of the agent's
/// log, and not longer than is read.
/// </summary>
internal static class PrintedText
{
    private const int LengthMax = 512;

    public static string Of(string text) => Of(text, LengthMax);

    /// <summary>The same with another limit, where the text is what is asked for.</summary>
    public static string Of(string text, int lengthMax)
    {
        if (text.Length <= lengthMax && !text.Any(IsRefused))
        {
            return text;
        }

        var printed = new StringBuilder();
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, lengthMax)))
        {
            _ = character switch
            {
                '\n' => printed.Append("\\n"),
                '\r' => printed.Append("\\r"),
                '\t' => printed.Append("\\t"),
                _ when IsRefused(character) => printed.Append($"\\u{(int)character:x4}"),
                _ => printed.Append(character),
            };
        }

        return text.Length <= lengthMax ? printed.ToString() : printed.Append('…').ToString();
    }

    private static bool IsRefused(char character)
        => char.IsControl(character) || character is '\u2028' or '\u2029';
}
