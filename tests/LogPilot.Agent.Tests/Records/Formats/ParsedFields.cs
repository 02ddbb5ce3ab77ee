using System.Text;
using System.Text.Json;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>What a format makes of a text, and checks that hold for every format and every text.</summary>
internal static class ParsedFields
{
    /// <summary>The fields as a JSON object, as they were written; null if the format does not match.</summary>
    public static string? Parse(IRecordFormat format, string text) => Parse(format, Encoding.UTF8.GetBytes(text), out _);

    /// <summary>Bytes as characters of the same number, so that a text may have bytes of any kind.</summary>
    public static string? ParseLatin1(IRecordFormat format, string text) => Parse(format, Encoding.Latin1.GetBytes(text), out _);

    public static string? Parse(IRecordFormat format, byte[] text, out string time)
    {
        var fields = new FieldWriter();
        var matches = format.TryParse(text, fields);
        time = Encoding.UTF8.GetString(fields.Time);
        return matches ? $"{{{Encoding.UTF8.GetString(fields.Members)}}}" : null;
    }

    /// <summary>Throws if the object is no JSON or has a member twice.</summary>
    public static void CheckValid(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
    }

    /// <summary>One JSON value for the other, whatever way they are escaped.</summary>
    public static bool AreSame(string? one, string? other)
    {
        if (one is null || other is null)
        {
            return one == other;
        }

        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }

    /// <summary>Every start of a text is matched or refused; what is matched is valid.</summary>
    public static void CheckPrefixes(IRecordFormat format, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var length = 0; length <= bytes.Length; length++)
        {
            if (Parse(format, bytes[..length], out _) is { } json)
            {
                CheckValid(json);
            }
        }
    }

    /// <summary>Damaged lines are matched or refused, and what is matched is valid.</summary>
    public static void CheckDamaged(IRecordFormat format, IReadOnlyList<string> lines, int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 5000; round++)
        {
            var text = DamagedText.Of(random, Encoding.UTF8.GetBytes(lines[random.Next(lines.Count)]));
            try
            {
                if (Parse(format, text, out _) is { } json)
                {
                    CheckValid(json);
                }
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {seed}, round {round}, bytes {Convert.ToHexString(text)}: {failure}");
            }
        }
    }

    /// <summary>Ten thousand records allocate nothing, after the first of each kind has made the buffers.</summary>
    public static void CheckAllocatesNothing(IRecordFormat format, IReadOnlyList<string> lines)
    {
        var texts = lines.Select(Encoding.UTF8.GetBytes).ToArray();
        var fields = new FieldWriter();

        Allocations.AssertNone(() => Run(format, texts, fields, 10_000));
    }

    private static void Run(IRecordFormat format, byte[][] texts, FieldWriter fields, int records)
    {
        for (var record = 0; record < records; record++)
        {
            fields.Clear();
            format.TryParse(texts[record % texts.Length], fields);
        }
    }
}
