using System.Text.Json;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>What an engine's answer about one container means.</summary>
internal static class DockerInspection
{
    /// <summary>Docker's word for the driver that writes a file which the agent can read.</summary>
    public const string JsonFile = "json-file";

    /// <summary>
    /// Translates an answer; throws <see cref="JsonException"/> if it has no id, for then it is not about a
    /// container.
    /// </summary>
    /// <param name="message">The answer.</param>
    /// <param name="rootDir">The engine's data directory; empty if unknown.</param>
    public static ContainerInspection From(InspectMessage message, string rootDir)
    {
        var id = string.IsNullOrEmpty(message.Id) ? throw new JsonException("the container has no Id") : message.Id;
        var driver = message.HostConfig?.LogConfig?.Type ?? "";
        var snapshot = new ContainerSnapshot
        {
            Id = id,
            Name = (message.Name ?? "").TrimStart('/'),
            Image = message.Config?.Image ?? "",
            Labels = Labels(message.Config?.Labels),
            Env = Env(message.Config?.Env),
            Mounts = Mounts(message.Mounts),
            LogDriver = driver,
            LogPath = LogPath(message.LogPath ?? "", driver, rootDir, id),
            State = StateOf(message.State?.Status),
        };
        return new ContainerInspection(snapshot, message.State?.StartedAt ?? "", message.State?.FinishedAt ?? "");
    }

    /// <summary>
    /// What an engine's status word means for collecting. Between two attempts of a restart policy the
    /// process has ended, so <c>restarting</c> counts as ended.
    /// </summary>
    public static ContainerState StateOf(string? status) => status switch
    {
        "created" => ContainerState.Created,
        "exited" or "dead" or "removing" or "restarting" => ContainerState.Ended,
        _ => ContainerState.Running,
    };

    private static string LogPath(string said, string driver, string rootDir, string id)
    {
        // The engine fills LogPath when it starts the container, but the file has only one place to be.
        var unknown = said.Length == 0 && driver == JsonFile && rootDir.Length > 0;
        return unknown ? $"{rootDir.TrimEnd('/')}/containers/{id}/{id}-json.log" : said;
    }

    private static Dictionary<string, string> Labels(IReadOnlyDictionary<string, string?>? said)
    {
        var labels = new Dictionary<string, string>(said?.Count ?? 0);
        foreach (var (key, value) in said ?? new Dictionary<string, string?>())
        {
            labels[key] = value ?? "";
        }

        return labels;
    }

    private static IReadOnlyList<string> Env(IReadOnlyList<string?>? said) =>
        said is null ? [] : [.. said.OfType<string>()];

    private static List<ContainerMount> Mounts(IReadOnlyList<MountMessage?>? said)
    {
        var mounts = new List<ContainerMount>(said?.Count ?? 0);
        foreach (var mount in said ?? [])
        {
            if (mount is not null)
            {
                mounts.Add(new ContainerMount(mount.Type ?? "", mount.Source ?? "", mount.Destination ?? ""));
            }
        }

        return mounts;
    }
}
