using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace LogPilot.Agent.Records;

/// <summary>Writes bytes of any kind as content of a JSON string.</summary>
/// <remarks>
/// RFC 8259, section 7: quote, backslash and control characters are escaped. Everything else stays as it is if it is UTF-8;
/// each byte that is not becomes U+FFFD, so that no byte can make a document invalid.
/// </remarks>
internal static class JsonText
{
    /// <summary>The most bytes that one byte can become: <c>\u0000</c>.</summary>
    public const int ExpansionMax = 6;

    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(one => (byte)one), (byte)'"', (byte)'\\']);

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>The exact number of bytes that <see cref="Write"/> will write.</summary>
    public static int LengthOf(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (!text.IsEmpty)
        {
            if (text[0] < 0x80)
            {
                length += !Special.Contains(text[0]) ? 1 : ShortEscape(text[0]) != 0 ? 2 : ExpansionMax;
                text = text[1..];
            }
            else
            {
                var status = Rune.DecodeFromUtf8(text, out _, out var bytes);
                length += status == OperationStatus.Done ? bytes : Replacement.Length;
                text = text[bytes..];
            }
        }

        return length;
    }

    /// <param name="text">Bytes as a program wrote them.</param>
    /// <param name="target">At least <see cref="LengthOf"/> bytes, or <see cref="ExpansionMax"/> times the text.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> target) =>
        Utf8.IsValid(text) ? WriteValid(text, target) : WriteRepaired(text, target);

    private static int WriteValid(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var plain = text.IndexOfAny(Special);
            if (plain < 0)
            {
                text.CopyTo(target[written..]);
                return written + text.Length;
            }

            text[..plain].CopyTo(target[written..]);
            written += plain;
            written += WriteEscape(text[plain], target[written..]);
            text = text[(plain + 1)..];
        }
    }

    private static int WriteRepaired(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var written = 0;
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out _, out var bytes);
            written += status == OperationStatus.Done
                ? WriteValid(text[..bytes], target[written..])
                : Copy(Replacement, target[written..]);
            text = text[bytes..];
        }

        return written;
    }

    private static int WriteEscape(byte special, Span<byte> target)
    {
        target[0] = (byte)'\\';
        var letter = ShortEscape(special);
        if (letter != 0)
        {
            target[1] = letter;
            return 2;
        }

        "u00"u8.CopyTo(target[1..]);
        target[4] = HexDigits[special >> 4];
        target[5] = HexDigits[special & 0xf];
        return ExpansionMax;
    }

    private static byte ShortEscape(byte special) => special switch
    {
        (byte)'"' => (byte)'"',
        (byte)'\\' => (byte)'\\',
        (byte)'\n' => (byte)'n',
        (byte)'\r' => (byte)'r',
        (byte)'\t' => (byte)'t',
        (byte)'\b' => (byte)'b',
        (byte)'\f' => (byte)'f',
        _ => 0,
    };

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        bytes.CopyTo(target);
        return bytes.Length;
    }
}
