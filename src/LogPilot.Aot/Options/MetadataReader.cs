using LogPilot.Agent.Records;

namespace LogPilot.Aot.Options;

/// <summary>Reads <c>LOGPILOT_METADATA</c>.</summary>
/// <remarks>
/// <code>
/// metadata = item *( "," item )
/// item     = "container_id" / "image" / "pod_uid" / "label:" name / "env:" name
/// </code>
/// Blanks around an item are dropped. A name is the label's or variable's own, in its own case.
/// </remarks>
internal static class MetadataReader
{
    private const string Variable = "LOGPILOT_METADATA";
    private const string LabelStart = "label:";
    private const string EnvStart = "env:";

    /// <summary>Each is a field of every document; as many as a declaration may have tags.</summary>
    private const int ItemsMax = 64;

    public static MetadataOptions Read(VariableReader reader)
    {
        if (reader.Text(Variable) is not { } text)
        {
            return MetadataOptions.None;
        }

        var items = text.Split(',', StringSplitOptions.TrimEntries);
        if (items.Length > ItemsMax)
        {
            reader.Reject(Variable, text, $"has {items.Length} items, at most {ItemsMax} are possible; each is a field of every document");
            return MetadataOptions.None;
        }

        foreach (var item in items)
        {
            Check(reader, item);
        }

        return new MetadataOptions
        {
            ContainerId = items.Contains("container_id"),
            Image = items.Contains("image"),
            PodUid = items.Contains("pod_uid"),
            Labels = NamesBehind(LabelStart, items),
            Env = NamesBehind(EnvStart, items),
        };
    }

    private static void Check(VariableReader reader, string item)
    {
        if (item.Length == 0)
        {
            reader.Reject(Variable, item, "is an item without text; remove the comma that is too many");
        }
        else if (item is LabelStart or EnvStart)
        {
            reader.Reject(Variable, item, $"names nothing; write it as {LabelStart}app.kubernetes.io/version or {EnvStart}APP_VERSION");
        }
        else if (item.StartsWith(EnvStart, StringComparison.Ordinal) && item.Contains('=', StringComparison.Ordinal))
        {
            reader.Reject(Variable, item, "is no name of a variable; write the name alone, without = and a value");
        }
        else if (item is not ("container_id" or "image" or "pod_uid")
            && !item.StartsWith(LabelStart, StringComparison.Ordinal)
            && !item.StartsWith(EnvStart, StringComparison.Ordinal))
        {
            reader.Reject(Variable, item, "is none of container_id, image, pod_uid, label:NAME and env:NAME");
        }
    }

    private static string[] NamesBehind(string start, string[] items) =>
        [.. items.Where(item => item.StartsWith(start, StringComparison.Ordinal)).Select(item => item[start.Length..].Trim()).Distinct()];
}
