using System.Text;
using System.Text.Json;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>What a JSON record becomes, said slowly: the text is made strict JSON first, and then a tree is built of it.</summary>
internal sealed class JsonModel(string? timeKey, IEnumerable<string> ownNames)
{
    private const int DepthMax = 20;
    private const int FieldsMax = 1000;
    private const int TimeBytesMax = 64;
    private const int UnderscoresMax = 8;

    private readonly HashSet<string> _reserved = [.. ReservedFields.InRecords, .. ownNames.Select(name => name.Split('.')[0])];
    private int _count;
    private bool _isRefused;
    private string? _time;

    /// <summary>The members as JSON, the text of the time and whether its field is left out; null if the record is none.</summary>
    public static (string Members, string Time, bool IsLeftOut)? Read(byte[] text, string? timeKey, IEnumerable<string> ownNames) =>
        new JsonModel(timeKey, ownNames).Read(text);

    private (string Members, string Time, bool IsLeftOut)? Read(byte[] text)
    {
        try
        {
            using var json = JsonDocument.Parse(MakeStrict(text), new JsonDocumentOptions { MaxDepth = 1000, AllowDuplicateProperties = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var root = Members(json.RootElement, depth: 0, arrays: 0, isRoot: true);
            var literal = root.Find(member => member.Original == timeKey);
            if (literal is not null)
            {
                _time = TimeOf(literal.Value);
            }
            else if (timeKey is not null)
            {
                FindTime(root, timeKey);
            }

            var time = _time is null || Encoding.UTF8.GetByteCount(_time) > TimeBytesMax ? "" : _time;
            var leftOut = timeKey == "@timestamp" && time.Length > 0 ? literal : null;
            root.RemoveAll(member => member == leftOut);
            return _isRefused ? null : (string.Join(',', root.Select(Written)), time, leftOut is not null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private List<Member> Members(JsonElement element, int depth, int arrays, bool isRoot)
    {
        var members = new List<Member>();
        _isRefused |= depth >= DepthMax && !isRoot;
        foreach (var property in element.EnumerateObject())
        {
            _isRefused |= ++_count > FieldsMax;
            if (_isRefused)
            {
                break;
            }

            var before = members.Find(member => member.Original == property.Name);
            var given = before?.Given ?? Free(property.Name, members, isRoot);
            members.RemoveAll(member => member == before);
            var parts = depth + given.Split('.').Length;
            _isRefused |= parts > DepthMax;
            members.Add(new(property.Name, given, Value(property.Value, parts, arrays)));
        }

        return members;
    }

    private object Value(JsonElement element, int depth, int arrays)
    {
        _isRefused |= element.ValueKind == JsonValueKind.Array && arrays >= DepthMax;
        return _isRefused ? "" : element.ValueKind switch
        {
            JsonValueKind.Object => Members(element, depth, arrays, isRoot: false),
            JsonValueKind.Array => element.EnumerateArray().Select(item => Value(item, depth, arrays + 1)).ToArray(),
            JsonValueKind.String => new Text(element.GetString()!),
            _ => element.GetRawText(),
        };
    }

    private string Free(string name, List<Member> members, bool isRoot)
    {
        var parts = name.Split('.').Select(part => part.All(IsBlank) ? "_" : part).ToList();
        if (isRoot && !IsFine(parts[0]))
        {
            parts[0] += ReservedFields.PrefixesInRecords.Any(prefix => parts[0].StartsWith(prefix, StringComparison.Ordinal)) ? "_" : "";
            while (_reserved.Contains(parts[0]))
            {
                parts[0] += "_";
            }
        }

        var given = string.Join('.', parts);
        for (var i = 0; members.Exists(member => member.Given == given) || (isRoot && _reserved.Contains(given.Split('.')[0])); i++)
        {
            given += "_";
            _isRefused |= i == UnderscoresMax;
        }

        return given;
    }

    private bool IsFine(string first) => !_reserved.Contains(first)
        && !ReservedFields.PrefixesInRecords.Any(prefix => first.StartsWith(prefix, StringComparison.Ordinal));

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

    private sealed record Member(string Original, string Given, object Value);

    private sealed record Text(string Value);
}
