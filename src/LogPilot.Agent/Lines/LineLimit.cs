using System.Buffers.Text;

namespace LogPilot.Agent.Lines;

/// <summary>Cuts lines at the limit without cutting a character or an escape in two.</summary>
internal static class LineLimit
{
    /// <summary>The text up to the limit, which counts bytes as the program wrote them, not as they are escaped.</summary>
    /// <param name="cutBytes">How many bytes are missing; zero if the text fits.</param>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, bool isEscaped, int bytesMax, out long cutBytes)
    {
        cutBytes = 0;
        if (text.Length <= bytesMax)
        {
            return text;
        }

        var length = 0;
        if (isEscaped)
        {
            var decodedBytes = 0;
            while (length < text.Length)
            {
                var (bytes, decoded) = Measure(text[length..]);
                if (decodedBytes + decoded > bytesMax)
                {
                    break;
                }

                decodedBytes += decoded;
                length += bytes;
            }

            cutBytes = DecodedBytes(text[length..]);
        }
        else
        {
            length = bytesMax;

            // At most three bytes back stands the first byte of a UTF-8 sequence; if none does, it is no UTF-8.
            for (var back = 1; back <= 3 && length - back >= 0; back++)
            {
                var first = text[length - back];
                if (first >= 0xc0)
                {
                    length -= back < SequenceBytes(first) ? back : 0;
                    break;
                }

                if (first < 0x80)
                {
                    break;
                }
            }

            cutBytes = text.Length - length;
        }

        return text[..length];
    }

    /// <summary>How many bytes the text was before it was escaped.</summary>
    public static int DecodedBytes(ReadOnlySpan<byte> escaped)
    {
        var total = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                return total + escaped.Length;
            }

            total += plain;
            var (bytes, decoded) = Measure(escaped[plain..]);
            total += decoded;
            escaped = escaped[(plain + bytes)..];
        }
    }

    // One character or escape at the start of the text.
    private static (int Bytes, int Decoded) Measure(ReadOnlySpan<byte> text)
    {
        if (text[0] != '\\')
        {
            var bytes = Math.Min(SequenceBytes(text[0]), text.Length);
            return (bytes, bytes);
        }

        if (text.Length < 6 || text[1] != 'u' || !Utf8Parser.TryParse(text.Slice(2, 4), out ushort unit, out _, 'x'))
        {
            return (Math.Min(2, text.Length), 1);
        }

        // Of a surrogate pair each half counts two of the four bytes, and the halves stay together.
        return unit switch
        {
            < 0x80 => (6, 1),
            < 0x800 => (6, 2),
            >= 0xd800 and < 0xdc00 when text.Length >= 12 && text[6] == '\\' && text[7] == 'u' => (12, 4),
            _ => (6, 3),
        };
    }

    private static int SequenceBytes(byte first) => first switch
    {
        < 0xc0 => 1,
        < 0xe0 => 2,
        < 0xf0 => 3,
        _ => 4,
    };
}
