using System.Globalization;
using System.Text;

namespace LogPilot.Agent.Lines;

/// <summary>Undoes the escapes in the content of a JSON string. RFC 8259, section 7.</summary>
internal static class EscapedText
{
    /// <summary>The text as the program wrote it. It never becomes longer.</summary>
    /// <param name="escaped">Valid content of a JSON string.</param>
    /// <param name="target">At least as long as the text.</param>
    /// <returns>The number of bytes written. Half of a surrogate pair becomes U+FFFD.</returns>
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
            escaped = escaped[plain..];
            var bytes = escaped[1] == 'u' ? DecodeUnit(escaped, target[written..], out var taken) : DecodeLetter(escaped[1], target[written..], out taken);
            written += bytes;
            escaped = escaped[taken..];
        }
    }

    private static int DecodeLetter(byte letter, Span<byte> target, out int taken)
    {
        taken = 2;
        target[0] = letter switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            _ => letter,
        };
        return 1;
    }

    private static int DecodeUnit(ReadOnlySpan<byte> escaped, Span<byte> target, out int taken)
    {
        taken = 6;
        var unit = Unit(escaped);
        if (!char.IsSurrogate(unit))
        {
            return new Rune(unit).EncodeToUtf8(target);
        }

        if (escaped.Length >= 12 && escaped[6] == '\\' && escaped[7] == 'u' && Rune.TryCreate(unit, Unit(escaped[6..]), out var rune))
        {
            taken = 12;
            return rune.EncodeToUtf8(target);
        }

        return Rune.ReplacementChar.EncodeToUtf8(target);
    }

    private static char Unit(ReadOnlySpan<byte> escaped) =>
        (char)ushort.Parse(escaped.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
