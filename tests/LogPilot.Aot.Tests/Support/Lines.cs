using System.Globalization;

namespace LogPilot.Aot.Tests.Support;

/// <summary>Numbered lines: what a container is told to write, and whether each has arrived once.</summary>
internal static class Lines
{
    /// <summary>A shell command that writes <c>WORD 1</c> to <c>WORD last</c>.</summary>
    public static string Write(string word, int count, int first = 1) =>
        $"awk 'BEGIN {{ for (i = {first}; i < {first + count}; i++) print \"{word} \" i }}'";

    public static IEnumerable<string> Numbered(string word, int count, int first = 1) =>
        Enumerable.Range(first, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{word} {number}"));

    /// <summary>A shell command that writes lines of so many bytes, longer than a runtime logs in one piece.</summary>
    public static string WriteLong(string word, int length, int count) =>
        $"awk 'BEGIN {{ f = sprintf(\"%{length}s\", \"\"); gsub(/ /, \"x\", f); "
        + $"for (i = 1; i <= {count}; i++) {{ s = \"{word} \" i \" \"; print s substr(f, length(s) + 1) }} }}'";

    /// <summary>The line of that number.</summary>
    public static string Long(string word, int length, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{word} {number} ").PadRight(length, 'x');

    /// <summary>Every expected line exactly once and no other, in any order.</summary>
    public static void AssertEachOnce(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var counts = expected.ToDictionary(line => line, _ => 0);
        var foreign = new List<string>();
        foreach (var line in actual)
        {
            if (counts.TryGetValue(line, out var count))
            {
                counts[line] = count + 1;
            }
            else
            {
                foreign.Add(line);
            }
        }

        var missing = counts.Where(line => line.Value == 0).Select(line => line.Key).ToList();
        var repeated = counts.Where(line => line.Value > 1).Select(line => line.Key).ToList();
        Assert.True(
            missing.Count + repeated.Count + foreign.Count == 0,
            $"Of {counts.Count} lines {Describe("missing", missing)}, {Describe("stored twice", repeated)}, {Describe("unknown", foreign)}.");
    }

    private static string Describe(string what, List<string> lines) =>
        lines.Count == 0 ? $"0 {what}" : $"{lines.Count} {what} ({string.Join(", ", lines.Take(5).Select(Shorten))}, …)";

    private static string Shorten(string line) => line.Length > 60 ? line[..60] + "…" : line;
}
