using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Rotations;

/// <summary>A kind of rotation with the words for it.</summary>
/// <param name="Name">What it does.</param>
/// <param name="For">The rotation of a path.</param>
internal sealed record RotationKind(string Name, Func<string, IRotation> For)
{
    public static IReadOnlyList<RotationKind> All { get; } =
    [
        new("rename, numbers", path => new NumberRotation(path)),
        new("rename, dates", path => new DateRotation(path)),
        new("copy, truncate", path => new CopyRotation(path)),
        new("delete, create", path => new DeleteRotation(path)),
        new("rename, gzip", path => new GzipRotation(path)),
        new("symlink switch", path => new LinkRotation(path)),
    ];

    /// <summary>A new file to append to, which others may rename, cut and delete.</summary>
    public static SafeFileHandle CreateFile(string path) =>
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
}
