using System.Text;

namespace LogPilot.Agent.Lines;

/// <summary>A regular expression that is tried on lines.</summary>
internal sealed class LinePattern(BoundedRegex regex)
{
    // Buffers that one long line has made larger than this are let go again.
    private const int KeptLengthMax = 64 * 1024;

    private char[] _characters = new char[1024];
    private byte[] _decoded = new byte[1024];

    /// <param name="text">Any bytes; those that are no UTF-8 are U+FFFD to the expression.</param>
    /// <param name="isEscaped">The text is content of a JSON string, and is decoded first.</param>
    public bool IsMatch(ReadOnlySpan<byte> text, bool isEscaped)
    {
        if (isEscaped && text.Contains((byte)'\\'))
        {
            _decoded = RoomFor(_decoded, text.Length);
            text = _decoded.AsSpan(0, EscapedText.Decode(text, _decoded));
        }

        _characters = RoomFor(_characters, text.Length);
        return regex.IsMatch(_characters.AsSpan(0, Encoding.UTF8.GetChars(text, _characters)));
    }

    private static T[] RoomFor<T>(T[] buffer, int length) =>
        buffer.Length >= length && (buffer.Length <= KeptLengthMax || length > KeptLengthMax)
            ? buffer
            : new T[Math.Max(length, Math.Min(buffer.Length * 2, KeptLengthMax))];
}
