using Microsoft.Win32.SafeHandles;

namespace LogPilot.Load.Rotations;

/// <summary>A way in which programs and logrotate put a full log file away. For one file and one thread.</summary>
internal interface IRotation
{
    /// <summary>Whether a full file is gone afterwards, with all that nobody has read.</summary>
    bool Deletes => false;

    /// <summary>Creates the first file to write to.</summary>
    SafeFileHandle Create();

    /// <summary>Puts the full file away, whose handle it takes; the file to go on with, which is empty.</summary>
    SafeFileHandle Rotate(SafeFileHandle full);

    /// <summary>Deletes the oldest of the files that were put away.</summary>
    void DeleteOldest();
}
