using System.Text;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records;

namespace LogPilot.Agent.Tests.Records;

public sealed class RecordFieldsTests
{
    [Fact]
    public void Encode_NoContainer_HasIndexAndTopic() => Assert.Equal(",\"index\":\"web\",\"topic\":\"tp\"", Encode([], null));

    [Fact]
    public void Encode_Tags_StandInDeclaredOrder() =>
        Assert.Equal(",\"index\":\"web\",\"topic\":\"tp\",\"z\":\"1\",\"a\":\"2\"", Encode([new("z", "1"), new("a", "2")], null));

    [Fact]
    public void Encode_ContainerOfASwarm_HasItsNames()
    {
        var fields = Parse([], Container(
            ("com.docker.stack.namespace", "stack"), ("com.docker.compose.project", "project"),
            ("com.docker.swarm.service.name", "service"), ("com.aliyun.access.team.name", "blue"), ("other", "x")));

        Assert.Equal(
            ["index", "topic", "docker_container", "docker_app", "docker_service", "com_aliyun_access_team_name"],
            fields.Select(field => field.Name));
        Assert.Equal(["web", "tp", "c1", "stack", "service", "blue"], fields.Select(field => field.Value.GetString()));
    }

    [Fact]
    public void Encode_ContainerOfAPod_HasItsNamesAndTheNodes()
    {
        var fields = Parse([], Container(
            ("io.kubernetes.pod.name", "p"), ("io.kubernetes.pod.namespace", "ns"), ("io.kubernetes.container.name", "app")),
            nodeName: "node-1");

        Assert.Equal(
            [("docker_container", "c1"), ("k8s_pod", "p"), ("k8s_pod_namespace", "ns"), ("k8s_container_name", "app"), ("k8s_node_name", "node-1")],
            fields.Skip(2).Select(field => (field.Name, field.Value.GetString()!)));
    }

    [Fact]
    public void List_OfAContainer_HasTagsAndItsNames()
    {
        var fields = RecordFields.List(
            new LogDeclaration { Name = "web", Index = "web", Topic = "tp", Tags = [new("env", "1"), new("offset", "2")] },
            Container(("com.aliyun.access.team.name", "blue")),
            new RecordOptions());

        Assert.Equal(["index", "topic", "env", "docker_container", "com_aliyun_access_team_name"], fields.Select(field => field.Name));
    }

    [Fact]
    public void Encode_TagWithTheNameOfAnOwnField_IsLeftOut()
    {
        string[] own = ["@timestamp", "message", "source", "offset", "stream", "index", "topic", "log"];

        Assert.Equal(Encode([], null), Encode([.. own.Select(name => KeyValuePair.Create(name, "forged"))], null));
    }

    [Fact]
    public void Encode_TagWithTheNameOfAContainerField_IsNotTaken()
    {
        var fields = Parse([new("docker_container", "forged"), new("k8s_pod", "kept")], Container());

        Assert.Equal([("docker_container", "c1")], fields.Skip(2).Select(field => (field.Name, field.Value.GetString()!)));
    }

    [Fact]
    public void Encode_LabelsThatDifferInADot_GiveOneField()
    {
        var fields = Parse([], Container(("com.aliyun.access.a.b", "1"), ("com.aliyun.access.a_b", "2")));

        Assert.Single(fields, field => field.Name == "com_aliyun_access_a_b");
    }

    [Fact]
    public void Encode_HostileTexts_StayInTheirStrings()
    {
        const string Hostile = "\"},\n{\"create\":{\\\ud800";
        var encoded = Encode([new(Hostile, Hostile)], Container(("com.docker.compose.project", Hostile)));

        Assert.DoesNotContain('\n', encoded);
        using var parsed = JsonDocument.Parse($"{{\"x\":1{encoded}}}");
        Assert.Equal(6, parsed.RootElement.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("log.truncated")]
    [InlineData("message.x")]
    [InlineData("docker_container.x")]
    [InlineData("k8s_node_name.x.y")]
    public void Encode_TagBelowAFieldOfTheAgent_IsLeftOut(string tag) =>
        Assert.Equal(Encode([], null), Encode([new(tag, "forged")], null));

    [Fact]
    public void Encode_TagWithDotsOfItsOwn_IsKept() =>
        Assert.EndsWith(",\"team.name\":\"blue\"", Encode([new("team.name", "blue")], null), StringComparison.Ordinal);

    private static List<JsonProperty> Parse(
        IReadOnlyList<KeyValuePair<string, string>> tags, ContainerSnapshot container, string nodeName = "") =>
        [.. JsonDocument.Parse("{" + Encode(tags, container, nodeName)[1..] + "}").RootElement.EnumerateObject()];

    private static string Encode(
        IReadOnlyList<KeyValuePair<string, string>> tags, ContainerSnapshot? container, string nodeName = "")
    {
        var declaration = new LogDeclaration { Name = "web", Index = "web", Topic = "tp", Tags = tags };
        return Encoding.UTF8.GetString(RecordFields.Encode(declaration, container, new RecordOptions { NodeName = nodeName }));
    }

    private static ContainerSnapshot Container(params (string Key, string Value)[] labels) =>
        new() { Id = "id", Name = "c1", Labels = labels.ToDictionary(label => label.Key, label => label.Value) };
}
