using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Rotations;

/// <summary>
/// NAME is copied to NAME.1 and cut to nothing, as with logrotate's <c>copytruncate</c>. Nobody writes between the
/// two here: such lines are in neither file.
/// </summary>
internal sealed class CopyRotation(string path) : IRotation
{
    private readonly NumberedFiles _files = new(path);

    public SafeFileHandle Create() => RotationKind.CreateFile(path);

    public SafeFileHandle Rotate(SafeFileHandle full)
    {
        _files.Shift();
        File.Copy(path, path + ".1");
        RandomAccess.SetLength(full, 0);
        return full;
    }

    public void DeleteOldest() => _files.DeleteOldest();
}
