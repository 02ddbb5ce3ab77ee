using System.Text;

namespace LogPilot.Agent.Records.Times;

/// <summary>The English names of months and days.</summary>
internal static class CalendarNames
{
    private const int ShortLength = 3;

    /// <summary>The month that a text begins with the name of.</summary>
    /// <param name="length">Of the name: the long one where it stands there whole.</param>
    /// <returns>Zero if it begins with none.</returns>
    public static int MonthOf(ReadOnlySpan<byte> text, out int length)
    {
        var month = KeyOf(text) switch
        {
            ('j' << 16) | ('a' << 8) | 'n' => 1,
            ('f' << 16) | ('e' << 8) | 'b' => 2,
            ('m' << 16) | ('a' << 8) | 'r' => 3,
            ('a' << 16) | ('p' << 8) | 'r' => 4,
            ('m' << 16) | ('a' << 8) | 'y' => 5,
            ('j' << 16) | ('u' << 8) | 'n' => 6,
            ('j' << 16) | ('u' << 8) | 'l' => 7,
            ('a' << 16) | ('u' << 8) | 'g' => 8,
            ('s' << 16) | ('e' << 8) | 'p' => 9,
            ('o' << 16) | ('c' << 8) | 't' => 10,
            ('n' << 16) | ('o' << 8) | 'v' => 11,
            ('d' << 16) | ('e' << 8) | 'c' => 12,
            _ => 0,
        };
        length = month == 0 ? 0 : ShortLength + LengthOfRest(text[ShortLength..], RestOfMonth(month));
        return month;
    }

    /// <summary>Whether a text begins with the name of a day.</summary>
    /// <param name="length">Of the name: the long one where it stands there whole.</param>
    public static bool IsDay(ReadOnlySpan<byte> text, out int length)
    {
        var rest = KeyOf(text) switch
        {
            ('m' << 16) | ('o' << 8) | 'n' => "day"u8,
            ('t' << 16) | ('u' << 8) | 'e' => "sday"u8,
            ('w' << 16) | ('e' << 8) | 'd' => "nesday"u8,
            ('t' << 16) | ('h' << 8) | 'u' => "rsday"u8,
            ('f' << 16) | ('r' << 8) | 'i' => "day"u8,
            ('s' << 16) | ('a' << 8) | 't' => "urday"u8,
            ('s' << 16) | ('u' << 8) | 'n' => "day"u8,
            _ => default,
        };
        length = rest.IsEmpty ? 0 : ShortLength + LengthOfRest(text[ShortLength..], rest);
        return length > 0;
    }

    private static ReadOnlySpan<byte> RestOfMonth(int month) => month switch
    {
        1 => "uary"u8,
        2 => "ruary"u8,
        3 => "ch"u8,
        4 => "il"u8,
        6 => "e"u8,
        7 => "y"u8,
        8 => "ust"u8,
        9 => "tember"u8,
        10 => "ober"u8,
        11 or 12 => "ember"u8,
        _ => default,
    };

    private static int LengthOfRest(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest) =>
        text.Length >= rest.Length && Ascii.EqualsIgnoreCase(text[..rest.Length], rest) ? rest.Length : 0;

    // The bit that makes a capital letter a small one turns nothing else into a letter.
    private static int KeyOf(ReadOnlySpan<byte> text) => text.Length < ShortLength
        ? 0
        : ((text[0] | 0x20) << 16) | ((text[1] | 0x20) << 8) | text[2] | 0x20;
}
