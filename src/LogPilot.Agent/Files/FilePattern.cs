namespace LogPilot.Agent.Files;

/// <summary>A directory on the host, and a path with wildcards below it that is resolved nowhere else.</summary>
internal sealed class FilePattern
{
    /// <summary>How deep <c>**</c> goes, as in Filebeat.</summary>
    public const int RecursionMax = 8;

    /// <summary>The part that stands for any number of directories.</summary>
    public const string AnyDirectories = "**";

    /// <param name="root">A path on the host, without the host root.</param>
    /// <param name="pattern">A relative path.</param>
    public FilePattern(string root, string pattern)
    {
        Root = root;
        Parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    public string Root { get; }

    /// <summary>One entry a path component; the last one names files.</summary>
    public IReadOnlyList<string> Parts { get; }
}
