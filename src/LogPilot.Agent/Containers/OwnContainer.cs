namespace LogPilot.Agent.Containers;

/// <summary>Recognises the container in which the agent itself runs.</summary>
internal static class OwnContainer
{
    private const int IdCharacters = 64;
    private static readonly Lazy<string> Id = new(Detect);

    public static bool Is(ContainerSnapshot container) => container.Id == Id.Value;

    /// <summary>
    /// Docker and containerd mount files such as <c>/etc/hostname</c> from a folder that has the container's id for its name.
    /// </summary>
    /// <param name="mounts">The text of <c>/proc/self/mountinfo</c>.</param>
    /// <returns>The id, or an empty text outside a container.</returns>
    public static string Detect(string mounts)
    {
        foreach (var line in mounts.Split('\n'))
        {
            // Field 4 is the root of the mount, field 5 where it appears: proc(5).
            var fields = line.Split(' ');
            if (fields.Length < 5 || !fields[4].StartsWith("/etc/", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var part in fields[3].Split('/'))
            {
                if (part.Length == IdCharacters && part.All(char.IsAsciiHexDigit))
                {
                    return part;
                }
            }
        }

        return "";
    }

    private static string Detect()
    {
        try
        {
            return Detect(File.ReadAllText("/proc/self/mountinfo"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
