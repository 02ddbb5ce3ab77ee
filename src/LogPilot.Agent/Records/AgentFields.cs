using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Records;

/// <summary>The fields that the agent writes into the documents of one log: their bytes, and which names a record may not set.</summary>
/// <remarks>
/// <para>
/// To the server <c>a.b</c> is the member <c>b</c> of <c>a</c>, so names are seen from the root, <c>log.file.path</c>, whether a record
/// writes them with dots or as objects in objects.
/// </para>
/// <para>
/// In log-pilot's shapes no own name has a dot except a tag's, so the first part of a name decides. In ECS the agent and a logging library share
/// objects: <c>log.file.path</c> is the agent's and <c>log.level</c> the record's. There a record's name is in one of four places:
/// own, or below an own one, and must get another name; a default, which the record's value replaces; above one of these, and then it
/// must be an object, whose members are looked at in turn; or free. What the server keeps for itself is own in every shape.
/// </para>
/// </remarks>
internal sealed class AgentFields
{
    /// <summary>The fields of log-pilot's shape that a document keeps when the server refuses what is in its line.</summary>
    public static readonly ByteNames PlainNames = new(ReservedFields.OwnNames);

    private static readonly string[] LogPilotNames = [.. ReservedFields.OwnNames, "log"];
    private static readonly string[] FilebeatNames = [.. LogPilotNames, "beat", "prospector"];

    // Whole objects where no logging library has something to say that is not of the container.
    private static readonly string[] EcsNames =
    [
        "@timestamp", "stream", "log.file", "log.offset", "log.truncated", "log.parse_error", "log.index_error",
        "host.name", "container", "orchestrator", "labels.docker_app", "labels.k8s_container_name",
    ];

    private static readonly string[] LogPilotPrefixes = ["docker_", "k8s_"];

    private readonly IReadOnlyList<RecordField> _fields;
    private readonly IReadOnlyList<RecordField> _defaults;
    private readonly byte[]?[] _encoded;
    private FieldPlaces? _places;

    /// <param name="shape">What the fields are called.</param>
    /// <param name="fields">Those that every document has.</param>
    /// <param name="defaults">Those that a document has unless its record brings them: the first ones of <see cref="EcsFields.DefaultNames"/>.</param>
    public AgentFields(DocumentShape shape, IReadOnlyList<RecordField> fields, IReadOnlyList<RecordField>? defaults = null)
    {
        Shape = shape;
        _fields = fields;
        _defaults = defaults ?? [];
        _encoded = new byte[1 << EcsFields.DefaultNames.Length][];
        _encoded[0] = Encode(0);
    }

    public DocumentShape Shape { get; }

    /// <summary>Where the names of records lead to, for formats that have fields. Made when the first of them asks.</summary>
    public FieldPlaces Places => _places ??= FindPlaces();

    /// <summary>The most bytes that <see cref="Encoded"/> gives.</summary>
    public int EncodedBytesMax => _encoded[0]!.Length;

    public static AgentFields Of(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options) => new(
        options.Shape,
        RecordFields.List(declaration, container, options),
        options.Shape == DocumentShape.Ecs ? EcsFields.Defaults(declaration, container) : []);

    /// <summary>The fields as <c>,"name":value,…</c>: what stands in a document behind its line's own.</summary>
    /// <param name="given">The defaults that the record has brought, as bits of <see cref="FieldPlaces.DefaultOf"/>; zero for a line of text.</param>
    /// <remarks>There are at most eight combinations, and the records of one log have one or two of them.</remarks>
    public ReadOnlySpan<byte> Encoded(int given) => _encoded[given] ??= Encode(given);

    private static string[] OwnNames(DocumentShape shape) => shape switch
    {
        DocumentShape.LogPilot => LogPilotNames,
        DocumentShape.Filebeat => FilebeatNames,
        DocumentShape.Ecs => EcsNames,
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "No such shape."),
    };

    private FieldPlaces FindPlaces()
    {
        var isEcs = Shape == DocumentShape.Ecs;
        var own = OwnNames(Shape).Concat(_fields.Select(field => field.Name)).Concat(ReservedFields.ServerNames);
        return isEcs
            ? new FieldPlaces(own, EcsFields.DefaultNames, [])
            : new FieldPlaces(own.Select(ReservedFields.FirstPart), [], LogPilotPrefixes);
    }

    private byte[] Encode(int given)
    {
        List<RecordField> fields = [.. _fields];
        for (var i = 0; i < _defaults.Count; i++)
        {
            if ((given & (1 << i)) == 0)
            {
                fields.Add(_defaults[i]);
            }
        }

        return RecordField.Encode(fields);
    }
}
