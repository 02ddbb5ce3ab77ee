namespace LogPilot.Agent.Records.Formats;

/// <summary>A number of JSON.</summary>
internal static class JsonNumber
{
    /// <summary>The length of the number at the start of a text; 0 if there is none.</summary>
    /// <remarks>RFC 8259, section 6: <c>-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?</c>.</remarks>
    public static int LengthOf(ReadOnlySpan<byte> text)
    {
        var length = At(text, 0) == '-' ? 1 : 0;
        var digits = Digits(text, length);
        if (digits == 0 || (digits > 1 && text[length] == '0'))
        {
            return 0;
        }

        length += digits;
        if (At(text, length) == '.')
        {
            digits = Digits(text, length + 1);
            if (digits == 0)
            {
                return 0;
            }

            length += 1 + digits;
        }

        if (At(text, length) is not ((byte)'e' or (byte)'E'))
        {
            return length;
        }

        length += At(text, length + 1) is (byte)'+' or (byte)'-' ? 2 : 1;
        digits = Digits(text, length);
        return digits == 0 ? 0 : length + digits;
    }

    private static byte At(ReadOnlySpan<byte> text, int index) => index < text.Length ? text[index] : (byte)0;

    private static int Digits(ReadOnlySpan<byte> text, int start)
    {
        var end = start;
        while (end < text.Length && text[end] is >= (byte)'0' and <= (byte)'9')
        {
            end++;
        }

        return end - start;
    }
}
