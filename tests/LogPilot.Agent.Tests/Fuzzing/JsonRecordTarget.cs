using System.Text;
using System.Text.Json;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Records.Formats;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>
/// A record in JSON: it is none, or it becomes the members that a slow reading of the same rules says, and beside the agent's own fields
/// these are a document in which nothing of the agent's is there twice, below or above another value.
/// </summary>
internal sealed class JsonRecordTarget() : FuzzTarget("json-record")
{
    private static readonly string[] OwnNames = ["index", "topic", "env", "team.name", "a_", "docker_container"];
    private static readonly string[] EcsNames = ["host.name", "container.id", "labels.env", "labels.env_", "labels._"];
    private static readonly string[] FilebeatNames = [.. OwnNames, "beat"];

    private static readonly string?[] TimeKeys = ["@timestamp", "instant.epochSecond", "time", "a.b.c", null];

    private readonly FieldWriter _fields = new();
    private readonly DocumentTarget _target = new(Actions: false, TypeName: null, TimeDigits: 9);
    private readonly Batch _batch = new(64 * 1024);
    private readonly Case[] _cases =
    [
        .. from shape in Enum.GetValues<DocumentShape>() from key in TimeKeys select new Case(shape, key),
    ];

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "{\"a\":1}", "\"a\":", "\"\\u0061\":", "\"a_\":", "\"offset\":1", "\"offset_\":2", "\"offset__\":3", "\"@timestamp\":\"2024-02-29T12:00:00Z\"", "\"time\":",
        "\"instant\":{\"epochSecond\":1,\"nanoOfSecond\":2}", "\"instant.epochSecond\":3", "\"a.b.c\":\"x\"", "\"a\":{\"b\":{\"c\":4}}", "\"docker_x.y\":1", "\"_id\":1",
        "\"env\":1", "\"team.x\":1", "\"\":1", "\" \":1", "\"_\":1", "\"a..b\":1", "\".\":1", "\"a._.b\":1", "\"\\u2003\":1", "\"\xe3\x80\x80\":1", "\\ud800", "\\udc00",
        "\\ud83d\\ude00", "\\u0000", "\\u", "\\", "\"", "\t", "\n", "\r\n", " ", "\0", "\xff", "\xed\xa0\x80", "\xc3", "\xef\xbb\xbf", "{", "}", "[", "]", ",", ":", "null",
        "\"log\":", "\"log\":{\"level\":\"x\"}", "\"log.level\":1", "\"log.file.path\":1", "\"file\":{\"path\":1}", "\"file.path\":1", "\"event\":", "\"dataset\":1", "\"event.dataset\":1",
        "\"service\":{\"name\":1}", "\"name\":", "\"ecs.version\":", "\"ecs\":{\"version\":1}", "\"labels\":{\"env\":1,\"env_\":2}", "\"labels.env\":1", "\"host\":", "\"container.id\":1",
        "true", "false", "-0", "1e999", "0.5", "01", "NaN", "[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":", "\"a.a.a.a.a.a.a.a.a.a.a.a\":",
    ];

    protected override void Check(byte[] input, Random random)
    {
        var one = _cases[random.Next(_cases.Length)];
        _fields.Clear();
        var isRecord = one.Format.TryParse(input, _fields);
        var expected = JsonModel.Read(input, one.TimeKey, NamesOf(one.Shape), one.Shape);
        Expect(isRecord == expected is not null, $"it is a record: {expected is not null}");
        if (expected is not { } model)
        {
            return;
        }

        Expect(!_fields.Members.ContainsAny((byte)'\n', (byte)'\r'), "the members are one line");
        using var json = JsonDocument.Parse(
            "{" + new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(_fields.Members) + "}",
            new JsonDocumentOptions { AllowDuplicateProperties = false });
        var members = JsonModel.Canonical(json.RootElement);
        Expect(members == $"{{{model.Members}}}", $"{members} is {{{model.Members}}}");
        Expect(_fields.Count == json.RootElement.EnumerateObject().Count(), $"there are {_fields.Count} fields");
        var time = Encoding.UTF8.GetString(_fields.Time);
        Expect(time == model.Time && _fields.IsTimeLeftOut == model.IsLeftOut, $"the time is {model.Time}, and not {time}");
        Expect(_fields.GivenDefaults == model.Defaults, $"the record has the defaults {model.Defaults}, and not {_fields.GivenDefaults}");
        CheckDocument(one.Agent, json.RootElement);
    }

    private static string[] NamesOf(DocumentShape shape) => shape switch
    {
        DocumentShape.Ecs => EcsNames,
        DocumentShape.Filebeat => FilebeatNames,
        _ => OwnNames,
    };

    private void CheckDocument(AgentFields agent, JsonElement members)
    {
        var line = new Line { Text = "text"u8, Stream = StandardStreams.Stdout, End = 10, IsTruncated = true };
        var record = new Record
        {
            Time = "2024-02-29T12:00:00Z"u8,
            Members = "\"message\":1"u8,
            GivenDefaults = _fields.GivenDefaults,
            ParseError = "time"u8,
        };
        _batch.Reset(_target);
        var encoder = new DocumentEncoder(_target, "web", "yyyy", "/logs/a.log", agent);
        Expect(encoder.TryWrite(_batch, line, record, new RecordIds("owner", "log", 0), 0), "there is room");
        using var document = JsonDocument.Parse(_batch.Content);
        var others = Paths("", document.RootElement).Where(path => path != "message").ToList();
        var own = Paths("", members).ToHashSet();
        foreach (var other in others)
        {
            Expect(!own.Contains(other), $"{other} is there once");
            Expect(!own.Any(path => path.StartsWith(other + ".", StringComparison.Ordinal)), $"nothing is below {other}");
            Expect(!ParentsOf(other).Any(own.Contains), $"what {other} is in is an object");
        }

        Expect(others.Distinct().Count() == others.Count, "no field of the agent's is there twice");
    }

    private static IEnumerable<string> ParentsOf(string path)
    {
        for (var dot = path.IndexOf('.'); dot >= 0; dot = path.IndexOf('.', dot + 1))
        {
            yield return path[..dot];
        }
    }

    // An array is the field that it is the value of, and so are the objects in it.
    private static IEnumerable<string> Paths(string start, JsonElement element) => element.EnumerateObject().SelectMany(member =>
        member.Value.ValueKind == JsonValueKind.Object
            ? Paths($"{start}{member.Name}.", member.Value)
            : Items(member.Value).SelectMany(item => Paths($"{start}{member.Name}.", item)).Append($"{start}{member.Name}"));

    private static IEnumerable<JsonElement> Items(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? element.EnumerateArray().SelectMany(Items)
        : element.ValueKind == JsonValueKind.Object ? [element] : [];

    private sealed class Case(DocumentShape shape, string? timeKey)
    {
        public DocumentShape Shape => shape;

        public string? TimeKey => timeKey;

        public AgentFields Agent { get; } = JsonCase.Agent(shape, NamesOf(shape));

        public JsonFormat Format => field ??= new JsonFormat(timeKey, new FieldNames(Agent));
    }
}
