using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Records.Formats;

/// <summary>The content of a JSON string, as it stands between the quotes.</summary>
internal static class JsonString
{
    /// <summary>How many bytes at the start of a text are plain: no quote, backslash or control character. -1 if all are.</summary>
    /// <param name="isUtf8">Whether the text is UTF-8; otherwise only ASCII is plain.</param>
    /// <remarks>Most names and values are shorter than what it takes to begin a search with <c>SearchValues</c>.</remarks>
    public static int PlainLength(ReadOnlySpan<byte> text, bool isUtf8)
    {
        var start = 0;
        for (; text.Length - start >= Vector128<byte>.Count; start += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(text.Slice(start, Vector128<byte>.Count));

            // To a signed comparison all that is not ASCII is less than a blank, too.
            var special = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | (isUtf8
                    ? Vector128.LessThan(bytes, Vector128.Create((byte)' '))
                    : Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte());
            if (special != Vector128<byte>.Zero)
            {
                return start + BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
            }
        }

        for (; start < text.Length; start++)
        {
            if (text[start] is < (byte)' ' or (byte)'"' or (byte)'\\' || (text[start] >= 0x80 && !isUtf8))
            {
                return start;
            }
        }

        return -1;
    }

    /// <summary>How many bytes <see cref="Decode"/> needs at most: one that is no UTF-8 becomes three.</summary>
    public static int DecodedLengthMax(int contentBytes) => contentBytes * 3;

    /// <summary>Decodes what has been checked. Halves of pairs and bytes that are no UTF-8 become U+FFFD.</summary>
    /// <returns>How many bytes it is.</returns>
    public static int Decode(ReadOnlySpan<byte> content, Span<byte> target)
    {
        var written = 0;
        while (!content.IsEmpty)
        {
            if (content[0] != '\\')
            {
                Rune.DecodeFromUtf8(content, out var rune, out var bytes);
                written += rune.EncodeToUtf8(target[written..]);
                content = content[bytes..];
                continue;
            }

            written += EscapedText.DecodeOne(content, target[written..], out var taken);
            content = content[taken..];
        }

        return written;
    }
}
