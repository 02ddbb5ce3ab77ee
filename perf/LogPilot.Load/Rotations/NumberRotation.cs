using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Rotations;

/// <summary>NAME becomes NAME.1, as logrotate and the Docker Engine do it by default.</summary>
internal sealed class NumberRotation(string path) : IRotation
{
    private readonly NumberedFiles _files = new(path);

    public SafeFileHandle Create() => RotationKind.CreateFile(path);

    public SafeFileHandle Rotate(SafeFileHandle full)
    {
        full.Dispose();
        _files.Shift();
        File.Move(path, path + ".1");
        return Create();
    }

    public void DeleteOldest() => _files.DeleteOldest();
}
