using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Containers whose declarations try to break out of a document: each stays in its own index, with the agent's fields as they are.</summary>
public sealed class HostileDeclarationTests(TestMachine machine)
{
    private const string Forgery = "\"},\n{\"create\":{\"_index\":\"forged\",\"_id\":\"1\"}}\n{\"message\":\"forged\"}\n";

    [Fact]
    public async Task Declare_TargetsOfForeignCharacters_BecomeIndicesOfTheirOwn()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var container = await scenario.RunAsync(new ContainerRequest
        {
            Script = "echo line; sleep 600",
            Labels = new Dictionary<string, string>
            {
                ["aliyun.logs.one"] = "stdout",
                ["aliyun.logs.one.target"] = Forgery,
                ["aliyun.logs.two"] = "stdout",
                ["aliyun.logs.two.target"] = "../_bulk?pipeline=x#/",
                ["aliyun.logs.three"] = "stdout",
                ["aliyun.logs.three.target"] = "..",
                ["aliyun.logs.four"] = "stdout",
                ["aliyun.logs.four.target"] = "_all,*",
                ["aliyun.logs.quote\"\\'}"] = "stdout",
                ["aliyun.logs.slash/<name>*?"] = "stdout",
                ["aliyun.logs.new\nline"] = "stdout",
            },
        });
        const int Accepted = 6;

        var documents = await scenario.CollectAsync(agent, "*", Accepted);

        Assert.Equal(Accepted, documents.Count);
        Assert.Equal(Accepted, documents.Select(document => document.Index).Distinct().Count());
        Assert.DoesNotContain(documents, document => document.Index.StartsWith("forged", StringComparison.Ordinal));
        Assert.All(documents, document =>
        {
            Assert.Equal("line", document.Message);
            Assert.StartsWith(document.Text("index"), document.Index, StringComparison.Ordinal);
            AssertOwnFields(document, container);
        });
    }

    [Fact]
    public async Task Declare_TagsNamedAsFieldsOfTheAgent_DoNotReplaceThem()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        string[] forged =
        [
            "@timestamp=1999-01-01T00:00:00Z", "message=forged", "source=forged", "offset=99", "stream=forged", "log=forged",
            "message.below=forged", "offset.below=forged", "log.truncated=forged",
            "docker_container=forged", "docker_container.below=forged", "k8s_pod.below=forged", "k8s_node_name=forged", "stage=real",
        ];
        var container = await scenario.RunAsync(new ContainerRequest
        {
            Script = "echo line; sleep 600",
            Env = ["aliyun_logs_tags=stdout", $"aliyun_logs_tags_tags={string.Join(',', forged)}"],
        });

        var document = Assert.Single(await scenario.CollectAsync(agent, "*", 1));

        Assert.Equal("line", document.Message);
        Assert.Equal("real", document.Text("stage"));
        Assert.Equal("tags", document.Text("index"));
        Assert.False(document.Has("log"));
        AssertOwnFields(document, container);
    }

    [Fact]
    public async Task Declare_TagsAndLabelsWithJson_StayText()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        const string Value = "\"}\n{\"create\":{\"_index\":\"forged\"}}\n{\"message\":\"forged\"}";
        var container = await scenario.RunAsync(new ContainerRequest
        {
            Script = "echo line; sleep 600",
            Env = ["aliyun_logs_tags=stdout", $"aliyun_logs_tags_tags=value={Value},{{\"key\":\"=x"],
            Labels = new Dictionary<string, string>
            {
                ["io.kubernetes.pod.name"] = Forgery,
                ["com.docker.compose.service"] = "\u0000\u0001\\\"",
                ["com.aliyun.access.quote\"{"] = Forgery,
            },
        });

        var document = Assert.Single(await scenario.CollectAsync(agent, "*", 1));

        Assert.Equal("line", document.Message);
        Assert.Equal(Value, document.Text("value"));
        Assert.Equal("x", document.Text("{\"key\":\""));
        Assert.Equal(Forgery, document.Text("k8s_pod"));
        Assert.Equal("\u0000\u0001\\\"", document.Text("docker_service"));
        Assert.Equal(Forgery, document.Text("com_aliyun_access_quote\"{"));
        AssertOwnFields(document, container);
    }

    /// <summary>Names that the server refuses in a document: its own, empty steps of a path, one that is a text and an object at once.</summary>
    [Theory]
    [InlineData("_id=x")]
    [InlineData("_source=x")]
    [InlineData("a..b=x")]
    [InlineData(".=x")]
    [InlineData("com_aliyun_access_team.below=x")]
    public async Task Declare_TagThatTheServerRefuses_LosesNoLine(string tag)
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var container = await scenario.RunAsync(new ContainerRequest
        {
            Script = "echo line; sleep 600",
            Env = ["aliyun_logs_refused=stdout", $"aliyun_logs_refused_tags={tag}"],
            Labels = new Dictionary<string, string> { ["com.aliyun.access.team"] = "web" },
        });

        var document = Assert.Single(await scenario.CollectAsync(agent, "refused-*", 1));

        Assert.Contains("line", document.Message, StringComparison.Ordinal);
        AssertOwnFields(document, container);
    }

    [Fact]
    public async Task Declare_LabelsThatBecomeOneField_LoseNoLine()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        var container = await scenario.RunAsync(new ContainerRequest
        {
            Script = "echo line; sleep 600",
            Env = ["aliyun_logs_twice=stdout"],
            Labels = new Dictionary<string, string> { ["com.aliyun.access.a.b"] = "1", ["com.aliyun.access.a_b"] = "2" },
        });

        var document = Assert.Single(await scenario.CollectAsync(agent, "twice-*", 1));

        Assert.Equal("line", document.Message);
        Assert.Equal("1", document.Text("com_aliyun_access_a_b"));
        AssertOwnFields(document, container);
    }

    private static void AssertOwnFields(StoredDocument document, EngineContainer container)
    {
        Assert.Equal(container.Name, document.Text("docker_container"));
        Assert.Equal("node-1", document.Text("k8s_node_name"));
        Assert.Equal("stdout", document.Text("stream"));
        Assert.EndsWith("-json.log", document.Text("source"), StringComparison.Ordinal);
        Assert.InRange(document.Timestamp, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }
}
