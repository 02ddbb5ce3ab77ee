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
    public static IReadOnlyList<RecordField> List(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options)
    {
        if (options.Shape == DocumentShape.Ecs)
        {
            return EcsFields.List(declaration, container, options);
        }

        var stronger = Metadata(container, options);
        if (options.Shape == DocumentShape.Filebeat)
        {
            AddFilebeat(stronger, options.HostName);
        }

        var fields = new FieldList();
        fields.Add(RecordField.Text("index", declaration.Index));
        fields.Add(RecordField.Text("topic", declaration.Topic));
        foreach (var tag in declaration.Tags)
        {
            if (!ReservedFields.Has(tag.Key) && !stronger.Has(tag.Key) && !stronger.HasAbove(tag.Key))
            {
                fields.Add(RecordField.Text(tag.Key, tag.Value));
            }
        }

        fields.AddAll(stronger);
        return fields.Fields;
    }

    private static FieldList Metadata(ContainerSnapshot? container, RecordOptions options)
    {
        var fields = new FieldList();
        if (container is null)
        {
            fields.AddText("k8s_node_name", options.NodeName);
            return fields;
        }

        fields.AddText("docker_container", container.Name);
        fields.AddText("docker_app", ContainerMetadata.App(container));
        fields.AddText("docker_service", ContainerMetadata.Service(container));
        fields.AddText("k8s_pod", ContainerMetadata.Pod(container));
        fields.AddText("k8s_pod_namespace", ContainerMetadata.PodNamespace(container));
        fields.AddText("k8s_container_name", ContainerMetadata.ContainerOfPod(container));
        fields.AddText("k8s_node_name", options.NodeName);
        ContainerMetadata.AddAccessLabels(fields, container);
        fields.AddText("docker_container_id", options.Metadata.ContainerId ? container.Id : "");
        fields.AddText("docker_image", options.Metadata.Image ? container.Image : "");
        fields.AddText("k8s_pod_uid", options.Metadata.PodUid ? ContainerMetadata.PodUid(container) : "");
        ContainerMetadata.AddChosen(fields, container, options.Metadata);
        return fields;
    }

    // As log-pilot's Filebeat wrote them, where the host is the agent's.
    private static void AddFilebeat(FieldList fields, string hostName)
    {
        var host = RecordField.Quote(hostName);
        fields.Add(new RecordField("prospector", "{\"type\":\"log\"}"));
        fields.Add(new RecordField("beat", $"{{\"name\":{host},\"hostname\":{host},\"version\":\"{FilebeatVersion}\"}}"));
    }
}
