namespace LogPilot.Agent.Lines;

/// <summary>How an LF is encoded: as one byte, or as one unit of UTF-16.</summary>
internal readonly record struct LineEnding
{
    private enum Width
    {
        Byte,
        LittleEndian,
        BigEndian,
    }

    private Width Kind { get; init; }

    public static LineEnding Utf16 { get; } = new() { Kind = Width.LittleEndian };

    public static LineEnding Utf16BigEndian { get; } = new() { Kind = Width.BigEndian };

    /// <summary>The bytes of an LF.</summary>
    public int Bytes => Kind == Width.Byte ? 1 : 2;

    /// <summary>So many of these bytes as are whole units.</summary>
    public int Whole(int bytes) => bytes / Bytes * Bytes;

    /// <param name="text">Begins with a whole unit.</param>
    public int IndexIn(ReadOnlySpan<byte> text)
    {
        if (Kind == Width.Byte)
        {
            return text.IndexOf((byte)'\n');
        }

        // The byte of an LF is also a half of other characters.
        var low = Kind == Width.LittleEndian ? 0 : 1;
        for (var at = 0; at < text.Length;)
        {
            var found = text[at..].IndexOf((byte)'\n');
            if (found < 0)
            {
                return -1;
            }

            at += found;
            var unit = at - low;
            if (unit >= 0 && unit % 2 == 0 && unit + 1 < text.Length && text[unit + 1 - low] == 0)
            {
                return unit;
            }

            at++;
        }

        return -1;
    }

    public ReadOnlySpan<byte> TrimCarriageReturn(ReadOnlySpan<byte> text)
    {
        var carriageReturn = Kind switch
        {
            Width.LittleEndian => "\r\0"u8,
            Width.BigEndian => "\0\r"u8,
            _ => "\r"u8,
        };
        return text.EndsWith(carriageReturn) ? text[..^carriageReturn.Length] : text;
    }

    /// <summary>Whether the text begins with a byte order mark.</summary>
    public bool StartsWithMark(ReadOnlySpan<byte> text, out int bytes)
    {
        ReadOnlySpan<byte> mark = Kind switch
        {
            Width.LittleEndian => [0xff, 0xfe],
            Width.BigEndian => [0xfe, 0xff],
            _ => [0xef, 0xbb, 0xbf],
        };
        bytes = mark.Length;
        return text.StartsWith(mark);
    }
}
