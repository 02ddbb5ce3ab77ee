namespace LogPilot.Aot.Tests.Support;

/// <summary>A small file system in memory: the disk that can be made full or read-only.</summary>
internal sealed class TmpfsMount : IDisposable
{
    private TmpfsMount(string path) => Path = path;

    public string Path { get; }

    /// <summary>Options as of mount(8), such as <c>size=64k</c> or <c>ro</c>.</summary>
    public static TmpfsMount At(string path, string options)
    {
        Directory.CreateDirectory(path);
        var result = Command.Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
        if (result.ExitCode != 0)
        {
            Prerequisite.Missing($"A tmpfs cannot be mounted here, run as root: {result.Everything}");
        }

        return new TmpfsMount(path);
    }

    public void Remount(string options)
    {
        var result = Command.Run("mount", "-o", $"remount,{options}", Path);
        Assert.True(result.ExitCode == 0, result.Everything);
    }

    /// <summary>Writes zeros into a file until the file system takes no more; the file's path.</summary>
    public string Fill()
    {
        var path = System.IO.Path.Combine(Path, "filler");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var zeros = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(zeros);
            }
        }
        catch (IOException)
        {
            return path;
        }
    }

    public void Dispose() => Command.Run("umount", "--lazy", Path);
}
