using System.Text;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Records;

public sealed class AgentFieldsTests
{
    private static readonly LogDeclaration Declaration = new()
    {
        Name = "catalina",
        Index = "shop",
        Topic = "tp",
        Tags = [new("stage", "prod"), new("team.name", "web"), new("beat", "drum"), new("docker_app", "forged"), new("end.", "e")],
    };

    private static readonly ContainerSnapshot Container = new()
    {
        Id = "4f2d",
        Name = "k8s_web_p_ns_u-1_0",
        Image = "registry:5000/shop/web:1.2@sha256:ab",
        Labels = new Dictionary<string, string>
        {
            ["io.kubernetes.pod.name"] = "p",
            ["io.kubernetes.pod.namespace"] = "ns",
            ["io.kubernetes.pod.uid"] = "u-1",
            ["io.kubernetes.container.name"] = "web",
            ["com.docker.compose.project"] = "app",
            ["com.docker.compose.service"] = "checkout",
            ["com.aliyun.access.team"] = "blue",
            ["version"] = "3",
        },
    };

    [Theory]
    [InlineData("@timestamp", true)]
    [InlineData("offset", true)]
    [InlineData("offset.x", true)]
    [InlineData("log", true)]
    [InlineData("log.level", true)]
    [InlineData("docker_anything", true)]
    [InlineData("k8s_", true)]
    [InlineData("stage", true)]
    [InlineData("team.name", true)]
    [InlineData("team.name.x", true)]
    [InlineData("end.", true)]
    [InlineData("offset.", true)]
    [InlineData("team", true)]
    [InlineData("message", false)]
    [InlineData("Offset", false)]
    [InlineData("offsets", false)]
    [InlineData("logs.level", false)]
    [InlineData("_id", true)]
    [InlineData("_source.x", true)]
    [InlineData("_p", false)]
    public void Places_LogPilot_AreWhatTheAgentWrites(string name, bool expected) =>
        Assert.Equal(expected, Find(Of(DocumentShape.LogPilot), name).IsOwn);

    [Theory]
    [InlineData("beat", DocumentShape.Filebeat, true)]
    [InlineData("prospector.type", DocumentShape.Filebeat, true)]
    [InlineData("prospector", DocumentShape.LogPilot, false)]
    [InlineData("source", DocumentShape.Ecs, false)]
    [InlineData("docker_container", DocumentShape.Ecs, false)]
    public void Places_OtherShapes_HaveOtherNames(string name, object shape, bool expected) =>
        Assert.Equal(expected, Find(Of((DocumentShape)shape), name).IsOwn);

    // What a logging library of Elastic writes stays usable, and nothing that says where a line is from can be forged.
    [Theory]
    [InlineData("@timestamp", true, false, 0)]
    [InlineData("stream", true, false, 0)]
    [InlineData("log", false, true, 0)]
    [InlineData("log.level", false, false, 0)]
    [InlineData("log.logger", false, false, 0)]
    [InlineData("log.origin", false, false, 0)]
    [InlineData("log.origin.file.name", false, false, 0)]
    [InlineData("log.file", true, false, 0)]
    [InlineData("log.file.path", true, false, 0)]
    [InlineData("log.offset", true, false, 0)]
    [InlineData("log.truncated", true, false, 0)]
    [InlineData("process.thread.name", false, false, 0)]
    [InlineData("error.stack_trace", false, false, 0)]
    [InlineData("service", false, true, 0)]
    [InlineData("service.version", false, false, 0)]
    [InlineData("ecs", false, true, 0)]
    [InlineData("ecs.version", false, false, 1)]
    [InlineData("event", false, true, 0)]
    [InlineData("event.dataset", false, false, 2)]
    [InlineData("event.duration", false, false, 0)]
    [InlineData("service.name", false, false, 4)]
    [InlineData("host", false, true, 0)]
    [InlineData("host.name", true, false, 0)]
    [InlineData("host.os.name", false, false, 0)]
    [InlineData("container", true, false, 0)]
    [InlineData("container.id", true, false, 0)]
    [InlineData("orchestrator.cluster.name", true, false, 0)]
    [InlineData("labels", false, true, 0)]
    [InlineData("labels.stage", true, false, 0)]
    [InlineData("labels.docker_app", true, false, 0)]
    [InlineData("labels.user", false, false, 0)]
    [InlineData("_id", true, false, 0)]
    [InlineData("source.address", false, false, 0)]
    [InlineData("event.dataset.x", true, false, 0)]
    public void Places_Ecs_LeaveARecordWhatIsNotTheAgents(string name, bool isOwn, bool isAbove, int given) =>
        Assert.Equal((isOwn, isAbove, given), Find(Of(DocumentShape.Ecs), name));

