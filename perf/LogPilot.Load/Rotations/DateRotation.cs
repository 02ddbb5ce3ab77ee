using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Rotations;

/// <summary>
/// NAME becomes NAME-yyyyMMddHH and keeps that name, as with logrotate's <c>dateext</c>. Here each is an hour.
/// </summary>
internal sealed class DateRotation(string path) : IRotation
{
    private readonly Queue<string> _files = [];
    private DateTime _hour = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public SafeFileHandle Create() => RotationKind.CreateFile(path);

    public SafeFileHandle Rotate(SafeFileHandle full)
    {
        full.Dispose();
        _hour = _hour.AddHours(1);
        var dated = string.Create(CultureInfo.InvariantCulture, $"{path}-{_hour:yyyyMMddHH}");
        File.Move(path, dated);
        _files.Enqueue(dated);
        return Create();
    }

    public void DeleteOldest() => File.Delete(_files.Dequeue());
}
