using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Benchmarks;

/// <summary>What does it cost to read a record in JSON and to copy its fields, beside readers that only read?</summary>
[MemoryDiagnoser]
public class JsonFormatBenchmark
{
    private readonly FieldWriter _fields = new();
    private JsonFormat _format = null!;
    private byte[] _record = [];

    [Params("logpilot", "ecs")]
    public string Shape { get; set; } = "";

    [Params("typical", "nested", "spaced", "renamed")]
    public string Record { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var shape = Enum.Parse<DocumentShape>(Shape, ignoreCase: true);
        var isEcs = shape == DocumentShape.Ecs;
        string[] names = isEcs ? ["host.name", "labels.stage"] : ["index", "topic", "docker_container"];
        string[] defaults = isEcs ? ["ecs.version", "event.dataset", "service.name"] : [];
        _format = new JsonFormat("@timestamp", new FieldNames(new AgentFields(shape, Fields(names), Fields(defaults))));
        _record = RecordOf(Record);
    }

    [Benchmark(Baseline = true)]
    public int Copy()
    {
        _fields.Clear();
        return _format.TryParse(_record, _fields) ? _fields.Count : throw new InvalidOperationException("The record is none.");
    }

    [Benchmark]
    public int Utf8JsonReaderWalk()
    {
        var reader = new Utf8JsonReader(_record);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    [Benchmark]
    public JsonValueKind JsonDocumentParse()
    {
        using var document = JsonDocument.Parse(_record);
        return document.RootElement.ValueKind;
    }

    private static List<RecordField> Fields(string[] names) => [.. names.Select(name => RecordField.Text(name, ""))];

    private static byte[] RecordOf(string name) => (name switch
    {
        "nested" => """{"level":30,"time":1767270896123,"pid":17567,"hostname":"7c4a","req":{"id":1,"method":"GET","url":"/api/v1/orders?page=2","headers":{"host":"localhost:3000","accept":"*/*","user-agent":"curl/8.5.0"},"remoteAddress":"::1","remotePort":53911},"res":{"statusCode":200,"headers":{}},"responseTime":2.5,"msg":"request completed"}"""u8,
        "spaced" => """{"timestamp": "2026-01-01T12:34:56.123Z", "level": "INFO", "logger": "com.example.shop.OrderService", "thread": "http-nio-8080-exec-1", "message": "order 4711 placed by \"user\" after 12 ms", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7", "status": 200}"""u8,
        "renamed" => """{"@timestamp":"2026-01-01T12:34:56.123Z","log.level":"INFO","log.logger":"com.example.shop.OrderService","process.thread.name":"http-nio-8080-exec-1","message":"order 4711 placed by \"user\" after 12 ms","trace.id":"4bf92f3577b34da6a3ce929d0e0e4736","span.id":"00f067aa0ba902b7","source":"shop"}"""u8,
        _ => """{"timestamp":"2026-01-01T12:34:56.123Z","level":"INFO","logger":"com.example.shop.OrderService","thread":"http-nio-8080-exec-1","message":"order 4711 placed by \"user\" after 12 ms","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","status":200,"duration":12.5,"ok":true}"""u8,
    }).ToArray();
}
