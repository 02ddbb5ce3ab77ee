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
    private const string FilebeatVersion = "6.1.1";

    /// <summary>Encodes them once, as <c>,"index":"…","topic":"…",…</c>: what stands in a document behind its own fields.</summary>
    public static byte[] Encode(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options) =>
        RecordField.Encode(List(declaration, container, options));

    /// <summary>The fields in the shape of <paramref name="options"/>, each name once.</summary>
    public static List<RecordField> List(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options)
    {
        if (options.Shape == DocumentShape.Ecs)
        {
            return EcsFields.List(declaration, container, options);
        }

        var own = options.Shape == DocumentShape.Filebeat ? FilebeatFields(options.HostName) : [];

        // The dots of labels are replaced, so two of them can become one name, and a document with it twice is refused.
        var metadata = Metadata(container, options)
            .Where(field => field.Value.Length > 0)
            .DistinctBy(field => field.Name)
            .Select(field => RecordField.Text(field.Name, field.Value))
            .ToList();
        return
        [
            RecordField.Text("index", declaration.Index),
            RecordField.Text("topic", declaration.Topic),
            .. Tags(declaration, [.. own, .. metadata]),
            .. metadata,
            .. own,
        ];
    }

    private static IEnumerable<RecordField> Tags(LogDeclaration declaration, List<RecordField> stronger) =>
        from tag in declaration.Tags
        where !ReservedFields.Has(tag.Key)
        where !stronger.Exists(field => field.Name == tag.Key || tag.Key.StartsWith(field.Name + ".", StringComparison.Ordinal))
        select RecordField.Text(tag.Key, tag.Value);

    private static IEnumerable<(string Name, string Value)> Metadata(ContainerSnapshot? container, RecordOptions options)
    {
        if (container is null)
        {
            return [("k8s_node_name", options.NodeName)];
        }

        return
        [
            ("docker_container", container.Name),
            ("docker_app", ContainerMetadata.App(container)),
            ("docker_service", ContainerMetadata.Service(container)),
            ("k8s_pod", ContainerMetadata.Pod(container)),
            ("k8s_pod_namespace", ContainerMetadata.PodNamespace(container)),
            ("k8s_container_name", ContainerMetadata.ContainerOfPod(container)),
            ("k8s_node_name", options.NodeName),
            .. ContainerMetadata.AccessLabels(container),
            ("docker_container_id", options.Metadata.ContainerId ? container.Id : ""),
            ("docker_image", options.Metadata.Image ? container.Image : ""),
            ("k8s_pod_uid", options.Metadata.PodUid ? ContainerMetadata.PodUid(container) : ""),
            .. ContainerMetadata.Chosen(container, options.Metadata),
        ];
    }

    // As log-pilot's Filebeat wrote them, where the host is the agent's.
    private static List<RecordField> FilebeatFields(string hostName)
    {
        var host = RecordField.Text("", hostName).Json;
        return
        [
            new("prospector", "{\"type\":\"log\"}"),
            new("beat", $"{{\"name\":{host},\"hostname\":{host},\"version\":\"{FilebeatVersion}\"}}"),
        ];
    }
}
