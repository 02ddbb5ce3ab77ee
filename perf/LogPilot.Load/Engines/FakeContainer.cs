using System.Text.Json;

namespace LogPilot.Load.Engines;

/// <summary>A running container that declares logs: unless something else is said, its standard output.</summary>
/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Name">Its name, and that of its log.</param>
/// <param name="LogPath">The json-file log.</param>
internal sealed record FakeContainer(string Id, string Name, string LogPath)
{
    /// <summary>Its environment, which declares its logs.</summary>
    public IReadOnlyList<string> Env { get; init; } =
        [$"aliyun_logs_{Name}=stdout", $"aliyun_logs_{Name}_tags=environment=load"];

    /// <summary>What it sees of the host, as destination and the directory on the host.</summary>
    public IReadOnlyDictionary<string, string> Mounts { get; init; } = new Dictionary<string, string>();

    /// <summary>The container of a number, with its log where an engine puts it; the log's directory is created.</summary>
    public static FakeContainer Create(string dataDirectory, int number)
    {
        var id = $"{number:x8}{new string('c', 56)}";
        var directory = Directory.CreateDirectory(Path.Combine(dataDirectory, "containers", id)).FullName;
        return new FakeContainer(id, $"load{number}", Path.Combine(directory, $"{id}-json.log"));
    }

    /// <summary>Its element of the engine's list.</summary>
    public string Listed() => $$"""{"Id":"{{Id}}","Names":["/{{Name}}"],"State":"running"}""";

    /// <summary>The engine's answer about it.</summary>
    public string Inspected() =>
        $$$"""
        {"Id":"{{{Id}}}","Name":"/{{{Name}}}","LogPath":"{{{LogPath}}}",
        "State":{"Status":"running","StartedAt":"2026-01-01T00:00:00Z","FinishedAt":"0001-01-01T00:00:00Z"},
        "Config":{"Image":"load","Env":{{{JsonSerializer.Serialize(Env)}}},
        "Labels":{"com.docker.compose.project":"load","com.docker.compose.service":"writer"}},
        "HostConfig":{"LogConfig":{"Type":"json-file"}},"Mounts":[{{{string.Join(',', Mounts.Select(Inspected))}}}]}
        """;

    private static string Inspected(KeyValuePair<string, string> mount) =>
        $$"""{"Type":"volume","Source":"{{mount.Value}}","Destination":"{{mount.Key}}","RW":true}""";
}
