namespace LogPilot.Aot.Tests.Support;

/// <summary>A directory of one test or server, removed with everything in it and everything mounted below it.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    // A Unix socket's path has at most 107 bytes, and containerd's lies three directories deep in an engine's scratch.
    private const string Prefix = "lp-";

    public ScratchDirectory() => Root = Directory.CreateTempSubdirectory(Prefix).FullName;

    public string Root { get; }

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Creates the directory and its parents.</summary>
    public string CreateDirectory(params string[] parts) => Directory.CreateDirectory(PathOf(parts)).FullName;

    public string WriteFile(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        foreach (var mount in MountedBelow(Root))
        {
            Command.Run("umount", "--lazy", mount);
        }

        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A process that is on its way out may still create a file; what it leaves is in the temporary directory.
        }
    }

    /// <summary>The mount points below a directory, the deepest first.</summary>
    private static List<string> MountedBelow(string directory) =>
        File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' ')[4])
            .Where(mount => mount.StartsWith(directory + "/", StringComparison.Ordinal))
            .OrderByDescending(mount => mount.Length)
            .ToList();
}
