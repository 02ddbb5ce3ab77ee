using System.Text.Json.Serialization;

namespace LogPilot.Agent.Containers.Docker;

// The parts of the engine's answers that the agent reads, https://docs.docker.com/reference/api/engine/.
// Everything is nullable: versions and configurations differ in what they send as null, as an empty value
// or not at all.

/// <summary>The answer to <c>GET /version</c>.</summary>
internal sealed record VersionMessage(
    string? Version,
    string? ApiVersion,
    [property: JsonPropertyName("MinAPIVersion")] string? MinApiVersion);

/// <summary>The answer to <c>GET /info</c>.</summary>
internal sealed record InfoMessage(string? DockerRootDir);

/// <summary>An error's body.</summary>
internal sealed record ErrorMessage([property: JsonPropertyName("message")] string? Message);

/// <summary>One element of <c>GET /containers/json</c>.</summary>
internal sealed record ListedMessage(string? Id, IReadOnlyList<string?>? Names, string? State);

/// <summary>The answer to <c>GET /containers/ID/json</c>.</summary>
internal sealed record InspectMessage(
    string? Id,
    string? Name,
    string? LogPath,
    StateMessage? State,
    ConfigMessage? Config,
    HostConfigMessage? HostConfig,
    IReadOnlyList<MountMessage?>? Mounts);

/// <summary>
/// Where a container stands; the times are kept as text, since they are only compared with themselves.
/// </summary>
internal sealed record StateMessage(string? Status, string? StartedAt, string? FinishedAt);

/// <summary>What the image and the user said about a container.</summary>
internal sealed record ConfigMessage(
    string? Image,
    IReadOnlyList<string?>? Env,
    IReadOnlyDictionary<string, string?>? Labels);

/// <summary>How the host runs a container.</summary>
internal sealed record HostConfigMessage(LogConfigMessage? LogConfig);

/// <summary>A container's log driver.</summary>
internal sealed record LogConfigMessage(string? Type);

/// <summary>One mount of a container.</summary>
internal sealed record MountMessage(string? Type, string? Source, string? Destination);

/// <summary>One event of <c>GET /events</c>, in the fields that engines of every age send.</summary>
internal sealed record EventMessage(
    string? Type,
    string? Action,
    ActorMessage? Actor,
    [property: JsonPropertyName("timeNano")] long TimeNano);

/// <summary>What an event is about.</summary>
internal sealed record ActorMessage([property: JsonPropertyName("ID")] string? Id);

/// <summary>
/// Readers for the messages, generated at build time because reflection does not survive trimming.
/// </summary>
[JsonSerializable(typeof(VersionMessage))]
[JsonSerializable(typeof(InfoMessage))]
[JsonSerializable(typeof(ErrorMessage))]
[JsonSerializable(typeof(List<ListedMessage>))]
[JsonSerializable(typeof(InspectMessage))]
[JsonSerializable(typeof(EventMessage))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class DockerJson : JsonSerializerContext;
