using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;
using LogPilot.Aot.Tests.Support;
using Record = LogPilot.Agent.Records.Record;

namespace LogPilot.Aot.Tests;

/// <summary>Documents of every shape on every server, with the index templates of <c>deploy/elasticsearch</c> and without any.</summary>
public sealed class IndexTemplateTests(TestMachine machine) : IAsyncDisposable
{
    private const string Date = "2024.02.29";

    private static readonly string Script = Path.Combine(RepositoryRoot.Path, "deploy", "elasticsearch", "put-template");

    private readonly SinkFixture _fixture = new();

    private readonly ContainerSnapshot _container = new()
    {
        Id = "4f2d",
        Name = "k8s_web_p_ns_u-1_0",
        Image = "shop/web:1.2",
        Labels = new Dictionary<string, string>
        {
            ["io.kubernetes.pod.name"] = "p",
            ["io.kubernetes.pod.uid"] = "u-1",
            ["com.docker.compose.project"] = "app",
            ["com.docker.compose.service"] = "checkout",
            ["built"] = "2024-02-29",
        },
    };

    public static TheoryData<string> Servers => EndToEndTests.Servers;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    // One test, since a server takes longer to start than all of this.
    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Ship_DocumentsOfEveryShape_AreTakenWithAndWithoutATemplate(string name)
    {
        var server = await machine.EmptyServerAsync(name);
        var target = await ConnectAsync(server);

        await AssertTakenWithoutAsync(server, target);
        await AssertMappedByTemplateAsync(server, target);
    }

    [Fact]
    public void PutTemplate_PatternWithAQuote_IsRefused()
    {
        var result = Command.Run(new ProcessStartInfo(Script, ["http://127.0.0.1:1", "a\"b"]), TimeSpan.FromSeconds(10));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no pattern", result.Error, StringComparison.Ordinal);
    }

    private static string[] Records =>
    [
        """ "code":200,"size":"12","method":"GET","path":"/x","request_time":0.25,"level":"error","pid":7 """,
        """ "message":"m","when":"2020-01-01","nested":{"a":1}""",
    ];

    private static string[] EcsRecords =>
    [
        """ "log.level":"error","message":"m","ecs.version":"1.6.0","log":{"logger":"nested","origin":{"file":{"line":14}}},"error":{"message":"e","stack_trace":"at"}""",
        """ "source.address":"::1","url.original":"/x","http.response.status_code":200,"http.request.method":"GET","event.duration":250000000""",
    ];

    // What dynamic mapping would refuse: a text where the first was a date or a number, and a word longer than any term.
    private static string[] Strange =>
    [
        """ "code":"-","size":"many","pid":"x","http":{"response":{"status_code":"-"}},"event.duration":"long" """,
        """ "when":"never","word":"%" """.Replace("%", new string('x', 40_000), StringComparison.Ordinal),
    ];

    private static (string, string)[] LogPilotTypes =>
    [
        ("message", "text"), ("source", "keyword"), ("offset", "long"), ("stream", "keyword"), ("index", "keyword"), ("topic", "keyword"),
        ("docker_container", "keyword"), ("k8s_pod", "keyword"), ("k8s_node_name", "keyword"), ("docker_label_built", "keyword"), ("stage", "keyword"),
        ("log.truncated", "boolean"), ("log.parse_error", "keyword"), ("code", "long"), ("size", "long"), ("pid", "long"), ("request_time", "double"),
        ("when", "keyword"), ("word", "keyword"), ("nested.a", "long"),
    ];

    private static (string, string)[] EcsTypes =>
    [
        ("message", "text"), ("log.file.path", "keyword"), ("log.offset", "long"), ("log.level", "keyword"), ("log.origin.file.line", "long"), ("stream", "keyword"),
        ("container.image.tag", "keyword"), ("orchestrator.resource.name", "keyword"), ("host.name", "keyword"), ("labels.stage", "keyword"),
        ("labels.docker_label_built", "keyword"), ("service.name", "keyword"), ("event.dataset", "keyword"), ("ecs.version", "keyword"),
        ("http.response.status_code", "long"), ("event.duration", "long"), ("error.stack_trace", "text"), ("source.address", "keyword"), ("when", "keyword"),
    ];

    private static string Name(DocumentShape shape) => shape.ToString().ToLowerInvariant();

