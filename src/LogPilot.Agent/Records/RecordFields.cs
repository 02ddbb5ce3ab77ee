using System.Buffers;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Records;

/// <summary>The fields that are the same in every document of one log: tags, routing and the container's names.</summary>
/// <remarks>
/// log-pilot's fields, and its order of precedence where a tag has the name of one: the container's names win over tags. The
/// agent's own fields cannot be overwritten by a tag at all. A tag such as <c>log.truncated</c> is a member of <c>log</c> to the
/// server, and <c>docker_container.x</c> makes an index refuse every document whose <c>docker_container</c> is a text: neither is taken.
/// </remarks>
internal static class RecordFields
{
    private const string AccessLabelPrefix = "com.aliyun.access.";

    /// <summary>Encodes them once, as <c>,"index":"…","topic":"…",…</c>: what stands in a document behind its own fields.</summary>
    public static byte[] Encode(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var field in Fields(declaration, container, options))
            {
                json.WriteString(field.Key, field.Value);
            }

            json.WriteEndObject();
        }

        // The braces go: the first one makes way for the comma behind the field before.
        var encoded = buffer.WrittenSpan[..^1].ToArray();
        encoded[0] = (byte)',';
        return encoded;
    }

    /// <summary>The names of those fields: what a record of this log cannot set.</summary>
    public static IReadOnlyList<string> Names(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options) =>
        [.. Fields(declaration, container, options).Select(field => field.Key)];

    private static List<KeyValuePair<string, string>> Fields(
        LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options)
    {
        // The dots of labels are replaced, so two of them can become one name, and a document with it twice is refused.
        var metadata = Metadata(container, options).Where(field => field.Value.Length > 0).DistinctBy(field => field.Key).ToList();
        return
        [
            new("index", declaration.Index),
            new("topic", declaration.Topic),
            .. declaration.Tags.Where(tag => !ReservedFields.Has(tag.Key) && !metadata.Exists(field => field.Key == tag.Key)),
            .. metadata,
        ];
    }

    private static IEnumerable<KeyValuePair<string, string>> Metadata(ContainerSnapshot? container, RecordOptions options)
    {
        if (container is not null)
        {
            yield return new("docker_container", container.Name);
            yield return new("docker_app", FirstLabel(container, "com.docker.stack.namespace", "com.docker.compose.project"));
            yield return new("docker_service", FirstLabel(container, "com.docker.swarm.service.name", "com.docker.compose.service"));
            yield return new("k8s_pod", FirstLabel(container, "io.kubernetes.pod.name"));
            yield return new("k8s_pod_namespace", FirstLabel(container, "io.kubernetes.pod.namespace"));
            yield return new("k8s_container_name", FirstLabel(container, "io.kubernetes.container.name"));
        }

        yield return new("k8s_node_name", options.NodeName);
        foreach (var label in container?.Labels ?? new Dictionary<string, string>())
        {
            if (label.Key.StartsWith(AccessLabelPrefix, StringComparison.Ordinal))
            {
                yield return new(label.Key.Replace('.', '_'), label.Value);
            }
        }
    }

    private static string FirstLabel(ContainerSnapshot container, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (container.Labels.TryGetValue(name, out var value) && value.Length > 0)
            {
                return value;
            }
        }

        return "";
    }
}
