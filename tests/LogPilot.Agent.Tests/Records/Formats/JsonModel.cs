using System.Text;
using System.Text.Json;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>What a JSON record becomes, said slowly: the text is made strict JSON first, and then a tree is built of it.</summary>
internal sealed class JsonModel
{
    private const int DepthMax = 20;
    private const int FieldsMax = 1000;
    private const int TimeBytesMax = 64;
    private const int UnderscoresMax = 8;

    private static readonly string[] LogPilotPrefixes = ["docker_", "k8s_"];

    private static readonly string[] EcsOwn =
    [
        "@timestamp", "stream", "log.file", "log.offset", "log.truncated", "log.parse_error", "log.index_error",
        "host.name", "container", "orchestrator", "labels.docker_app", "labels.k8s_container_name",
    ];

    private readonly string? _timeKey;
    private readonly bool _isEcs;
    private readonly HashSet<string> _own;
    private readonly string[] _prefixes;
    private readonly string[] _defaults;
    private int _count;
    private bool _isRefused;
    private string? _time;

    private JsonModel(DocumentShape shape, string? timeKey, IEnumerable<string> ownNames)
    {
        _timeKey = timeKey;
        _isEcs = shape == DocumentShape.Ecs;
        string[] own =
        [
            .. _isEcs ? EcsOwn : [.. ReservedFields.OwnNames, "log"],
            .. shape == DocumentShape.Filebeat ? (string[])["beat", "prospector"] : [],
            .. ReservedFields.ServerNames,
            .. ownNames,
        ];
        _own = [.. own.Select(name => _isEcs ? name : name.Split('.')[0])];
        _prefixes = _isEcs ? [] : LogPilotPrefixes;
        _defaults = _isEcs ? JsonCase.EcsDefaults : [];
    }

    /// <summary>
    /// The members as JSON, the text of the time, whether its field is left out, and which of the agent's fields the record has brought;
    /// null if the record is none.
    /// </summary>
    public static (string Members, string Time, bool IsLeftOut, int Defaults)? Read(
        byte[] text, string? timeKey, IEnumerable<string> ownNames, DocumentShape shape = DocumentShape.LogPilot) =>
        new JsonModel(shape, timeKey, ownNames).Read(text);