    private static async Task PutAsync(RealElasticsearch server, string shape, params string[] patterns)
    {
        var start = new ProcessStartInfo(Script, ["--shape", shape, server.Address.ToString(), .. patterns]);
        var result = await Task.Run(() => Command.Run(start, TimeSpan.FromMinutes(1)));
        Assert.True(result.ExitCode == 0, result.Everything);
    }

    private static async Task RemoveTemplatesAsync(RealElasticsearch server)
    {
        var kind = server.Name.StartsWith("elasticsearch-5", StringComparison.Ordinal) || server.Name.StartsWith("elasticsearch-6", StringComparison.Ordinal)
            ? "_template"
            : "_index_template";
        using var removed = await server.Search.RequiredAsync(HttpMethod.Delete, $"/{kind}/logpilot-*", null);
    }

    private static async Task AssertStoredAsync(RealElasticsearch server, string index, int documents)
    {
        var stored = await server.Search.SearchAllAsync(index);
        Assert.Equal(documents, stored.Count);
        Assert.DoesNotContain(stored, document => document.Source.GetRawText().Contains("index_error", StringComparison.Ordinal));
    }

    private static async Task AssertMappedAsync(RealElasticsearch server, string index, (string Field, string Type)[] expected)
    {
        using var answer = await server.Search.RequiredAsync(HttpMethod.Get, $"/{index}-{Date}/_mapping", null);
        var mappings = answer.RootElement.GetProperty($"{index}-{Date}").GetProperty("mappings");
        mappings = mappings.TryGetProperty("properties", out _) ? mappings : mappings.GetProperty("doc");
        foreach (var (field, type) in expected)
        {
            var at = mappings;
            foreach (var part in field.Split('.'))
            {
                Assert.True(at.GetProperty("properties").TryGetProperty(part, out at), $"{index} has no {field}");
            }

            Assert.True(at.GetProperty("type").GetString() == type, $"{field} of {index} is {at}");
            Assert.False(at.TryGetProperty("fields", out _), $"{field} of {index} has a subfield");
        }

        var time = mappings.GetProperty("properties").GetProperty("@timestamp").GetProperty("type").GetString();
        Assert.Equal(KnowsNanoseconds(server) ? "date_nanos" : "date", time);
        using var settings = await server.Search.RequiredAsync(HttpMethod.Get, $"/{index}-{Date}/_settings?flat_settings=true", null);
        var values = settings.RootElement.GetProperty($"{index}-{Date}").GetProperty("settings");
        Assert.Equal("1", values.GetProperty("index.number_of_shards").GetString());
        Assert.Equal("true", values.GetProperty("index.mapping.ignore_malformed").GetString());
    }

    // Lines of one millisecond stay in their order where the server knows nanoseconds.
    private static async Task AssertInOrderAsync(RealElasticsearch server, string index)
    {
        using var answer = await server.Search.RequiredAsync(
            HttpMethod.Post, $"/{index}-{Date}/_search", """{"size":100,"sort":[{"@timestamp":"desc"}]}""");
        var offsets = answer.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray()
            .Select(hit => hit.GetProperty("_source").GetProperty("offset").GetInt64()).ToList();
        if (KnowsNanoseconds(server))
        {
            Assert.Equal(offsets.OrderDescending(), offsets);
        }
    }

    // What a dashboard groups by has to be of a kind that can be grouped by.
    private static async Task AssertKnownAsync(RealElasticsearch server, string index, IEnumerable<string> fields)
    {
        var names = fields.ToList();
        using var answer = await server.Search.RequiredAsync(HttpMethod.Get, $"/{index}-{Date}/_field_caps?fields={string.Join(',', names)}", null);
        var known = answer.RootElement.GetProperty("fields");
        foreach (var name in names.Where(name => name != "message"))
        {
            Assert.True(known.TryGetProperty(name, out var kinds), $"{index} has no {name}");
            Assert.All(kinds.EnumerateObject(), kind => Assert.True(kind.Value.GetProperty("aggregatable").GetBoolean(), $"{name} of {index} is {kinds}"));
        }
    }

    private static bool KnowsNanoseconds(RealElasticsearch server) =>
        !server.Name.StartsWith("elasticsearch-5", StringComparison.Ordinal) && !server.Name.StartsWith("elasticsearch-6", StringComparison.Ordinal);

