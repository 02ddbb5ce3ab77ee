using System.Text;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Records;

/// <summary>The fields that the agent writes into the documents of one log: their bytes, and which names a record may not set.</summary>
/// <remarks>
/// <para>
/// To the server <c>a.b</c> is the member <c>b</c> of <c>a</c>, so names are asked for as they are seen from the root, <c>log.file.path</c>,
/// whether a record writes them with dots or as objects in objects.
/// </para>
/// <para>
/// In log-pilot's shapes no own name has a dot except a tag's, so the first part of a name decides. In ECS the agent and a logging library share
/// objects: <c>log.file.path</c> is the agent's and <c>log.level</c> the record's. There a record's name is in one of four places:
/// own, or below an own one, and must get another name; the default of <see cref="DefaultOf"/>, which the record's value replaces; above an own
/// one, and then it must be an object, whose members are asked for in turn; or free.
/// </para>
/// </remarks>
internal sealed class AgentFields
{
    private static readonly string[] LogPilotNames =
    [
        "@timestamp", "source", "offset", "stream", "index", "topic", "log",
        "docker_container", "docker_app", "docker_service", "docker_container_id", "docker_image",
        "k8s_pod", "k8s_pod_namespace", "k8s_container_name", "k8s_node_name", "k8s_pod_uid",
    ];

    /// <summary>The fields of log-pilot's shape that a document keeps when the server refuses what is in its line.</summary>
    public static readonly ByteNames PlainNames = new(LogPilotNames.Except(["log"]));

    private static readonly string[] FilebeatNames = [.. LogPilotNames, "beat", "prospector"];

    // Whole objects where no logging library has something to say that is not of the container.
    private static readonly string[] EcsNames =
    [
        "@timestamp", "stream", "log.file", "log.offset", "log.truncated", "log.parse_error", "log.index_error",
        "host.name", "container", "orchestrator", "labels.docker_app", "labels.k8s_container_name",
    ];

    private static readonly byte[][] LogPilotPrefixes = [[.. "docker_"u8], [.. "k8s_"u8]];

    private readonly ByteNames _own;
    private readonly ByteNames _above;
    private readonly byte[][] _prefixes;
    private readonly byte[][] _defaultNames;
    private readonly IReadOnlyList<RecordField> _fields;
    private readonly IReadOnlyList<RecordField> _defaults;
    private readonly byte[]?[] _encoded;

    /// <param name="shape">What the fields are called.</param>
    /// <param name="fields">Those that every document has.</param>
    /// <param name="defaults">Those that a document has unless its record brings them.</param>
    public AgentFields(DocumentShape shape, IReadOnlyList<RecordField> fields, IReadOnlyList<RecordField>? defaults = null)
    {
        Shape = shape;
        _fields = fields;
        _defaults = defaults ?? [];
        string[] own = [.. OwnNames(shape), .. fields.Select(field => field.Name)];
        _own = new ByteNames(own);
        _above = new ByteNames(own.Concat(_defaults.Select(field => field.Name)).SelectMany(Parents).Except(own));
        _prefixes = shape == DocumentShape.Ecs ? [] : LogPilotPrefixes;
        _defaultNames = [.. _defaults.Select(field => Encoding.UTF8.GetBytes(field.Name))];
        _encoded = new byte[1 << _defaults.Count][];
        _encoded[0] = Encode(0);
    }

    public DocumentShape Shape { get; }

    /// <summary>The most bytes that <see cref="Encoded"/> gives.</summary>
    public int EncodedBytesMax => _encoded[0]!.Length;

    public static AgentFields Of(LogDeclaration declaration, ContainerSnapshot? container, RecordOptions options) => new(
        options.Shape,
        RecordFields.List(declaration, container, options),
        options.Shape == DocumentShape.Ecs ? EcsFields.Defaults(declaration, container) : []);

    /// <summary>The fields as <c>,"name":value,…</c>: what stands in a document behind its line's own.</summary>
    /// <param name="given">The defaults that the record has brought, as bits of <see cref="DefaultOf"/>; zero for a line of text.</param>
    /// <remarks>There are at most eight combinations, and the records of one log have one or two of them.</remarks>
    public ReadOnlySpan<byte> Encoded(int given) => _encoded[given] ??= Encode(given);

    /// <summary>Whether a record may not set a name.</summary>
    /// <param name="name">From the root, with a dot between an object and its member.</param>
    public bool IsOwn(ReadOnlySpan<byte> name)
    {
        if (_own.Contains(name))
        {
            return true;
        }

        for (var end = name.IndexOf((byte)'.'); end >= 0;)
        {
            if (_own.Contains(name[..end]))
            {
                return true;
            }

            var next = name[(end + 1)..].IndexOf((byte)'.');
            end = next < 0 ? -1 : end + 1 + next;
        }

        foreach (var prefix in _prefixes)
        {
            if (name.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether fields of the agent are members of the object of this name. A record may have the object, but no value of another
    /// kind: the index would refuse it.
    /// </summary>
    /// <param name="name">From the root, with a dot between an object and its member.</param>
    public bool IsAbove(ReadOnlySpan<byte> name) => _above.Contains(name);

    /// <summary>The bit of a field that the agent leaves out of a document whose record has it; zero for any other name.</summary>
    /// <param name="name">From the root, with a dot between an object and its member.</param>
    public int DefaultOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _defaultNames.Length; i++)
        {
            if (name.SequenceEqual(_defaultNames[i]))
            {
                return 1 << i;
            }
        }

        return 0;
    }

    private static string[] OwnNames(DocumentShape shape) => shape switch
    {
        DocumentShape.LogPilot => LogPilotNames,
        DocumentShape.Filebeat => FilebeatNames,
        DocumentShape.Ecs => EcsNames,
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "No such shape."),
    };

    private static IEnumerable<string> Parents(string name)
    {
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[..dot];
        }
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
