using System.Text.Json;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>What a runtime adds to the status of a container when it is asked to be verbose: in JSON, and in the words of the OCI.</summary>
/// <remarks>
/// <code>{"runtimeSpec":{"process":{"env":["KEY=VALUE"]},"mounts":[{"type","source","destination"}]},"config":{"envs":[{"key","value"}]}}</code>
/// containerd has both members, CRI-O the first. The second is what kubelet has asked for.
/// https://github.com/opencontainers/runtime-spec/blob/main/config.md
/// </remarks>
internal sealed class CriInfo
{
    /// <summary>The kind of mount that shows what is on the host.</summary>
    public const string Bind = "bind";

    private readonly List<string> _processEnv = [];
    private readonly List<string> _configEnv = [];
    private readonly List<ContainerMount> _mounts = [];

    private delegate void ValueReader(string name, ref Utf8JsonReader json);

    /// <summary><c>KEY=VALUE</c> as the process has it, what its image says included.</summary>
    public IReadOnlyList<string> Env => _processEnv.Count > 0 ? _processEnv : _configEnv;

    /// <summary>From the host, volumes of the image included; empty if the runtime does not say.</summary>
    public IReadOnlyList<ContainerMount> Mounts => _mounts;

    /// <param name="json">Empty if the runtime says nothing.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static CriInfo Read(ReadOnlySpan<byte> json)
    {
        var info = new CriInfo();
        if (json.IsEmpty)
        {
            return info;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            ReadObject(ref reader, info.ReadMember);
            return info;
        }
        catch (InvalidOperationException halfOfAPair)
        {
            throw new JsonException("it has a text that is no Unicode", halfOfAPair);
        }
    }

    private void ReadMember(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "runtimeSpec" or "process" or "config":
                ReadObject(ref json, ReadMember);
                break;
            case "env":
                ReadArray(ref json, (string _, ref Utf8JsonReader entry) => Add(_processEnv, TextOf(ref entry)));
                break;
            case "envs":
                ReadArray(ref json, ReadConfigEnv);
                break;
            case "mounts":
                ReadArray(ref json, ReadMount);
                break;
            default:
                json.Skip();
                break;
        }
    }

    private void ReadConfigEnv(string _, ref Utf8JsonReader json)
    {
        var texts = ReadTexts(ref json);
        Add(_configEnv, texts.TryGetValue("key", out var key) ? $"{key}={texts.GetValueOrDefault("value")}" : null);
    }

    private void ReadMount(string _, ref Utf8JsonReader json)
    {
        var texts = ReadTexts(ref json);
        if (texts.GetValueOrDefault("type") == Bind)
        {
            _mounts.Add(new ContainerMount(Bind, texts.GetValueOrDefault("source", ""), texts.GetValueOrDefault("destination", "")));
        }
    }

    private static Dictionary<string, string> ReadTexts(ref Utf8JsonReader json)
    {
        var texts = new Dictionary<string, string>();
        ReadObject(ref json, (string name, ref Utf8JsonReader value) =>
        {
            if (TextOf(ref value) is { } text)
            {
                texts[name] = text;
            }
        });
        return texts;
    }

    private static void Add(List<string> list, string? text)
    {
        if (text is not null)
        {
            list.Add(text);
        }
    }

    // Each reads the value at which the reader stands to its end.
    private static string? TextOf(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return json.GetString();
        }

        json.Skip();
        return null;
    }

    private static void ReadObject(ref Utf8JsonReader json, ValueReader readMember)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            readMember(name, ref json);
        }
    }

    private static void ReadArray(ref Utf8JsonReader json, ValueReader readElement)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            readElement("", ref json);
        }
    }
}
