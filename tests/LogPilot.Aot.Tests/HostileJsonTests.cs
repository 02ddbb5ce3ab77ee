using System.Globalization;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Containers whose JSON is made to break the agent, the request or the index: each line is one document in its own index.</summary>
public sealed class HostileJsonTests(TestMachine machine)
{
    private const string Own = "odd";

    // Two objects on a line, one that is not closed, an array, too many fields, and twice too deep.
    private const int NoRecords = 6;

    private static readonly string[] Records =
    [
        """{"message":"metadata","_id":"forged","_index":"other","_source":{"a":1},"_routing":"x","_doc_count":7,"__soft_deletes":1}""",
        """{"message":"agent","@timestamp":"2001-01-01T00:00:00Z","index":"other","topic":"other","source":"/etc/passwd","offset":-1,"docker_container":"other","k8s_pod":"other","log":"x"}""",
        """{"message":"zero \u0000 and half \ud800 and \"quotes\"\\"}""",
        """{"message":"twice","message":"last","a":{"b":1,"b":2}}""",
        """{"message":"conflict one","conflict":1}""",
        """{"message":"conflict two","conflict":{"b":1}}""",
        """{"message":"dots","":1," ":2,"a..b":3,".c":4,"d.":5,"..":6}""",
        """{"message":"numbers","big":123456789012345678901234567890,"tiny":1e-400,"huge":1e999}""",
        """{"create":{"_index":"other","_id":"1"}}""",
        """{"index":{"_index":"other"}}\n{"message":"second"}""",
        """{"message":"unclosed""",
        """[1,2,3]""",
        """{"message":"fields",""" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"f{i}\":{i}"))) + "}",
        string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000),
        """{"message":"deep","a":""" + new string('[', 2_000) + new string(']', 2_000) + "}",
    ];

    public static TheoryData<string> Servers { get; } = new("elasticsearch-6.8.23", "elasticsearch-9.2.0");

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Write_HostileJson_EveryLineIsADocumentOfItsOwnIndex(string server)
    {
        await using var scenario = await Scenario.StartAsync(machine, server);
        var (volume, directory) = await scenario.CreateVolumeAsync();
        await File.WriteAllLinesAsync(Path.Combine(directory, "sample"), Records);
        var agent = scenario.StartAgent();
        var container = await scenario.RunAsync(new ContainerRequest
        {
            Script = "cat /logs/sample > /logs/app.log; cat /logs/sample; sleep 600",
            Env =
            [
                $"aliyun_logs_{Own}=stdout", $"aliyun_logs_{Own}_format=json",
                "aliyun_logs_file=/logs/app.log", "aliyun_logs_file_format=json", $"aliyun_logs_file_target={Own}",
            ],
            Binds = [$"{volume}:/logs"],
        });

        var documents = await scenario.CollectAsync(agent, Own + "-*", 2 * Records.Length);

        Assert.Equal(2 * Records.Length, documents.Count);
        Assert.All(await scenario.Search.IndicesAsync(), index => Assert.StartsWith(Own + "-", index, StringComparison.Ordinal));
        Assert.All(documents, document =>
        {
            Assert.Equal(container.Name, document.Text("docker_container"));
            Assert.Equal(Own, document.Text("index"));
            Assert.True(document.Offset > 0);
            Assert.NotEqual("/etc/passwd", document.Text("source"));
        });
        Assert.Equal(2, documents.Count(document => document.Has("message") && document.Message == "last"));
        Assert.Equal(2 * NoRecords, documents.Count(document => document.Has("log") && document.Source.GetProperty("log").TryGetProperty("parse_error", out _)));
    }
}