    [Fact]
    public void Encoded_Ecs_HasTheNamesOfTheSchema()
    {
        var metadata = new MetadataOptions { PodUid = true, ContainerId = true, Image = true, Labels = ["version"] };

        var fields = Parse(Of(DocumentShape.Ecs, metadata).Encoded(0));

        Assert.Equal(
            """
            {"host.name":"node-1","container.id":"4f2d","container.name":"k8s_web_p_ns_u-1_0","container.image.name":"registry:5000/shop/web",
            "container.image.tag":["1.2"],"container.image.hash.all":["sha256:ab"],"orchestrator.type":"kubernetes","orchestrator.namespace":"ns",
            "orchestrator.resource.type":"pod","orchestrator.resource.name":"p","orchestrator.resource.id":"u-1","labels.docker_app":"app",
            "labels.k8s_container_name":"web","labels.com_aliyun_access_team":"blue","labels.docker_label_version":"3","labels.stage":"prod",
            "labels.team_name":"web","labels.beat":"drum","labels.end_":"e","ecs.version":"8.11.0","event.dataset":"catalina","service.name":"checkout"}
            """.ReplaceLineEndings(""),
            fields);
    }

    [Theory]
    [InlineData("nginx", "nginx", null, null)]
    [InlineData("nginx:1.27", "nginx", "1.27", null)]
    [InlineData("host:5000/nginx", "host:5000/nginx", null, null)]
    [InlineData("host:5000/a/nginx:1.27@sha256:ab", "host:5000/a/nginx", "1.27", "sha256:ab")]
    [InlineData("nginx@sha256:ab", "nginx", null, "sha256:ab")]
    [InlineData("sha256:ab", null, null, "sha256:ab")]
    [InlineData("nginx:", "nginx", null, null)]
    [InlineData("", null, null, null)]
    public void Encoded_EcsImage_IsInItsParts(string image, string? name, string? tag, string? hash)
    {
        var fields = EcsFields.List(Declaration, Container with { Image = image }, new RecordOptions());

        Assert.Equal(
            (name is null ? null : $"\"{name}\"", tag is null ? null : $"[\"{tag}\"]", hash is null ? null : $"[\"{hash}\"]"),
            (Json("container.image.name"), Json("container.image.tag"), Json("container.image.hash.all")));
        string? Json(string field) => fields.FirstOrDefault(one => one.Name == field)?.Json;
    }

    [Fact]
    public void Encoded_EcsOfTheHost_HasNoContainer()
    {
        var fields = AgentFields.Of(Declaration with { Tags = [] }, null, new RecordOptions { Shape = DocumentShape.Ecs, HostName = "node-1" });

        Assert.Equal("""{"host.name":"node-1","ecs.version":"8.11.0","event.dataset":"catalina"}""", Parse(fields.Encoded(0)));
    }

    [Fact]
    public void Encoded_DefaultsThatTheRecordHas_AreLeftOut()
    {
        var fields = Of(DocumentShape.Ecs);
        foreach (var given in Enumerable.Range(0, 8))
        {
            var names = JsonDocument.Parse(Parse(fields.Encoded(given))).RootElement.EnumerateObject().Select(field => field.Name).ToList();

            Assert.Equal(
                ((given & 1) == 0, (given & 2) == 0, (given & 4) == 0),
                (names.Contains("ecs.version"), names.Contains("event.dataset"), names.Contains("service.name")));
            Assert.Equal(names.Distinct(), names);
        }

        Allocations.AssertNone(() => Assert.True(fields.Encoded(5).Length < fields.EncodedBytesMax));
    }

    // Another container of the same index may have it.
    [Fact]
    public void Places_EcsLogWithoutAService_LeaveItsNameToRecordsToo()
    {
        var fields = AgentFields.Of(Declaration, null, new RecordOptions { Shape = DocumentShape.Ecs, HostName = "node-1" });

        Assert.Equal((false, false, 4), Find(fields, "service.name"));
        Assert.Equal((true, false, 0), Find(fields, "service.name.x"));
        Assert.True(fields.Encoded(0).SequenceEqual(fields.Encoded(4)));
    }

    [Fact]
    public void Encoded_Filebeat_HasWhatFilebeatWrote()
    {
        var fields = Parse(Of(DocumentShape.Filebeat).Encoded(0));

        Assert.Contains("\"index\":\"shop\",\"topic\":\"tp\",\"stage\":\"prod\",\"team.name\":\"web\",\"end.\":\"e\",\"docker_container\"", fields, StringComparison.Ordinal);
        Assert.EndsWith(
            ""","prospector":{"type":"log"},"beat":{"name":"node-1","hostname":"node-1","version":"6.1.1"}}""",
            fields,
            StringComparison.Ordinal);
    }

    private static (bool IsOwn, bool IsAbove, int Default) Find(AgentFields fields, string name)
    {
        var names = new FieldNames(fields);
        var place = names.PlaceOf(Encoding.UTF8.GetBytes(name), FieldPlaces.Root);
        return (place == FieldPlaces.Own, place >= 0 && names.DefaultOf(place) == 0, names.DefaultOf(place));
    }

    private static AgentFields Of(DocumentShape shape, MetadataOptions? metadata = null) => AgentFields.Of(
        Declaration,
        Container,
        new RecordOptions { Shape = shape, NodeName = "node-1", HostName = "node-1", Metadata = metadata ?? MetadataOptions.None });

    private static string Parse(ReadOnlySpan<byte> encoded) => "{" + Encoding.UTF8.GetString(encoded[1..]) + "}";
}
