using System.IO.Compression;
using System.Text;
using LogPilot.Agent.Files;
using LogPilot.Agent.Tests.Support;
using LogPilot.Linux;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>The files of one log: each step is done on disk and in the model.</summary>
internal sealed class LogDirectory(ScratchDirectory scratch, ManualTime time, LogModel model) : IDisposable
{
    private const string Folder = "host/logs/";

    private readonly Dictionary<string, LogFile> _byName = [];
    private readonly Dictionary<FileIdentity, long> _births = [];

    public ManualTime Time => time;

    public LogModel Model => model;

    public IReadOnlyCollection<string> Names => _byName.Keys;

    public LogFile? Find(string name) => _byName.GetValueOrDefault(name);

    public LogFile Make(string name, bool isCompressed = false, LogFile? original = null)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var handle = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var file = new LogFile(handle) { IsCompressed = isCompressed, Original = original };
        file.Names.Add(name);
        _byName.Add(name, file);
        model.Made(file);
        Touch(handle);
        var stat = LinuxFile.Stat(handle);
        _births.Add(FileIdentity.Of(stat), stat.ModifyNanoseconds);
        return file;
    }

    /// <summary>When a file was made by the agent's clock, in nanoseconds since 1970.</summary>
    public long? BirthOf(FileIdentity file) => _births.TryGetValue(file, out var birth) ? birth : null;

    /// <summary>Writes a piece of a line.</summary>
    /// <param name="encoded">What stands in the file for it.</param>
    public long Write(LogFile file, long offset, Fragment fragment, string encoded)
    {
        model.Written(file, fragment);
        return Write(file.Handle, offset, Encoding.UTF8.GetBytes(encoded));
    }

    public void Rename(string from, string to)
    {
        File.Move(PathOf(from), PathOf(to));
        _byName.Remove(from, out var file);
        _byName.Add(to, file!);
        file!.Names.Remove(from);
        file.Names.Add(to);
        model.Renamed(file);
    }

    public void Delete(string name)
    {
        File.Delete(PathOf(name));
        _byName.Remove(name, out var file);
        file!.Names.Remove(name);
        model.Renamed(file);
    }

    /// <summary>Makes a symbolic link, or lets one lead elsewhere, at one blow.</summary>
    public void Link(string name, string target)
    {
        var path = PathOf(name);
        File.CreateSymbolicLink(path + "~", target);
        File.Move(path + "~", path, overwrite: true);
        if (_byName.Remove(name, out var before))
        {
            before.Names.Remove(name);
            model.Renamed(before);
        }

        _byName.Add(name, _byName[target]);
        _byName[target].Names.Add(name);
    }

    public void Cut(LogFile file)
    {
        RandomAccess.SetLength(file.Handle, 0);
        Touch(file.Handle);
        model.Emptied(file);
    }

    /// <param name="halfWay">Called when half of the copy is there.</param>
    public void Copy(LogFile file, string to, Action? halfWay = null)
    {
        var copy = Make(to, original: file);
        var bytes = BytesOf(file);
        if (halfWay is not null)
        {
            Write(copy.Handle, 0, bytes.AsSpan(0, bytes.Length / 2));
            halfWay();
        }

        Write(copy.Handle, 0, bytes);
        file.Fragments.ForEach(fragment => model.Written(copy, fragment));
    }

    /// <summary>Starts to compress a file: half of the result is there.</summary>
    /// <param name="unfinished">What the name ends in until the result is whole; null if it has its own name at once.</param>
    /// <returns>What does the rest, with what was written meanwhile.</returns>
    public Action Compress(string name, string? unfinished = null)
    {
        var plain = _byName[name];
        var compressed = Make(name + (unfinished ?? ".gz"), isCompressed: true);
        var half = Compressed(plain);
        Write(compressed.Handle, 0, half.AsSpan(0, half.Length / 2));
        return () =>
        {
            RandomAccess.SetLength(compressed.Handle, 0);
            Write(compressed.Handle, 0, Compressed(plain));

            // As gzip does.
            File.SetLastWriteTimeUtc(compressed.Handle, File.GetLastWriteTimeUtc(plain.Handle));
            plain.Fragments.ForEach(fragment => model.Written(compressed, fragment));
            if (unfinished is not null)
            {
                Rename(name + unfinished, name + ".gz");
            }

            LogModel.Compressed(plain);
            Delete(name);
        };
    }

    public void Dispose()
    {
        foreach (var file in model.Files)
        {
            file.Handle.Dispose();
        }
    }

    private static byte[] Compressed(LogFile plain)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(BytesOf(plain));
        }

        return memory.ToArray();
    }

    private static byte[] BytesOf(LogFile file)
    {
        var bytes = new byte[RandomAccess.GetLength(file.Handle)];
        RandomAccess.Read(file.Handle, bytes, 0);
        return bytes;
    }

    private long Write(SafeFileHandle handle, long offset, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(handle, bytes, offset);
        Touch(handle);
        return offset + bytes.Length;
    }

    // Files are as old as the agent's clock says; no two writes happen at the same time.
    private void Touch(SafeFileHandle handle)
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        File.SetLastWriteTimeUtc(handle, time.GetUtcNow().UtcDateTime);
    }

    private string PathOf(string name) => scratch.PathOf(Folder + name);
}
