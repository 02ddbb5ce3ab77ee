using System.Text;

namespace LogPilot.Agent.Lines;

/// <summary>The escapes in the content of a JSON string.</summary>
/// <remarks>RFC 8259, section 7: <c>\" \\ \/ \b \f \n \r \t</c> and <c>\uXXXX</c>, a UTF-16 code unit; two of these can be a pair.</remarks>
internal static class EscapedText
{
    private const int UnitBytes = 6;

    /// <summary>The text of a line as its program wrote it, valid until the next one is decoded on this thread.</summary>
    public static ReadOnlySpan<byte> Decode(scoped in Line line)
    {
        if (!line.IsEscaped || !line.Text.Contains((byte)'\\'))
        {
            return line.Text;
        }

        var decoded = Scratch.Unescaped.Room(line.Text.Length);
        return decoded[..Decode(line.Text, decoded)];
    }

    /// <summary>The text as the program wrote it. It never becomes longer.</summary>
    /// <param name="escaped">Valid content of a JSON string.</param>
    /// <param name="target">At least as long as the text.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> escaped, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                escaped.CopyTo(target[written..]);
                return written + escaped.Length;
            }

            escaped[..plain].CopyTo(target[written..]);
            written += plain;
            written += DecodeOne(escaped[plain..], target[written..], out var taken);
            escaped = escaped[(plain + taken)..];
        }
    }

    /// <summary>Decodes the escape at the start of a text; it has been checked. Half of a pair becomes U+FFFD.</summary>
    /// <param name="taken">How many bytes it was.</param>
    /// <returns>The number of bytes written.</returns>
    public static int DecodeOne(ReadOnlySpan<byte> escape, Span<byte> target, out int taken)
    {
        taken = LengthOf(escape, out var isHalf);
        var rune = taken switch
        {
            2 => new Rune(Simple(escape[1])),
            UnitBytes => isHalf ? Rune.ReplacementChar : new Rune(Unit(escape)),
            _ => new Rune((char)Unit(escape), (char)Unit(escape[UnitBytes..])),
        };
        return rune.EncodeToUtf8(target);
    }

    /// <summary>The length of the escape at the start of a text, 12 for a pair; 0 if it is none.</summary>
    /// <param name="isHalf">Whether it is one half of a pair without the other.</param>
    public static int LengthOf(ReadOnlySpan<byte> text, out bool isHalf)
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