    // Objects and names with dots are one object on every version.
    private async Task AssertTakenWithoutAsync(RealElasticsearch server, DocumentTarget target)
    {
        foreach (var shape in Enum.GetValues<DocumentShape>())
        {
            var records = shape == DocumentShape.Ecs ? EcsRecords : Records;
            await ShipAsync(target, shape, "bare", records);
            await AssertStoredAsync(server, $"bare-{Name(shape)}-{Date}", records.Length + 1);
        }

        using var found = await server.Search.RequiredAsync(
            HttpMethod.Post, $"/bare-ecs-{Date}/_search", """{"query":{"bool":{"filter":[{"match":{"log.logger":"nested"}},{"match":{"log.file.path":"app.log"}}]}}}""");
        Assert.Equal(1, found.RootElement.GetProperty("hits").GetProperty("hits").GetArrayLength());
    }

    private async Task AssertMappedByTemplateAsync(RealElasticsearch server, DocumentTarget target)
    {
        await PutAsync(server, "logpilot", "shape-logpilot-*", "shape-filebeat-*");
        await PutAsync(server, "ecs", "shape-ecs-*");

        foreach (var shape in Enum.GetValues<DocumentShape>())
        {
            var records = shape == DocumentShape.Ecs ? EcsRecords : Records;
            await ShipAsync(target, shape, "shape", [.. records, .. Strange]);
            await AssertStoredAsync(server, $"shape-{Name(shape)}-{Date}", records.Length + Strange.Length + 1);
        }

        await AssertMappedAsync(server, "shape-logpilot", LogPilotTypes);
        await AssertMappedAsync(server, "shape-filebeat", [.. LogPilotTypes, ("beat.version", "keyword"), ("prospector.type", "keyword")]);
        await AssertMappedAsync(server, "shape-ecs", EcsTypes);
        await AssertInOrderAsync(server, "shape-logpilot");
        await AssertKnownAsync(server, "shape-logpilot", KibanaObjectsTests.FieldsOf("logpilot"));
        await AssertKnownAsync(server, "shape-ecs", KibanaObjectsTests.FieldsOf("ecs"));
        await RemoveTemplatesAsync(server);
    }

    private async Task<DocumentTarget> ConnectAsync(RealElasticsearch server)
    {
        _fixture.Options = _fixture.Options with { Hosts = [server.Address] };
        return await _fixture.Sink.ConnectAsync(CancellationToken.None);
    }

    /// <summary>A line of text that was cut, and the records, a nanosecond after each other.</summary>
    private async Task ShipAsync(DocumentTarget target, DocumentShape shape, string index, string[] records)
    {
        var name = $"{index}-{Name(shape)}";
        var declaration = new LogDeclaration { Name = name, Index = name, Topic = name, Tags = [new("stage", "prod")] };
        var fields = AgentFields.Of(declaration, _container, new RecordOptions
        {
            Shape = shape,
            NodeName = "node-1",
            HostName = "node-1",
            Metadata = new MetadataOptions { ContainerId = true, Image = true, PodUid = true, Labels = ["built"] },
        });
        var encoder = new DocumentEncoder(target, name, "yyyy.MM.dd", "/logs/app.log", fields);
        var batch = new Batch(1024 * 1024);
        batch.Reset(target);
        var ids = new RecordIds("owner", name, 0);
        for (var i = 0; i <= records.Length; i++)
        {
            var members = i == 0 ? "" : records[i - 1].Trim();
            var record = new Record
            {
                Time = Encoding.ASCII.GetBytes($"2024-02-29T12:00:00.{i:d9}Z"),
                Members = Encoding.UTF8.GetBytes(members),
                ParseError = i == 0 ? "json"u8 : [],
                GivenDefaults = members.Contains("\"ecs.version\"", StringComparison.Ordinal) ? new FieldNames(fields).DefaultsOf(["ecs.version"]) : 0,
            };
            var line = new Line { Text = "text"u8, Stream = StandardStreams.Stderr, Start = i, End = i + 1, IsTruncated = i == 0 };
            Assert.True(encoder.TryWrite(batch, line, record, ids, 0));
        }

        batch.AddRange(new FileRange(new TailedFile(null!, default, "/logs/app.log"), 0, 0, 10, 10), batch.Items);
        Assert.Equal([RangeOutcome.Delivered], await _fixture.ShipAsync(batch));
        Assert.Empty(_fixture.DeadLetters);
    }
}
