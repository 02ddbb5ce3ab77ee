using System.Globalization;
using System.Text;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent.Tests.Shipping;

/// <summary>
/// Documents of the shape <c>ecs</c> beside the rules of https://github.com/elastic/ecs-logging, <c>spec/spec.json</c>, and beside the names
/// and types of https://www.elastic.co/docs/reference/ecs.
/// </summary>
public sealed class EcsDocumentTests
{
    private static readonly DocumentTarget Target = new(Actions: false, TypeName: null, TimeDigits: 9);

    // Of the schema's generated/csv/fields.csv: those that the agent writes, and those that logging libraries do.
    private static readonly Dictionary<string, string> Schema = new()
    {
        ["@timestamp"] = "date",
        ["message"] = "text",
        ["ecs.version"] = "keyword",
        ["event.dataset"] = "keyword",
        ["host.name"] = "keyword",
        ["log.file.path"] = "keyword",
        ["log.level"] = "keyword",
        ["log.logger"] = "keyword",
        ["log.origin.file.line"] = "long",
        ["log.origin.file.name"] = "keyword",
        ["log.origin.function"] = "keyword",
        ["process.thread.name"] = "keyword",
        ["process.pid"] = "long",
        ["error.type"] = "keyword",
        ["error.message"] = "text",
        ["error.stack_trace"] = "keyword",
        ["service.name"] = "keyword",
        ["service.version"] = "keyword",
        ["service.environment"] = "keyword",
        ["service.node.name"] = "keyword",
        ["trace.id"] = "keyword",
        ["transaction.id"] = "keyword",
        ["container.id"] = "keyword",
        ["container.name"] = "keyword",
        ["container.image.name"] = "keyword",
        ["container.image.tag"] = "keyword[]",
        ["container.image.hash.all"] = "keyword[]",
        ["orchestrator.type"] = "keyword",
        ["orchestrator.namespace"] = "keyword",
        ["orchestrator.resource.type"] = "keyword",
        ["orchestrator.resource.name"] = "keyword",
        ["orchestrator.resource.id"] = "keyword",
    };

    // Not of the schema: Filebeat has the first two under these names, the others are the agent's notes below an object of the schema.
    private static readonly Dictionary<string, string> BesidesTheSchema = new()
    {
        ["log.offset"] = "long",
        ["stream"] = "keyword",
        ["log.truncated"] = "boolean",
        ["log.parse_error"] = "keyword",
        ["log.index_error"] = "keyword",
    };

    // log.level is required too, and nobody knows it of a line of text.
    private static readonly string[] Required = ["@timestamp", "ecs.version"];

    private static readonly LogDeclaration Declaration = new()
    {
        Name = "catalina",
        Index = "shop",
        Topic = "tp",
        Tags = [new("stage", "prod"), new("a.b*c\\d", "x"), new("log.level", "forged"), new("stage.x", "y")],
    };

    private static readonly ContainerSnapshot Container = new()
    {
        Id = "4f2d",
        Name = "c1",
        Image = "shop/web:1.2@sha256:ab",
        Labels = new Dictionary<string, string>
        {
            ["io.kubernetes.pod.name"] = "p",
            ["io.kubernetes.pod.namespace"] = "ns",
            ["io.kubernetes.pod.uid"] = "u-1",
            ["io.kubernetes.container.name"] = "web",
            ["com.docker.compose.project"] = "app",
            ["com.docker.compose.service"] = "checkout",
            ["com.aliyun.access.a*b.c"] = "blue",
            ["v.1"] = "3",
        },
        Env = ["V=4"],
    };

    /// <summary>What libraries of Elastic write, with dots and with objects, and the fields of the agent that they bring themselves.</summary>
    public static TheoryData<string, string> Records => new()
    {
        { "", "" },
        {
            """ "log.level":"INFO","message":"m","ecs.version":"1.2.0","service.name":"shop","event.dataset":"shop.log","process.thread.name":"main","log.logger":"a.B" """,
            "ecs.version event.dataset service.name"
        },
        {
            """ "log.level":"error","message":"m","ecs.version":"1.6.0","log":{"logger":"app","origin":{"file":{"line":14,"name":"t.py"},"function":"f"}},"process":{"pid":7},"error":{"type":"E","message":"e","stack_trace":"at\n"}""",
            "ecs.version"
        },
        { """ "log":{"level":"warn"},"message":"m","service":{"name":"shop","version":"1","environment":"prod","node":{"name":"n"}},"trace":{"id":"t"},"transaction.id":"x","labels":{"user":"u"}""", "service.name" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void TryWrite_Ecs_FollowsTheRulesOfEcsLogging(string members, string given)
    {
        using var document = JsonDocument.Parse(Write(members, given));

        var names = document.RootElement.EnumerateObject().Select(field => field.Name).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Equal("@timestamp", names[0]);
        var fields = Flatten("", document.RootElement).ToList();
        Assert.Equal(fields.Select(field => field.Name).Distinct(), fields.Select(field => field.Name));
        Assert.Empty(Required.Except(fields.Select(field => field.Name)));
        Assert.All(fields, field => AssertIsOfTheSchema(field.Name, field.Value));
    }

    [Fact]
    public void TryWrite_EcsLineOfText_HasNoLevel() =>
        Assert.DoesNotContain("log.level", Write("", ""), StringComparison.Ordinal);

    // Dots, * and \ are replaced in the names of labels, and their values are texts.
    private static void AssertIsOfTheSchema(string name, JsonElement value)
    {
        if (name.StartsWith("labels.", StringComparison.Ordinal))
        {
            Assert.DoesNotContain(name["labels.".Length..], one => one is '.' or '*' or '\\');
            Assert.Equal(JsonValueKind.String, value.ValueKind);
            return;
        }

        Assert.True(Schema.TryGetValue(name, out var type) || BesidesTheSchema.TryGetValue(name, out type), $"{name} is no field of the schema");
        Assert.True(IsOf(type, value), $"{name} is no {type}: {value}");
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "date" => value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        "long" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "keyword[]" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String),
        _ => value.ValueKind == JsonValueKind.String,
    };

    private static IEnumerable<(string Name, JsonElement Value)> Flatten(string start, JsonElement element) =>
        element.EnumerateObject().SelectMany(field => field.Value.ValueKind == JsonValueKind.Object
            ? Flatten($"{start}{field.Name}.", field.Value)
            : [($"{start}{field.Name}", field.Value)]);

    private static string Write(string members, string given)
    {
        var options = new RecordOptions
        {
            Shape = DocumentShape.Ecs,
            HostName = "node-1",
            Metadata = new MetadataOptions { PodUid = true, Labels = ["v.1"], Env = ["V"] },
        };
        var fields = AgentFields.Of(Declaration, Container, options);
        var batch = new Batch(64 * 1024);
        batch.Reset(Target);
        var record = new Record
        {
            Time = "2024-02-29T23:00:00.123456789Z"u8,
            Members = Encoding.UTF8.GetBytes(members.Trim()),
            ParseError = "json"u8,
            GivenDefaults = new FieldNames(fields).DefaultsOf(given.Split(' ')),
        };
        var line = new Line { Text = "text"u8, Stream = StandardStreams.Stderr, End = 10, IsTruncated = true };
        var encoder = new DocumentEncoder(Target, "shop", "yyyy", "/logs/a.log", fields);
        Assert.True(encoder.TryWrite(batch, line, record, new RecordIds("owner", "log", 0), 0));
        return Encoding.UTF8.GetString(batch.Content.Span);
    }
}
