using LogPilot.Linux;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Shipping;

/// <summary>A file of whole lines that only grows: what could not be written whole is taken back. One owner.</summary>
internal sealed class AppendedFile : IDisposable
{
    private const int TailBytes = 4096;

    private readonly SafeFileHandle _handle;

    private AppendedFile(SafeFileHandle handle, long length)
    {
        _handle = handle;
        Length = length;
    }

    // Set while bytes behind Length may be in the file.
    private bool _torn;

    public long Length { get; private set; }

    /// <summary>
    /// Opens or creates the file with these permissions. A piece of a line at its end, left by a crash, is cut off: its range
    /// was not confirmed, so the line is coming again. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public static AppendedFile Open(string path, UnixFileMode permissions)
    {
        var isNew = !File.Exists(path);
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            // A FIFO or a device would take lines and keep none.
            if (LinuxFile.Stat(handle).Kind != FileKind.Regular)
            {
                throw new IOException($"{path} is not a file.");
            }

            // Set rather than asked for at creation, where the umask would have its say.
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(handle, permissions);
            }

            var length = RandomAccess.GetLength(handle);
            var whole = WholeLines(handle, length);
            if (whole < length)
            {
                RandomAccess.SetLength(handle, whole);
            }

            if (isNew)
            {
                // What is confirmed must have a name after a loss of power, too.
                SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            }

            return new AppendedFile(handle, whole);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Writes the lines and has the disk confirm them. Throws <see cref="IOException"/>, and then nothing of them stays.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        TakeBack();
        try
        {
            _torn = true;
            RandomAccess.Write(_handle, lines, Length);
            RandomAccess.FlushToDisk(_handle);
        }
        catch (IOException)
        {
            TakeBack();
            throw;
        }

        _torn = false;
        Length += lines.Length;
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Has the disk confirm which names are in a directory. Throws <see cref="IOException"/>.</summary>
    public static void SyncDirectory(string path)
    {
        using var root = LinuxFile.OpenRoot(path);
        using var directory = LinuxFile.TryOpenInRoot(root, ".", OpenKind.Directory, out var errno)
            ?? throw LinuxException.From(errno, "open", path);
        RandomAccess.FlushToDisk(directory);
    }

    private void TakeBack()
    {
        if (_torn)
        {
            // Shrinking needs no room, so it works on a full disk.
            RandomAccess.SetLength(_handle, Length);
            _torn = false;
        }
    }

    private static long WholeLines(SafeFileHandle handle, long length)
    {
        Span<byte> tail = stackalloc byte[TailBytes];
        while (length > 0)
        {
            var start = Math.Max(0, length - TailBytes);
            var piece = tail[..RandomAccess.Read(handle, tail[..(int)(length - start)], start)];
            var end = piece.LastIndexOf((byte)'\n');
            if (end >= 0)
            {
                return start + end + 1;
            }

            length = start;
        }

        return 0;
    }
}
