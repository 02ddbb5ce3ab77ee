using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace LogPilot.Agent.Records.Formats;

/// <summary>The content of a JSON string, as it stands between the quotes.</summary>
/// <remarks>RFC 8259, section 7: <c>\" \\ \/ \b \f \n \r \t</c> and <c>\uXXXX</c>, a UTF-16 code unit; two of these can be a pair.</remarks>
internal static class JsonString
{
    private const int UnitBytes = 6;

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

    /// <summary>The length of the escape at the start of a text, 12 for a pair; 0 if it is none.</summary>
    /// <param name="isHalf">Whether it is one half of a pair without the other.</param>
    public static int EscapeLength(ReadOnlySpan<byte> text, out bool isHalf)
    {
        isHalf = false;
        if (text.Length < 2)
        {
            return 0;
        }

        if (text[1] != 'u')
        {
            return Simple(text[1]) == 0 ? 0 : 2;
        }

        var unit = Unit(text);
        if (unit is < 0xd800 or > 0xdfff)
        {
            return unit < 0 ? 0 : UnitBytes;
        }

        if (unit < 0xdc00 && Unit(text[UnitBytes..]) is >= 0xdc00 and <= 0xdfff)
        {
            return 2 * UnitBytes;
        }

        isHalf = true;
        return UnitBytes;
    }

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

            var length = EscapeLength(content, out var isHalf);
            written += Escaped(content, length, isHalf).EncodeToUtf8(target[written..]);
            content = content[length..];
        }

        return written;
    }

    private static Rune Escaped(ReadOnlySpan<byte> escape, int length, bool isHalf) => length switch
    {
        2 => new Rune(Simple(escape[1])),
        UnitBytes => isHalf ? Rune.ReplacementChar : new Rune(Unit(escape)),
        _ => new Rune((char)Unit(escape), (char)Unit(escape[UnitBytes..])),
    };

    private static int Unit(ReadOnlySpan<byte> text)
    {
        if (text.Length < UnitBytes || text[0] != '\\' || text[1] != 'u')
        {
            return -1;
        }

        var unit = 0;
        foreach (var digit in text[2..UnitBytes])
        {
            var value = HexValue(digit);
            if (value < 0)
            {
                return -1;
            }

            unit = (unit << 4) | value;
        }

        return unit;
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private static char Simple(byte letter) => letter switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => (char)letter,
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        _ => '\0',
    };
}
