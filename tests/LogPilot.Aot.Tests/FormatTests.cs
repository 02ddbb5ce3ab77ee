using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>What real programs log, declared on a real container, found by its fields in real servers.</summary>
public sealed class FormatTests(TestMachine machine)
{
    // As nginx's default log_format writes them.
    private const string Nginx = """
        203.0.113.7 - - [24/Nov/2026:10:15:32 +0000] "GET /index.html?x=1 HTTP/1.1" 200 612 "-" "Mozilla/5.0 (X11; Linux x86_64)"
        2001:db8::1 - alice [24/Nov/2026:18:15:33 +0800] "POST /api/orders HTTP/1.1" 500 0 "https://shop.example/" "curl/8.5.0"
        """;

    // As Tomcat's AccessLogValve writes them with the pattern common.
    private const string Tomcat = """
        10.1.2.3 - - [24/Nov/2026:10:15:34 +0000] "GET /docs/ HTTP/1.1" 200 16964
        10.1.2.3 - - [24/Nov/2026:10:15:35 +0000] "GET /nothing HTTP/1.1" 404 -
        """;

    private const string Catalina = """
        24-Nov-2026 10:15:36.001 SEVERE [http-nio-8080-exec-1] org.apache.catalina.core.StandardWrapperValve.invoke Servlet.service() threw exception
        java.lang.IllegalStateException: cannot pay
        	at com.example.Pay.pay(Pay.java:42)
        	at java.base/java.lang.Thread.run(Thread.java:840)
        Caused by: java.net.SocketTimeoutException: Read timed out
        	... 12 more
        24-Nov-2026 10:15:36.002 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [812] milliseconds
        """;

    private const string Logback = """
        {"@timestamp":"2026-11-24T18:15:37.123456+08:00","level":"WARN","logger_name":"c.e.Shop","message":"slow","duration_ms":1234,"tags":{"a.b":1}}
        not JSON at all
        """;

    // As the libraries of ecs-logging for Java, Python and .NET write them, and one that is made to deceive.
    private const string EcsLogging = """
        {"@timestamp":"2026-11-24T10:15:38.001Z","log.level":"ERROR","message":"java","ecs.version":"1.2.0","service.name":"shop","event.dataset":"shop.log","process.thread.name":"main","log.logger":"c.e.Pay","error.type":"java.lang.IllegalStateException","error.stack_trace":"at c.e.Pay"}
        {"@timestamp":"2026-11-24T10:15:38.002Z","log.level":"warn","message":"python","ecs":{"version":"1.6.0"},"log":{"logger":"pay","origin":{"file":{"line":14,"name":"pay.py"},"function":"pay"},"original":"python"},"process":{"pid":17,"thread":{"id":1}},"service":{"name":"shop"}}
        {"@timestamp":"2026-11-24T10:15:38.003Z","log.level":"Information","message":"dotnet","ecs.version":"8.11.0","event":{"severity":2,"timezone":"UTC"},"log":{"logger":"Pay"},"host":{"hostname":"h","name":"forged"},"service":{"name":"Shop","type":"dotnet"},"labels":{"MessageTemplate":"x"}}
        {"@timestamp":"2026-11-24T10:15:38.004Z","log":{"file":{"path":"forged"},"offset":"x","level":"debug"},"log.file.path":"forged","message":"hostile","service":"text","event":["x"],"container":{"id":"forged"},"labels":{"stage":"forged"},"ecs.version":{"x":1},"_id":"forged"}
        plain text
        """;

