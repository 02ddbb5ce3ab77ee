using System.Text.Json;
using System.Text.Json.Serialization;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>What a runtime adds to the status of a container when it is asked to be verbose: in JSON, and in the words of the OCI.</summary>
/// <param name="Env"><c>KEY=VALUE</c> as the process has it, what its image says included.</param>
/// <param name="Mounts">From the host, volumes of the image included; null if the runtime does not say.</param>
internal sealed record CriInfo(IReadOnlyList<string> Env, IReadOnlyList<ContainerMount>? Mounts)
{
    /// <summary>The kind of mount that shows what is on the host.</summary>
    public const string Bind = "bind";

    /// <param name="json">Empty if the runtime says nothing.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static CriInfo Read(ReadOnlySpan<byte> json)
    {
        var message = json.IsEmpty ? null : JsonSerializer.Deserialize(json, CriJson.Default.CriInfoMessage);
        var env = message?.RuntimeSpec?.Process?.Env?.OfType<string>()
            ?? message?.Config?.Envs?.OfType<CriEnvMessage>().Select(one => $"{one.Key}={one.Value}");
        var mounts = message?.RuntimeSpec?.Mounts?.Where(mount => mount?.Type == Bind)
            .Select(mount => new ContainerMount(Bind, mount!.Source ?? "", mount.Destination ?? ""));
        return new CriInfo([.. env ?? []], mounts?.ToList());
    }
}

/// <summary>containerd has both members, CRI-O the first.</summary>
/// <param name="RuntimeSpec">https://github.com/opencontainers/runtime-spec/blob/main/config.md</param>
/// <param name="Config">What kubelet has asked for.</param>
internal sealed record CriInfoMessage(OciSpecMessage? RuntimeSpec, CriConfigMessage? Config);

internal sealed record OciSpecMessage(OciProcessMessage? Process, IReadOnlyList<OciMountMessage?>? Mounts);

internal sealed record OciProcessMessage(IReadOnlyList<string?>? Env);

internal sealed record OciMountMessage(string? Type, string? Source, string? Destination);

internal sealed record CriConfigMessage(IReadOnlyList<CriEnvMessage?>? Envs);

internal sealed record CriEnvMessage(string? Key, string? Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CriInfoMessage))]
internal sealed partial class CriJson : JsonSerializerContext;
