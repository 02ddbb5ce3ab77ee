using System.Text;
using System.Text.Json;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Tests.Records.Formats;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>A record in JSON: it is none, or it becomes the members that a slow reading of the same rules says.</summary>
internal sealed class JsonRecordTarget() : FuzzTarget("json-record")
{
    private static readonly string[] OwnNames = ["index", "topic", "env", "team.name", "a_", "docker_container"];

    private static readonly string?[] TimeKeys = ["@timestamp", "instant.epochSecond", "time", "a.b.c", null];

    private readonly FieldWriter _fields = new();
    private readonly JsonFormat[] _formats = [.. TimeKeys.Select(key => new JsonFormat(key, OwnNames))];

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "{\"a\":1}", "\"a\":", "\"\\u0061\":", "\"a_\":", "\"offset\":1", "\"offset_\":2", "\"offset__\":3", "\"@timestamp\":\"2024-02-29T12:00:00Z\"", "\"time\":",
        "\"instant\":{\"epochSecond\":1,\"nanoOfSecond\":2}", "\"instant.epochSecond\":3", "\"a.b.c\":\"x\"", "\"a\":{\"b\":{\"c\":4}}", "\"docker_x.y\":1", "\"_id\":1",
        "\"env\":1", "\"team.x\":1", "\"\":1", "\" \":1", "\"_\":1", "\"a..b\":1", "\".\":1", "\"a._.b\":1", "\"\\u2003\":1", "\"\xe3\x80\x80\":1", "\\ud800", "\\udc00",
        "\\ud83d\\ude00", "\\u0000", "\\u", "\\", "\"", "\t", "\n", "\r\n", " ", "\0", "\xff", "\xed\xa0\x80", "\xc3", "\xef\xbb\xbf", "{", "}", "[", "]", ",", ":", "null",
        "true", "false", "-0", "1e999", "0.5", "01", "NaN", "[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":", "\"a.a.a.a.a.a.a.a.a.a.a.a\":",
    ];

    protected override void Check(byte[] input, Random random)
    {
        var which = random.Next(TimeKeys.Length);
        _fields.Clear();
        var isRecord = _formats[which].TryParse(input, _fields);
        var expected = JsonModel.Read(input, TimeKeys[which], OwnNames);
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
    }
}
