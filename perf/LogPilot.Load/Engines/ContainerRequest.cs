using System.Text.Json.Nodes;

namespace LogPilot.Load.Engines;

/// <summary>A container to run, as the options of <c>docker run</c> say it.</summary>
/// <param name="Script">What its shell does; programs are called by <c>/bin/busybox</c>.</param>
/// <param name="Environment">Its environment, which declares its logs.</param>
internal sealed record ContainerRequest(string Script, params string[] Environment)
{
    /// <summary>Options of the json-file driver.</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Directories of the host, as <c>HOST:CONTAINER</c>.</summary>
    public IReadOnlyList<string> SharedDirectories { get; init; } = [];

    /// <summary>The body of the engine's call.</summary>
    public string ToJson(string image) => new JsonObject
    {
        ["Image"] = image,
        ["Cmd"] = Array(["/bin/busybox", "sh", "-c", Script]),
        ["Env"] = Array(Environment),
        ["HostConfig"] = new JsonObject
        {
            ["NetworkMode"] = "none",
            ["Binds"] = Array(SharedDirectories),
            ["LogConfig"] = new JsonObject
            {
                ["Type"] = "json-file",
                ["Config"] = new JsonObject(
                    LogOptions.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, one.Value))),
            },
        },
    }.ToJsonString();

    private static JsonArray Array(IReadOnlyList<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