    public static TheoryData<string> Servers { get; } = new("elasticsearch-6.8.23", "elasticsearch-9.2.0", "opensearch-2.19.6");

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Run_ContainerWithFormats_IsFoundByItsFields(string server)
    {
        await using var scenario = await Scenario.StartAsync(machine, server);
        var agent = scenario.StartAgent();
        var (volume, _) = await scenario.CreateVolumeAsync();
        await scenario.RunAsync(Container(volume));

        await scenario.Search.WaitForCountAsync("catalina-*", 2, TimeSpan.FromMinutes(1));
        await scenario.Search.WaitForCountAsync("access-*", 2);
        await scenario.Search.WaitForCountAsync("tomcat-*", 2);
        var documents = await scenario.CollectAsync(agent, "app-*", 2);

        await AssertFoundAsync(scenario, "access-2026.11.24", "code:500 AND method:POST AND user:alice", "path", "/api/orders");
        await AssertFoundAsync(scenario, "tomcat-2026.11.24", "code:404", "path", "/nothing");
        await AssertFoundAsync(scenario, "app-2026.11.24", "level:WARN AND duration_ms:[1000 TO 2000]", "message", "slow");
        var trace = await AssertFoundAsync(scenario, "catalina-*", "message:timed", "stream", "stdout");
        Assert.Equal(6, trace.Message.Split('\n').Length);
        Assert.Equal("json", Assert.Single(documents, document => document.Message == "not JSON at all").Source.GetProperty("log").GetProperty("parse_error").GetString());
        var slow = Assert.Single(documents, document => document.Message == "slow");
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 10, 15, 37, TimeSpan.Zero), slow.Timestamp, TimeSpan.FromSeconds(1));
        Assert.False(slow.Has("log"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Run_EcsRecordsInTheShapeEcs_KeepTheirFields(string server)
    {
        await using var scenario = await Scenario.StartAsync(machine, server);
        scenario.AgentEnvironment["LOGPILOT_DOCUMENT"] = "ecs";
        var agent = scenario.StartAgent();
        var (volume, _) = await scenario.CreateVolumeAsync();
        await scenario.RunAsync(new ContainerRequest
        {
            Script = $"{Write(EcsLogging, "/logs/ecs.json")}; sleep 600",
            Env =
            [
                "aliyun_logs_ecs=/logs/ecs.json",
                "aliyun_logs_ecs_format=json",
                "aliyun_logs_ecs_format_time_key=@timestamp",
                "aliyun_logs_ecs_tags=stage=test",
            ],
            Binds = [$"{volume}:/logs"],
        });

        var documents = await scenario.CollectAsync(agent, "ecs-*", 5);

        await AssertFoundAsync(scenario, "ecs-2026.11.24", "log.level:ERROR AND service.name:shop AND log.logger:c.e.Pay", "message", "java");
        await AssertFoundAsync(scenario, "ecs-2026.11.24", "log.level:warn AND log.origin.file.line:14 AND ecs.version:1.6.0", "message", "python");
        await AssertFoundAsync(scenario, "ecs-2026.11.24", "log.level:Information AND event.dataset:ecs AND host.hostname:h", "message", "dotnet");
        await AssertFoundAsync(scenario, "ecs-2026.11.24", "log.level:debug AND log.file_.path:forged AND labels.stage_:forged", "message", "hostile");
        var other = Assert.Single(documents, document => document.Has("log.parse_error"));
        Assert.Equal("plain text", other.Message);
        Assert.DoesNotContain(documents, document => document.Has("log.index_error"));
        foreach (var field in (string[])["log.file.path", "host.name", "container.id", "labels.stage"])
        {
            Assert.Equal(0, await FoundAsync(scenario, "ecs-*", $"{field}:forged"));
            Assert.Equal(5, await FoundAsync(scenario, "ecs-*", $"_exists_:{field}"));
        }
    }

    private static ContainerRequest Container(string volume) => new()
    {
        Script = $"{Write(Nginx, "/logs/access.log")}; {Write(Tomcat, "/logs/tomcat.log")}; {Write(Logback, "/logs/app.json")}; {Write(Catalina, "/dev/stdout")}; sleep 600",
        Env =
        [
            "aliyun_logs_access=/logs/access.log",
            "aliyun_logs_access_format=nginx",
            "aliyun_logs_tomcat=/logs/tomcat.log",
            "aliyun_logs_tomcat_format=apache2",
            "aliyun_logs_app=/logs/app.json",
            "aliyun_logs_app_format=json",
            "aliyun_logs_app_format_time_key=@timestamp",
            "aliyun_logs_catalina=stdout",
            "aliyun_logs_catalina_multiline=java",
            "aliyun_logs_catalina_multiline_timeout=1s",
        ],
        Binds = [$"{volume}:/logs"],
    };

    // The shell's quotes cannot be part of a sample; none has one.
    private static string Write(string sample, string path) => $"printf '%s\\n' '{sample}' > {path}";

    private static async Task<int> FoundAsync(Scenario scenario, string index, string query)
    {
        using var found = await scenario.Search.RequiredAsync(HttpMethod.Get, $"/{index}/_count?q={Uri.EscapeDataString(query)}", null);
        return found.RootElement.GetProperty("count").GetInt32();
    }

    private static async Task<StoredDocument> AssertFoundAsync(Scenario scenario, string index, string query, string field, string value)
    {
        await scenario.Search.RefreshAsync(index);
        using var found = await scenario.Search.RequiredAsync(
            HttpMethod.Get, $"/{index}/_search?q={Uri.EscapeDataString(query)}", null);
        var hit = Assert.Single(found.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray().ToArray());
        var document = new StoredDocument(hit.GetProperty("_index").GetString()!, hit.GetProperty("_id").GetString()!, hit.GetProperty("_source").Clone());
        Assert.Equal(value, document.Text(field));
        return document;
    }
}
