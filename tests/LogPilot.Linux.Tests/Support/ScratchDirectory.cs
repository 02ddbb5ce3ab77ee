using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LogPilot.Linux.Tests.Support;

/// <summary>A directory of one test, removed with everything in it and what was mounted in it.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private readonly List<string> _mounts = [];

    public string Root { get; } = Directory.CreateTempSubdirectory("lp-linux-").FullName;

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public string CreateDirectory(params string[] parts) => Directory.CreateDirectory(PathOf(parts)).FullName;

    public string WriteFile(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string LinkTo(string name, string target)
    {
        var path = PathOf(name);
        File.CreateSymbolicLink(path, target);
        return path;
    }

    // Not by the program of this name: between its fork and its exec a child holds every descriptor of the tests, and so the
    // lock of a file that another test has just closed and opens again.
    public string MakeFifo(string name)
    {
        var path = PathOf(name);
        Assert.Equal(0, mkfifo(path, 0x180));
        return path;
    }

    /// <summary>Mounts a file system in memory of a few pages; the test is skipped where that is not allowed.</summary>
    public string MountTmpfs(string name, string size)
    {
        var path = CreateDirectory(name);
        Assert.SkipUnless(
            Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path) == 0,
            "A tmpfs cannot be mounted here: run the tests as root.");
        _mounts.Add(path);
        return path;
    }

    public void Dispose()
    {
        foreach (var mount in _mounts)
        {
            Run("umount", "--lazy", mount);
        }

        Directory.Delete(Root, recursive: true);
    }

    private static int Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    [DllImport("libc")]
    private static extern int mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
