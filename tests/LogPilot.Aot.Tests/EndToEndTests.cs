using System.Globalization;
using System.Text.Json;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The main promise: what a declared container writes is found by search on every supported server.</summary>
public sealed class EndToEndTests(TestMachine machine)
{
    private const int LineCount = 1000;

    public static TheoryData<string> Servers { get; } = new(
        "elasticsearch-5.6.16", "elasticsearch-6.8.23", "elasticsearch-7.17.28",
        "elasticsearch-8.19.5", "elasticsearch-9.2.0", "opensearch-2.19.6");

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Run_TomcatLikeContainer_EveryLineIsFoundOnceWithItsFields(string server)
    {
        await using var scenario = await Scenario.StartAsync(machine, server);
        var agent = scenario.StartAgent();
        var (volume, directory) = await scenario.CreateVolumeAsync();
        var container = await scenario.RunAsync(Tomcat(volume));

        await scenario.Search.WaitForCountAsync("access-*", LineCount);
        var catalina = await scenario.CollectAsync(agent, "catalina-*", 2 * LineCount);
        var access = await scenario.Search.SearchAllAsync("access-*");

        AssertStdout(catalina, container, await container.LogPathAsync());
        AssertFile(access, container, Path.Combine(directory, "catalina.2026-11-24.log"));
        await AssertDatesAsync(scenario, "catalina", catalina);
        await AssertDatesAsync(scenario, "access", access);
    }

    private static ContainerRequest Tomcat(string volume) => new()
    {
        Script = $"{Lines.Write("out", LineCount)}; {Lines.Write("err", LineCount)} >&2; "
            + $"{Lines.Write("access", LineCount)} > /usr/local/tomcat/logs/catalina.2026-11-24.log; sleep 600",
        Env =
        [
            "aliyun_logs_catalina=stdout",
            "aliyun_logs_catalina_tags=stage=test",
            "aliyun_logs_access=/usr/local/tomcat/logs/catalina.*.log",
            "aliyun_logs_access_tags=stage=test,team=web",
        ],
        Labels = new Dictionary<string, string>
        {
            ["io.kubernetes.pod.name"] = "tomcat-0",
            ["io.kubernetes.pod.namespace"] = "shop",
            ["io.kubernetes.container.name"] = "tomcat",
            ["com.docker.compose.project"] = "shop-app",
            ["com.docker.compose.service"] = "shop-service",
        },
        Binds = [$"{volume}:/usr/local/tomcat/logs"],
    };

    private static void AssertStdout(IReadOnlyList<StoredDocument> documents, EngineContainer container, string logPath)
    {
        Lines.AssertEachOnce(
            [.. Lines.Numbered("out", LineCount), .. Lines.Numbered("err", LineCount)],
            documents.Select(document => document.Message));
        var written = File.ReadAllLines(logPath).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("log").GetString()!.TrimEnd('\n'));
        foreach (var document in documents)
        {
            AssertMetadata(document, "catalina", container.Name);
            var line = written[document.Message];
            Assert.Equal(line.GetProperty("stream").GetString(), document.Text("stream"));
            Assert.Equal(Milliseconds(line.GetProperty("time").GetDateTimeOffset()), Milliseconds(document.Timestamp));
            Assert.Equal(logPath, document.Text("source"));
        }

        AssertOffsets(documents, logPath);
    }

    private static void AssertFile(IReadOnlyList<StoredDocument> documents, EngineContainer container, string path)
    {
        Lines.AssertEachOnce(Lines.Numbered("access", LineCount), documents.Select(document => document.Message));
        foreach (var document in documents)
        {
            AssertMetadata(document, "access", container.Name);
            Assert.Equal("web", document.Text("team"));
            Assert.Equal(path, document.Text("source"));
            Assert.False(document.Has("stream"));
        }

        AssertOffsets(documents, path);
    }

    /// <summary>An offset is the position behind its line: they rise by each line's bytes, and the last is the file's size.</summary>
    private static void AssertOffsets(IReadOnlyList<StoredDocument> documents, string path)
    {
        var ends = new List<long>();
        var position = 0L;
        foreach (var line in File.ReadLines(path))
        {
            position += line.Length + 1;
            ends.Add(position);
        }

        Assert.Equal(ends, documents.Select(document => document.Offset).Order());
    }

    private static void AssertMetadata(StoredDocument document, string name, string container)
    {
        Assert.Equal(name, document.Text("index"));
        Assert.Equal(name, document.Text("topic"));
        Assert.Equal("test", document.Text("stage"));
        Assert.Equal(container, document.Text("docker_container"));
        Assert.Equal("shop-app", document.Text("docker_app"));
        Assert.Equal("shop-service", document.Text("docker_service"));
        Assert.Equal("tomcat-0", document.Text("k8s_pod"));
        Assert.Equal("shop", document.Text("k8s_pod_namespace"));
        Assert.Equal("tomcat", document.Text("k8s_container_name"));
        Assert.Equal("node-1", document.Text("k8s_node_name"));
        Assert.False(document.Has("beat"));
    }

    private static async Task AssertDatesAsync(Scenario scenario, string name, IReadOnlyList<StoredDocument> documents)
    {
        foreach (var document in documents)
        {
            var day = document.Timestamp.UtcDateTime.ToString("yyyy.MM.dd", CultureInfo.InvariantCulture);
            Assert.Equal($"{name}-{day}", document.Index);
        }

        foreach (var index in documents.Select(document => document.Index).Distinct())
        {
            Assert.StartsWith("date", await scenario.Search.MappedTypeAsync(index, "@timestamp"), StringComparison.Ordinal);
        }
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