    private (string Members, string Time, bool IsLeftOut, int Defaults)? Read(byte[] text)
    {
        try
        {
            using var json = JsonDocument.Parse(MakeStrict(text), new JsonDocumentOptions { MaxDepth = 1000, AllowDuplicateProperties = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var root = Members(json.RootElement, depth: 0, arrays: 0, path: "");
            var literal = root.Find(member => member.Original == _timeKey);
            if (literal is not null)
            {
                _time = TimeOf(literal.Value);
            }
            else if (_timeKey is not null)
            {
                FindTime(root, _timeKey);
            }

            var time = _time is null || Encoding.UTF8.GetByteCount(_time) > TimeBytesMax ? "" : _time;
            var leftOut = _timeKey == "@timestamp" && time.Length > 0 ? literal : null;
            root.RemoveAll(member => member == leftOut);
            return _isRefused ? null : (string.Join(',', root.Select(Written)), time, leftOut is not null, Defaults(root));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The path ends with a dot, but for the root's; it is null where the agent has nothing.
    private List<Member> Members(JsonElement element, int depth, int arrays, string? path)
    {
        var members = new List<Member>();
        var taken = new HashSet<string>();
        _isRefused |= depth >= DepthMax && path != "";
        foreach (var property in element.EnumerateObject())
        {
            _isRefused |= ++_count > FieldsMax;
            if (_isRefused)
            {
                break;
            }

            var before = members.Find(member => member.Original == property.Name);
            var (wanted, isFree) = Wanted(property.Name, path, property.Value.ValueKind);
            var isKept = before is not null && (before.Given != property.Name || wanted == property.Name);
            var given = isKept ? before!.Given : Free(wanted, taken, path);
            members.RemoveAll(member => member == before);
            taken.Add(given);
            var parts = depth + given.Split('.').Length;
            _isRefused |= parts > DepthMax;
            var at = given == property.Name && wanted == given && !isFree ? path + given : null;
            members.Add(new(property.Name, given, Value(property.Value, parts, arrays, at), at));
        }

        return members;
    }

    private object Value(JsonElement element, int depth, int arrays, string? path)
    {
        _isRefused |= element.ValueKind == JsonValueKind.Array && arrays >= DepthMax;
        return _isRefused ? "" : element.ValueKind switch
        {
            JsonValueKind.Object => Members(element, depth, arrays, path is null ? null : path + "."),
            JsonValueKind.Array => element.EnumerateArray().Select(item => Value(item, depth, arrays + 1, path: null)).ToArray(),
            JsonValueKind.String => new Text(element.GetString()!),
            _ => element.GetRawText(),
        };
    }

    // The name as the rules want it, and whether the agent has nothing there.
    private (string Name, bool IsFree) Wanted(string name, string? path, JsonValueKind value)
    {
        var parts = name.Split('.').Select(part => part.All(IsBlank) ? "_" : part).ToArray();
        for (var i = 0; i < parts.Length && path is not null; i++)
        {
            parts[i] += path.Length == 0 && _prefixes.Any(prefix => parts[i].StartsWith(prefix, StringComparison.Ordinal)) ? "_" : "";
            if (!Suits(path + parts[i], i < parts.Length - 1 ? JsonValueKind.Object : value))
            {
                do
                {
                    parts[i] += "_";
                }
                while (!IsFree(path + parts[i]));
            }

            path = IsFree(path + parts[i]) ? null : path + parts[i] + ".";
        }

        return (string.Join('.', parts), path is null);
    }

    private bool IsFree(string path) => !_own.Contains(path) && !_defaults.Contains(path) && !IsAbove(path);

    private bool IsAbove(string path) => _own.Concat(_defaults).Any(one => one.StartsWith(path + ".", StringComparison.Ordinal));

    private bool Suits(string path, JsonValueKind value) =>
        !_own.Contains(path)
        && (!_defaults.Contains(path) || value is not (JsonValueKind.Object or JsonValueKind.Array))
        && (!IsAbove(path) || value == JsonValueKind.Object);

    private string Free(string given, HashSet<string> taken, string? path)
    {
        var isTaken = taken.Contains(given);
        for (var i = 0; isTaken; i++)
        {
            given += "_";
            isTaken = taken.Contains(given)
                || (path is not null && _own.Any(own => path + given == own || (path + given).StartsWith(own + ".", StringComparison.Ordinal)))
                || (path is not null && !IsFree(path + given));
            _isRefused |= i == UnderscoresMax;
        }

        return given;
    }

    private int Defaults(List<Member> members) => members.Aggregate(0, (given, member) => given
        | (member.Value is List<Member> inner ? Defaults(inner)
            : Array.IndexOf(_defaults, member.Path) is var bit and >= 0 ? 1 << bit : 0));

    private static bool IsBlank(char one) =>
        one is (>= '\u001c' and <= '\u001f') || (char.IsWhiteSpace(one) && one is not ('\u0085' or '\u00a0' or '\u2007' or '\u202f'));

    private void FindTime(List<Member> members, string path)
    {
        foreach (var member in members)
        {
            if (member.Original == path || member.Original + "." == path)
            {
                _time = TimeOf(member.Value) ?? _time;
            }
            else if (path.StartsWith(member.Original + ".", StringComparison.Ordinal) && member.Value is List<Member> inner)
            {
                FindTime(inner, path[(member.Original.Length + 1)..]);
            }
        }
    }

    private static string? TimeOf(object value) => value switch
    {
        Text text => text.Value,
        string raw when raw[0] == '-' || char.IsAsciiDigit(raw[0]) => raw,
        _ => null,
    };

    private static string Written(Member member) => $"{JsonSerializer.Serialize(member.Given)}:{Written(member.Value)}";

    private static string Written(object value) => value switch
    {
        List<Member> members => $"{{{string.Join(',', members.Select(Written))}}}",
        object[] items => $"[{string.Join(',', items.Select(Written))}]",
        Text text => JsonSerializer.Serialize(text.Value),
        _ => (string)value,
    };

    /// <summary>The members of an object as <see cref="Read(byte[])"/> writes them: every text is escaped in the same way.</summary>
    public static string Canonical(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().Select(one => $"{JsonSerializer.Serialize(one.Name)}:{Canonical(one.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Canonical))}]",
        JsonValueKind.String => JsonSerializer.Serialize(element.GetString()),
        _ => element.GetRawText(),
    };

    // Escapes control characters in strings, and replaces halves of pairs.
    private static string MakeStrict(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        text = text.StartsWith('\ufeff') ? text[1..] : text;
        var strict = new StringBuilder();
        var isInString = false;
        for (var i = 0; i < text.Length; i++)
        {
            var one = text[i];
            if (isInString && one == '\\')
            {
                var unit = Unit(text, i);
                var isPair = unit is >= 0xd800 and < 0xdc00 && Unit(text, i + 6) is >= 0xdc00 and < 0xe000;
                var length = isPair ? 12 : unit >= 0 ? 6 : 2;
                strict.Append(unit is >= 0xd800 and < 0xe000 && !isPair ? "\\ufffd" : text.AsSpan(i, Math.Min(length, text.Length - i)));

                // What follows the backslash may be a control character, which no escape has: it stays for the parser to refuse.
                i += length - 1;
                continue;
            }

            isInString ^= one == '"';
            _ = isInString && one < ' ' ? strict.Append($"\\u{(int)one:x4}") : strict.Append(one);
        }

        return strict.ToString();
    }

    private static int Unit(string text, int start) =>
        start + 6 <= text.Length && text[start] == '\\' && text[start + 1] == 'u' && text.Substring(start + 2, 4).All(char.IsAsciiHexDigit)
            ? Convert.ToInt32(text.Substring(start + 2, 4), 16)
            : -1;

    private sealed record Member(string Original, string Given, object Value, string? Path);

    private sealed record Text(string Value);
}
