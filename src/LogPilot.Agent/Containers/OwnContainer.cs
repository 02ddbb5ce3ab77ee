namespace LogPilot.Agent.Containers;

/// <summary>Recognises the container in which the agent itself runs, and those of its pod.</summary>
internal static class OwnContainer
{
    private const int IdCharacters = 64;
    private const string PodLabel = "io.kubernetes.pod.uid";
    private static readonly Lazy<(string Id, string PodUid)> Own = new(Detect);

    public static bool Is(ContainerSnapshot container) => container.Id == Own.Value.Id
        || (Own.Value.PodUid.Length > 0 && container.Labels.GetValueOrDefault(PodLabel) == Own.Value.PodUid);

    /// <summary>
    /// Docker mounts files such as <c>/etc/hostname</c> from a folder that has the container's id for its name, and kubelet
    /// <c>/etc/hosts</c> from <c>pods/UID/etc-hosts</c>.
    /// </summary>
    /// <param name="mounts">The text of <c>/proc/self/mountinfo</c>.</param>
    /// <returns>Empty texts for what is not known, as it is outside a container.</returns>
    public static (string Id, string PodUid) Detect(string mounts)
    {
        var (id, podUid) = ("", "");
        foreach (var line in mounts.Split('\n'))
        {
            // Field 4 is the root of the mount, field 5 where it appears: proc(5).
            var fields = line.Split(' ');
            if (fields.Length < 5 || !fields[4].StartsWith("/etc/", StringComparison.Ordinal))
            {
                continue;
            }

            var root = fields[3].Split('/');
            id = id.Length > 0 ? id : root.FirstOrDefault(part => part.Length == IdCharacters && part.All(char.IsAsciiHexDigit), "");
            podUid = root is [.., "pods", var uid, "etc-hosts"] ? uid : podUid;
        }

        return (id, podUid);
    }

    private static (string Id, string PodUid) Detect()
    {
        try
        {
            return Detect(File.ReadAllText("/proc/self/mountinfo"));
        }
        catch (IOException)
        {
            return ("", "");
        }
    }
}
