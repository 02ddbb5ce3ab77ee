using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Rotations;

/// <summary>NAME is deleted and created anew, often with the same inode.</summary>
internal sealed class DeleteRotation(string path) : IRotation
{
    public bool Deletes => true;

    public SafeFileHandle Create() => RotationKind.CreateFile(path);

    public SafeFileHandle Rotate(SafeFileHandle full)
    {
        full.Dispose();
        File.Delete(path);
        return Create();
    }

    public void DeleteOldest() => throw new InvalidOperationException("There are no old files.");
}
