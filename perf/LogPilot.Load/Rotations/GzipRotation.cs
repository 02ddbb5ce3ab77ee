using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Rotations;

/// <summary>
/// NAME becomes NAME.1 and, when the next file is there, NAME.1.gz, as with logrotate's <c>compress</c>: written under
/// its own name, and then NAME.1 is deleted.
/// </summary>
internal sealed class GzipRotation(string path) : IRotation
{
    private readonly NumberedFiles _files = new(path, ".gz");

    public SafeFileHandle Create() => RotationKind.CreateFile(path);

    public SafeFileHandle Rotate(SafeFileHandle full)
    {
        full.Dispose();
        _files.Shift();
        File.Move(path, path + ".1");
        var next = Create();
        Compress(path + ".1");
        return next;
    }

    public void DeleteOldest() => _files.DeleteOldest();

    private static void Compress(string plain)
    {
        using (var input = File.OpenRead(plain))
        using (var output = new GZipStream(File.Create(plain + ".gz"), CompressionLevel.Optimal))
        {
            input.CopyTo(output);
        }

        File.Delete(plain);
    }
}
