using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Rotations;

/// <summary>NAME is a symbolic link to the newest of NAME-00001, NAME-00002 and so on, replaced by a rename.</summary>
internal sealed class LinkRotation(string path) : IRotation
{
    private readonly Queue<string> _files = [];
    private int _number;

    public SafeFileHandle Create()
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"{path}-{++_number:D5}");
        var file = RotationKind.CreateFile(target);
        _files.Enqueue(target);

        // Under a name that no pattern of the declaration takes for a log.
        var link = Path.Combine(Path.GetDirectoryName(path)!, ".next");
        File.CreateSymbolicLink(link, Path.GetFileName(target));
        File.Move(link, path, overwrite: true);
        return file;
    }

    public SafeFileHandle Rotate(SafeFileHandle full)
    {
        full.Dispose();
        return Create();
    }

    public void DeleteOldest() => File.Delete(_files.Dequeue());
}
