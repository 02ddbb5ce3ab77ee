using System.Globalization;

namespace LogPilot.Agent.Files;

/// <summary>What the name of a file says about its place in a chain of rotations.</summary>
/// <remarks>
/// <code>
/// BASE [AGE] [COMPRESSION]        app.log  app.log.1  app.log.2.gz  app.log-20261124  0.log.20261124-120000.gz
/// STEM DATE [EXTENSION] …         app-2026-11-24.log  app.2026-11-24.0.log.gz          with the base app.log
/// AGE         = ("." | "-" | "_") digits, and further digits behind "." "-" "_" ":" or "T"
/// DATE        = an age that begins with a date
/// COMPRESSION = ".gz" | ".bz2" | ".xz" | ".zst" | ".lz4" | ".zip"
/// </code>
/// The forms of Docker, kubelet, logrotate, Python's handlers, log4j2 and logback. A date may stand before the extension, a number may
/// not: <c>server-1.log</c> and <c>server-2.log</c> are the logs of two servers.
/// </remarks>
/// <param name="Base">The name of the file that is written now.</param>
/// <param name="Age">Digits and what stands between; empty for the file that is written now.</param>
/// <param name="Compression">The last extension if it is that of a compressed file, else empty.</param>
internal readonly record struct RotatedName(string Base, string Age, string Compression)
{
    private const int ExtensionCharactersMax = 8;
    private const string Separators = ".-_";

    /// <summary>Nothing in the name says that it was rotated.</summary>
    public bool IsLive => Age.Length == 0 && Compression.Length == 0;

    public bool IsCompressed => Compression.Length > 0;

    /// <summary>The age counts rotations, as <c>.1</c> does; otherwise it is a time.</summary>
    public bool IsNumbered => Age.Length is > 1 and < 7 && Age.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    public static RotatedName Parse(string name)
    {
        var compression = Path.GetExtension(name) is ".gz" or ".bz2" or ".xz" or ".zst" or ".lz4" or ".zip"
            ? Path.GetExtension(name)
            : "";
        var plain = name[..^compression.Length];
        var age = AgeAtEnd(plain);
        if (age.Length > 0)
        {
            return new RotatedName(plain[..^age.Length], age, compression);
        }

        var extension = Path.GetExtension(plain);
        var stem = plain[..^extension.Length];
        age = extension.Length is > 1 and <= ExtensionCharactersMax ? AgeAtEnd(stem) : "";
        return BeginsWithDate(age)
            ? new RotatedName(stem[..^age.Length] + extension, age, compression)
            : new RotatedName(plain, "", compression);
    }

    /// <summary>Negative if the first was rotated before the second.</summary>
    public static int CompareAge(RotatedName first, RotatedName second)
    {
        // The file that is written now is the newest; then come those with small numbers; then those with late times.
        var kind = Kind(first) - Kind(second);
        return kind != 0 ? kind
            : first.IsNumbered ? -CompareNumbers(first.Age, second.Age)
            : CompareNumbers(first.Age, second.Age);
    }

    private static int Kind(RotatedName name) => name.Age.Length == 0 ? 2 : name.IsNumbered ? 1 : 0;

    private static int CompareNumbers(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        while (!first.IsEmpty && !second.IsEmpty)
        {
            var a = TakeNumber(ref first);
            var b = TakeNumber(ref second);
            var compared = a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
            if (compared != 0)
            {
                return compared;
            }
        }

        return first.Length - second.Length;
    }

    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyInRange('0', '9');
        text = start < 0 ? [] : text[start..];
        var length = text.IndexOfAnyExceptInRange('0', '9');
        var number = length < 0 ? text : text[..length];
        text = text[number.Length..];
        return number.TrimStart('0');
    }

    private static string AgeAtEnd(string name)
    {
        var start = name.Length;
        while (start > 0 && (char.IsAsciiDigit(name[start - 1]) || name[start - 1] is '.' or '-' or '_' or ':' or 'T'))
        {
            start--;
        }

        while (start < name.Length && !(Separators.Contains(name[start]) && start + 1 < name.Length && char.IsAsciiDigit(name[start + 1])))
        {
            start++;
        }

        // A name that is nothing but an age is a name, and so is one that ends in a separator.
        return start == 0 || start == name.Length || !char.IsAsciiDigit(name[^1]) ? "" : name[start..];
    }

    private static bool BeginsWithDate(ReadOnlySpan<char> age)
    {
        Span<char> digits = stackalloc char[8];
        var count = 0;
        foreach (var character in age)
        {
            if (char.IsAsciiDigit(character) && count < digits.Length)
            {
                digits[count++] = character;
            }
        }

        return count == digits.Length
            && DateOnly.TryParseExact(digits, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is > 1990 and < 2200;
    }
}
