using LogPilot.Linux;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>The text of an open file from any offset on, however it stands on the disk. Owns the descriptor.</summary>
internal class FileContent(SafeFileHandle handle) : IDisposable
{
    public SafeFileHandle Handle => handle;

    /// <summary>Whether the text ends where it ends now, because nobody writes to such a file.</summary>
    public virtual bool IsFinal => false;

    /// <summary>Why the text ends earlier than it should; null while nothing is wrong with it.</summary>
    public virtual string? Damage => null;

    /// <summary>How long the text is now. Throws <see cref="LinuxException"/>.</summary>
    public virtual long Measure() => LinuxFile.Stat(handle).Size;

    /// <summary>Reads from an offset of the text. Throws <see cref="IOException"/>.</summary>
    /// <returns>How many bytes; fewer than there is room for only at the end.</returns>
    public virtual int Read(Span<byte> target, long offset) => RandomAccess.Read(handle, target, offset);

    /// <summary>Where the text may begin: before it is nothing but NULs.</summary>
    public virtual long DataStart => LinuxFile.DataStartOf(handle);

    /// <summary>Says which bytes of the last read will be asked for again. Copies them if it needs them.</summary>
    public virtual void Keep(ReadOnlySpan<byte> unread)
    {
    }

    /// <summary>It is not read for a while: lets go of memory.</summary>
    public virtual void Rest()
    {
    }

    public virtual void Dispose() => handle.Dispose();
}
