using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Agent.Declarations;

/// <summary>
/// Reads <c>encoding</c>, by the names that Filebeat knows, into those that .NET knows with its code pages. Case, <c>-</c>
/// and <c>_</c> do not count. https://encoding.spec.whatwg.org/#names-and-labels
/// </summary>
internal static class EncodingReader
{
    private const string Utf8 = "utf-8";

    private const string Examples = "utf-8, utf-16le, utf-16be, latin1, gbk, gb18030, big5, shift-jis, euc-jp, iso-2022-jp, euc-kr, "
        + "iso8859-1 to iso8859-15, windows-1250 to windows-1258, koi8-r";

    // .NET has no ISO 8859-10, -14 and -16. EBCDIC is left out: its lines do not end with the byte of a newline.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [""] = Utf8,
        ["plain"] = Utf8,
        ["nop"] = Utf8,
        ["utf8"] = Utf8,
        ["unicode11utf8"] = Utf8,
        ["ascii"] = Utf8,
        ["usascii"] = Utf8,
        ["utf16"] = "utf-16",
        ["utf16le"] = "utf-16",
        ["utf16lebom"] = "utf-16",
        ["utf16bom"] = "utf-16",
        ["utf16be"] = "utf-16BE",
        ["utf16bebom"] = "utf-16BE",
        ["latin1"] = "iso-8859-1",
        ["gbk"] = "gbk",
        ["cp936"] = "gbk",
        ["gb2312"] = "gbk",
        ["gb18030"] = "gb18030",
        ["hzgb2312"] = "hz-gb-2312",
        ["big5"] = "big5",
        ["euckr"] = "euc-kr",
        ["eucjp"] = "euc-jp",
        ["iso2022jp"] = "iso-2022-jp",
        ["shiftjis"] = "shift_jis",
        ["sjis"] = "shift_jis",
        ["iso88591"] = "iso-8859-1",
        ["iso88592"] = "iso-8859-2",
        ["iso88593"] = "iso-8859-3",
        ["iso88594"] = "iso-8859-4",
        ["iso88595"] = "iso-8859-5",
        ["iso88596"] = "iso-8859-6",
        ["iso88596e"] = "iso-8859-6",
        ["iso88596i"] = "iso-8859-6",
        ["iso88597"] = "iso-8859-7",
        ["iso88598"] = "iso-8859-8",
        ["iso88598e"] = "iso-8859-8",
        ["iso88598i"] = "iso-8859-8-i",
        ["iso88599"] = "iso-8859-9",
        ["iso885913"] = "iso-8859-13",
        ["iso885915"] = "iso-8859-15",
        ["windows874"] = "windows-874",
        ["windows1250"] = "windows-1250",
        ["windows1251"] = "windows-1251",
        ["windows1252"] = "windows-1252",
        ["windows1253"] = "windows-1253",
        ["windows1254"] = "windows-1254",
        ["windows1255"] = "windows-1255",
        ["windows1256"] = "windows-1256",
        ["windows1257"] = "windows-1257",
        ["windows1258"] = "windows-1258",
        ["cp437"] = "IBM437",
        ["cp850"] = "ibm850",
        ["cp852"] = "ibm852",
        ["cp855"] = "IBM855",
        ["cp858"] = "IBM00858",
        ["cp860"] = "IBM860",
        ["cp862"] = "DOS-862",
        ["cp863"] = "IBM863",
        ["cp865"] = "IBM865",
        ["cp866"] = "cp866",
        ["koi8r"] = "koi8-r",
        ["koi8u"] = "koi8-u",
        ["macintosh"] = "macintosh",
        ["macintoshcyrillic"] = "x-mac-cyrillic",
    };

    /// <summary>Every name that is handed on, each of which .NET must know.</summary>
    public static IEnumerable<string> DotNetNames => Names.Values.Distinct();

    /// <param name="encoding">Null for UTF-8.</param>
    public static bool TryRead(
        DeclaredLog log,
        DeclarationNotices notices,
        out string? encoding,
        [NotNullWhen(false)] out DeclarationError? error)
    {
        encoding = null;
        error = null;
        if (!log.Properties.TryGetValue(DeclarationProperty.Encoding, out var declared))
        {
            return true;
        }

        var name = declared.Trim().ToLowerInvariant();
        name = name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        if (!Names.TryGetValue(name, out var found))
        {
            error = log.Error(
                $"in log {log.PrintedName}: encoding error: unsupported encoding: {PrintedText.Of(declared)}",
                $"use one of {Examples}");
            return false;
        }

        if (log.IsStdout && found != Utf8)
        {
            notices.Add($"in log {log.PrintedName}: encoding is ignored, it is for files only: the engine writes standard output in UTF-8");
            return true;
        }

        if (name == "utf16bom")
        {
            notices.Add($"in log {log.PrintedName}: utf-16-bom is read as utf-16le; declare utf-16be if that is meant");
        }

        encoding = found == Utf8 ? null : found;
        return true;
    }
}
