using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Records;

/// <summary>The fields that are the same in every document of one log, by the names of the Elastic Common Schema.</summary>
/// <remarks>
/// https://www.elastic.co/docs/reference/ecs. All names are written with dots and none as an object: a record may bring an object
/// <c>log</c> or <c>service</c> of its own, and a document with one name twice is refused. To the server both are one object.
/// What the schema has no name for is a label, whose name has no dots, as https://github.com/elastic/ecs-logging wants it.
/// </remarks>
internal static class EcsFields
{
    /// <summary>The version that has all of these fields. Filebeat 8 writes <c>8.0.0</c> with the same meaning.</summary>
    private const string SchemaVersion = "8.11.0";

    /// <summary>The names of <see cref="Defaults"/> in their order, whether a log has all of them or not.</summary>
    public static readonly string[] DefaultNames = ["ecs.version", "event.dataset", "service.name"];

    /// <summary>
    /// What a logging library knows better than the agent: its record's own value stays, and the agent's is written where the
    /// record has none.
    /// </summary>
    public static IReadOnlyList<RecordField> Defaults(LogDeclaration declaration, ContainerSnapshot? container)
    {
        var fields = new FieldList();
        fields.AddText(DefaultNames[0], SchemaVersion);
        fields.AddText(DefaultNames[1], declaration.Name);
        fields.AddText(DefaultNames[2], container is null ? "" : ContainerMetadata.Service(container));
        return fields.Fields;
    }

    /// <summary>All other fields, each name once.</summary>
    public static IReadOnlyList<RecordField> List(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options)
    {
        var fields = new FieldList();
        fields.AddText("host.name", options.HostName);
        if (container is not null)
        {
            fields.AddText("container.id", container.Id);
            fields.AddText("container.name", container.Name);
            AddImage(fields, container.Image);
            AddPod(fields, container, options.Metadata);
        }

        foreach (var label in Labels(declaration, container, options).Fields)
        {
            fields.Add(new RecordField($"labels.{ContainerMetadata.FieldName(label.Name)}", label.Json));
        }

        return fields.Fields;
    }

    // What the container is called comes before tags, and so wins over them.
    private static FieldList Labels(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options)
    {
        var labels = new FieldList();
        if (container is not null)
        {
            // The schema has no field for what a container is called inside its pod.
            labels.AddText("docker_app", ContainerMetadata.App(container));
            labels.AddText("k8s_container_name", ContainerMetadata.ContainerOfPod(container));
            ContainerMetadata.AddAccessLabels(labels, container);
            ContainerMetadata.AddChosen(labels, container, options.Metadata);
        }

        foreach (var tag in declaration.Tags)
        {
            if (!ReservedFields.Has(tag.Key))
            {
                labels.AddText(tag.Key, tag.Value);
            }
        }

        return labels;
    }

    private static void AddPod(FieldList fields, ContainerSnapshot container, MetadataOptions metadata)
    {
        var pod = ContainerMetadata.Pod(container);
        if (pod.Length == 0)
        {
            return;
        }

        fields.AddText("orchestrator.type", "kubernetes");
        fields.AddText("orchestrator.namespace", ContainerMetadata.PodNamespace(container));
        fields.AddText("orchestrator.resource.type", "pod");
        fields.AddText("orchestrator.resource.name", pod);
        fields.AddText("orchestrator.resource.id", metadata.PodUid ? ContainerMetadata.PodUid(container) : "");
    }

    // [registry[:port]/]name[:tag][@digest], or a digest alone, as Kubernetes asks the engine for an image that it has.
    private static void AddImage(FieldList fields, string image)
    {
        const string Digest = "sha256:";
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var digest = image.StartsWith(Digest, StringComparison.Ordinal) ? image : at < 0 ? "" : image[(at + 1)..];
        var reference = digest == image ? "" : at < 0 ? image : image[..at];
        var colon = reference.IndexOf(':', reference.LastIndexOf('/') + 1);
        fields.AddText("container.image.name", colon < 0 ? reference : reference[..colon]);
        if (colon >= 0 && colon + 1 < reference.Length)
        {
            fields.Add(RecordField.List("container.image.tag", reference[(colon + 1)..]));
        }

        if (digest.Length > 0)
        {
            fields.Add(RecordField.List("container.image.hash.all", digest));
        }
    }
}
