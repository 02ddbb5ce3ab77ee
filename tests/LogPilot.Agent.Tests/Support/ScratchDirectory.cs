using System.Runtime.InteropServices;

namespace LogPilot.Agent.Tests.Support;

/// <summary>A directory of one test, removed with everything in it.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private const string MemoryFileSystem = "/dev/shm";

    private ScratchDirectory(string root) => Root = root;

    public ScratchDirectory() : this(Directory.CreateTempSubdirectory("lp-agent-").FullName)
    {
    }

    public string Root { get; }

    /// <summary>In memory where there is such a file system: for tests that make files by the hundred thousand.</summary>
    public static ScratchDirectory InMemory() => Directory.Exists(MemoryFileSystem)
        ? new ScratchDirectory(
            Directory.CreateDirectory(Path.Combine(MemoryFileSystem, $"lp-agent-{Guid.NewGuid():n}")).FullName)
        : new ScratchDirectory();

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public string CreateDirectory(params string[] parts) => Directory.CreateDirectory(PathOf(parts)).FullName;

    /// <summary>Appends as a program does, and makes the directories on the way.</summary>
    public void Append(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.AppendAllText(path, text);
    }

    /// <summary>Cuts a file in place, as copytruncate does.</summary>
    public void Truncate(string name, string text = "")
    {
        using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Write);
        file.SetLength(0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    public void Move(string from, string to) => File.Move(PathOf(from), PathOf(to));

    public void Delete(string name) => File.Delete(PathOf(name));

    public void LinkTo(string name, string target) => File.CreateSymbolicLink(PathOf(name), target);

    // Not by the program of this name: between its fork and its exec a child holds every descriptor of the tests, and so the
    // lock of a checkpoint file that another test has just closed and opens again.
    public void MakeFifo(string name) => Assert.Equal(0, mkfifo(PathOf(name), 0x180));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    [DllImport("libc")]
    private static extern int mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
