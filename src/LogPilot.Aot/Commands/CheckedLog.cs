using System.Globalization;
using System.Text.Json;
using LogPilot.Agent;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Containers.Cri;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Declarations;

namespace LogPilot.Aot.Commands;

/// <summary>What was understood of one log, in words for its owner and in JSON for programs.</summary>
internal static class CheckedLog
{
    private const string Utf8 = "utf-8";

    /// <summary>Title and text of everything that was declared, or follows from it, in the order in which it is printed.</summary>
    public static IEnumerable<(string Title, string Text)> Describe(
        LogDeclaration log, ContainerSnapshot? container, AgentOptions options)
    {
        yield return ("reads", Source(log, container));
        yield return ("index", $"{Index(log, options)}, by the time of each record in UTC");
        if (log.Topic != log.Index)
        {
            yield return ("topic", log.Topic);
        }

        yield return ("format", Format(log.Format));
        foreach (var (property, text) in Properties(log.Format))
        {
            yield return (property, text);
        }

        if (log.Multiline is { } multiline)
        {
            yield return ("multiline", Multiline(multiline));
        }

        if (log.Include.Count > 0)
        {
            yield return ("include", $"only records that match {string.Join(" or ", log.Include)}");
        }

        if (log.Exclude.Count > 0)
        {
            yield return ("exclude", $"no records that match {string.Join(" or ", log.Exclude)}");
        }

        yield return ("encoding", log.Encoding ?? Utf8);
        yield return ("max_bytes", MaxBytes(log.LineBytesMax, options.Lines.LineBytesMax));
        if (log.Tags.Count > 0)
        {
            yield return ("tags", string.Join(", ", log.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
        }
    }

    /// <summary>The same as members of the object that is open. What was not declared is there with what follows from that.</summary>
    public static void Write(LogDeclaration log, ContainerSnapshot? container, AgentOptions options, Utf8JsonWriter json)
    {
        json.WriteString("name", log.Name);
        json.WriteString("reads", Source(log, container));
        json.WriteString("index", Index(log, options));
        json.WriteString("topic", log.Topic);
        json.WriteString("format", Format(log.Format));
        foreach (var (property, text) in Properties(log.Format))
        {
            json.WriteString(property, text);
        }

        if (log.Multiline is { } multiline)
        {
            json.WriteString("multiline", multiline.Preset);
            json.WriteString("multiline.pattern", multiline.Pattern);
            json.WriteBoolean("multiline.negate", multiline.Negate);
            json.WriteString("multiline.match", multiline.MatchBefore ? "before" : "after");
            json.WriteNumber("multiline.max_lines", multiline.LinesMax);
            json.WriteNumber("multiline.timeout_seconds", multiline.Timeout.TotalSeconds);
        }

        WritePatterns("include", log.Include, json);
        WritePatterns("exclude", log.Exclude, json);
        json.WriteString("encoding", log.Encoding ?? Utf8);
        json.WriteNumber("max_bytes", Math.Min(log.LineBytesMax ?? int.MaxValue, options.Lines.LineBytesMax));
        json.WriteStartObject("tags");
        foreach (var tag in log.Tags)
        {
            json.WriteString(tag.Key, tag.Value);
        }

        json.WriteEndObject();
    }

    private static void WritePatterns(string property, IReadOnlyList<string> patterns, Utf8JsonWriter json)
    {
        json.WriteStartArray(property);
        foreach (var pattern in patterns)
        {
            json.WriteStringValue(pattern);
        }

        json.WriteEndArray();
    }

    private static string Index(LogDeclaration log, AgentOptions options) => $"{log.Index}-{options.Records.IndexDateFormat}";

    // As it is declared.
    private static string Format(LogFormat format)
        => format.Kind == LogFormatKind.ApacheError ? "apache_error" : format.Kind.ToString().ToLowerInvariant();

    private static string Source(LogDeclaration log, ContainerSnapshot? container)
    {
        if (log.Path is { } path)
        {
            return $"{path.Declared} = {path.Root.TrimEnd('/')}/{path.Pattern} on the host";
        }

        var stream = log.Streams == StandardStreams.Both ? "stdout and stderr" : log.Streams.ToString().ToLowerInvariant();
        return container is { LogDriver: not (DockerInspection.JsonFile or CriContainer.LogDriver) }
            ? $"{stream}, not collected: the log driver {container.LogDriver} writes no file"
            : stream;
    }

    private static IEnumerable<(string Property, string Text)> Properties(LogFormat format)
    {
        if (format.Pattern is { } pattern)
        {
            yield return ("format.pattern", pattern);
        }

        if (format.Keys is { } keys)
        {
            yield return ("format.keys", keys);
        }

        if (format.TimeKey is { } timeKey)
        {
            yield return ("format.time_key", timeKey);
        }

        if (format.TimeFormat is { } timeFormat)
        {
            yield return ("format.time_format", timeFormat);
        }
    }

    private static string Multiline(MultilineRule rule)
    {
        var limits = $"at most {rule.LinesMax} lines and {rule.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s";
        if (rule is { Preset: not null, Negate: false, MatchBefore: false })
        {
            return $"{rule.Preset}: stack traces belong to the line before them; {limits}";
        }

        var matches = rule.Negate ? "do not match" : "match";
        var neighbour = rule.MatchBefore ? "next" : "previous";
        return $"lines that {matches} {rule.Pattern} belong to the {neighbour} one; {limits}";
    }

    private static string MaxBytes(int? declared, int most)
        => declared > most
            ? $"{most}, the agent's own limit: no declaration exceeds LOGPILOT_LINE_BYTES_MAX"
            : (declared ?? most).ToString(CultureInfo.InvariantCulture);
}
