using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LogPilot.Load.Logs;

/// <summary>Lines as Docker's json-file log driver writes them.</summary>
internal static class JsonFile
{
    /// <summary>Where the engine splits what a container writes.</summary>
    private const int PartCharacters = 16 * 1024;

    private static long _lastTicks;

    /// <summary>A short text as one line of the file, without the newline behind it.</summary>
    public static string Line(string text) => Part(text + "\n");

    /// <summary>A text as the bytes of the file, in parts if it is long.</summary>
    public static byte[] Encode(string text)
    {
        var lines = new StringBuilder();
        var rest = text + "\n";
        while (rest.Length > PartCharacters)
        {
            lines.Append(Part(rest[..PartCharacters])).Append('\n');
            rest = rest[PartCharacters..];
        }

        return Encoding.UTF8.GetBytes(lines.Append(Part(rest)).Append('\n').ToString());
    }

    // The engine's times are nanoseconds and do not repeat within a container.
    private static string Part(string text)
    {
        var ticks = Math.Max(DateTime.UtcNow.Ticks, _lastTicks + 1);
        _lastTicks = ticks;
        var time = new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        return $$"""{"log":"{{JsonEncodedText.Encode(text)}}","stream":"stdout","time":"{{time}}00Z"}""";
    }
}
