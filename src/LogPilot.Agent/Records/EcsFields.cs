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
    public static List<RecordField> Defaults(LogDeclaration declaration, ContainerSnapshot? container)
    {
        List<RecordField> fields =
        [
            RecordField.Text(DefaultNames[0], SchemaVersion),
            RecordField.Text(DefaultNames[1], declaration.Name),
        ];
        if (container is not null && ContainerMetadata.Service(container) is { Length: > 0 } service)
        {
            fields.Add(RecordField.Text(DefaultNames[2], service));
        }

        return fields;
    }

    /// <summary>All other fields, each name once.</summary>
    public static List<RecordField> List(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options)
    {
        List<RecordField> fields = [];
        Add(fields, "host.name", options.HostName);
        if (container is not null)
        {
            Add(fields, "container.id", container.Id);
            Add(fields, "container.name", container.Name);
            AddImage(fields, container.Image);
            AddPod(fields, container, options.Metadata);
        }

        // Names that differ in a dot only become one, and a document with a name twice is refused. What the container is called wins.
        fields.AddRange(Labels(declaration, container, options)
            .Where(label => label.Value.Length > 0)
            .DistinctBy(label => label.Name)
            .Select(label => RecordField.Text($"labels.{label.Name}", label.Value)));
        return fields;
    }

    private static IEnumerable<(string Name, string Value)> Labels(
        LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options)
    {
        var tags = declaration.Tags
            .Where(tag => !ReservedFields.Has(tag.Key))
            .Select(tag => (ContainerMetadata.FieldName(tag.Key), tag.Value));
        if (container is null)
        {
            return tags;
        }

        // The schema has no field for what a container is called inside its pod.
        return
        [
            ("docker_app", ContainerMetadata.App(container)),
            ("k8s_container_name", ContainerMetadata.ContainerOfPod(container)),
            .. ContainerMetadata.AccessLabels(container).Select(label => (ContainerMetadata.FieldName(label.Name), label.Value)),
            .. ContainerMetadata.Chosen(container, options.Metadata),
            .. tags,
        ];
    }

    private static void AddPod(List<RecordField> fields, ContainerSnapshot container, MetadataOptions metadata)
    {
        var pod = ContainerMetadata.Pod(container);
        if (pod.Length == 0)
        {
            return;
        }

        Add(fields, "orchestrator.type", "kubernetes");
        Add(fields, "orchestrator.namespace", ContainerMetadata.PodNamespace(container));
        Add(fields, "orchestrator.resource.type", "pod");
        Add(fields, "orchestrator.resource.name", pod);
        Add(fields, "orchestrator.resource.id", metadata.PodUid ? ContainerMetadata.PodUid(container) : "");
    }

    // [registry[:port]/]name[:tag][@digest], or a digest alone, as Kubernetes asks the engine for an image that it has.
    private static void AddImage(List<RecordField> fields, string image)
    {
        const string Digest = "sha256:";
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var digest = image.StartsWith(Digest, StringComparison.Ordinal) ? image : at < 0 ? "" : image[(at + 1)..];
        var reference = digest == image ? "" : at < 0 ? image : image[..at];
        var colon = reference.IndexOf(':', reference.LastIndexOf('/') + 1);
        Add(fields, "container.image.name", colon < 0 ? reference : reference[..colon]);
        if (colon >= 0 && colon + 1 < reference.Length)
        {
            fields.Add(RecordField.List("container.image.tag", reference[(colon + 1)..]));
        }

        if (digest.Length > 0)
        {
            fields.Add(RecordField.List("container.image.hash.all", digest));
        }
    }

    private static void Add(List<RecordField> fields, string name, string value)
    {
        if (value.Length > 0)
        {
            fields.Add(RecordField.Text(name, value));
        }
    }
}
