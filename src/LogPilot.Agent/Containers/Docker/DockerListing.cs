using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>What one element of an engine's list of containers means.</summary>
internal static class DockerListing
{
    /// <summary>Translates an answer's element; null if it names no container.</summary>
    public static ContainerListing? From(ListedMessage? message) => string.IsNullOrEmpty(message?.Id)
        ? null
        : new ContainerListing(message.Id, OwnName(message.Names), DockerInspection.StateOf(message.State));

    /// <summary>
    /// Legacy links add names such as <c>/other/alias</c>; a container's own name has one slash.
    /// </summary>
    private static string OwnName(IReadOnlyList<string?>? names)
    {
        foreach (var name in names ?? [])
        {
            if (name is not null && name.LastIndexOf('/') <= 0)
            {
                return name.TrimStart('/');
            }
        }

        return "";
    }
}
