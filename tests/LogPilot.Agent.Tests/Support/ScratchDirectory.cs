using System.Diagnostics;

namespace LogPilot.Agent.Tests.Support;

/// <summary>A directory of one test, removed with everything in it.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("lp-agent-").FullName;

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

    public void MakeFifo(string name)
    {
        using var process = Process.Start("mkfifo", [PathOf(name)]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
