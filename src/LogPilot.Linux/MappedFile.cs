using Microsoft.Win32.SafeHandles;

namespace LogPilot.Linux;

/// <summary>
/// A file mapped into memory and shared with every process that maps it. What is written survives the death of the process at
/// once, and the death of the machine after <see cref="Sync"/>.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly bool _writable;
    private byte* _memory;

    private MappedFile(SafeFileHandle file, string path, bool writable)
    {
        _file = file;
        _path = path;
        _writable = writable;
    }

    public int Length { get; private set; }

    /// <summary>Another open of the file has it locked: its writer lives.</summary>
    public bool IsLocked
    {
        get
        {
            var fileLock = new Native.FileLock { Type = Native.F_WRLCK };
            return Native.fcntl(_file, Native.F_OFD_GETLK, ref fileLock) == 0 && fileLock.Type != Native.F_UNLCK;
        }
    }

    /// <summary>The mapping. Do not keep it over <see cref="Grow"/>, which moves it.</summary>
    public Span<byte> Bytes => new(_memory, Length);

    /// <summary>
    /// Opens or makes a file, locks it against a second writer, and gives it at least <paramref name="lengthMin"/> bytes of
    /// real disk space: writing to a mapping cannot report a full disk, it kills the process.
    /// </summary>
    /// <returns>Null if another process has it locked.</returns>
    /// <exception cref="LinuxException">It cannot be opened, the disk is full, or it cannot be mapped.</exception>
    public static MappedFile? TryOpenExclusive(string path, int lengthMin)
    {
        var file = Open(path, Native.O_RDWR | Native.O_CREAT);

        // A lock of the open file description: it ends with the process however that ends, and unlike one of flock it can be
        // asked for by others without taking it.
        var fileLock = new Native.FileLock { Type = Native.F_WRLCK };
        if (Native.fcntl(file, Native.F_OFD_SETLK, ref fileLock) < 0)
        {
            file.Dispose();
            return null;
        }

        var mapped = new MappedFile(file, path, writable: true);
        try
        {
            mapped.Grow((int)Math.Max(lengthMin, LinuxFile.Stat(file).Size));
            return mapped;
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    /// <summary>Maps a file for reading, whoever writes it.</summary>
    /// <exception cref="LinuxException">It does not exist, may not be read, or cannot be mapped.</exception>
    public static MappedFile OpenShared(string path)
    {
        var mapped = new MappedFile(Open(path, Native.O_RDONLY), path, writable: false);
        mapped.Map((int)LinuxFile.Stat(mapped._file).Size);
        return mapped;
    }

    /// <summary>Makes the file and its mapping longer. A length it has already changes nothing.</summary>
    /// <exception cref="LinuxException">The disk is full. The mapping is still there as it was.</exception>
    public void Grow(int length)
    {
        if (length <= Length)
        {
            return;
        }

        // posix_fallocate gives the error as its result.
        var errno = (Errno)Native.posix_fallocate(_file, 0, length);
        if (errno != Errno.None)
        {
            throw LinuxException.From(errno, "posix_fallocate", _path);
        }

        Map(length);
    }

    /// <summary>
    /// Returns when everything written before is on the disk; blocks for as long as the disk takes. May run beside writers and
    /// <see cref="Grow"/>: it goes through the descriptor, since fsync covers the pages of every mapping of the file as well.
    /// </summary>
    /// <exception cref="IOException">The disk has failed.</exception>
    public void Sync() => RandomAccess.FlushToDisk(_file);

    public void Dispose()
    {
        Unmap();
        _file.Dispose();
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        const uint OwnerOnly = 0x180;
        var fd = Native.open(path, flags | Native.O_CLOEXEC, OwnerOnly);
        return fd < 0 ? throw LinuxException.FromLastError("open", path) : new SafeFileHandle(fd, ownsHandle: true);
    }

    private void Map(int length)
    {
        if (length == 0)
        {
            return;
        }

        var protection = _writable ? Native.PROT_READ | Native.PROT_WRITE : Native.PROT_READ;
        var memory = Native.mmap(0, length, protection, Native.MAP_SHARED, _file, 0);
        if (memory == -1)
        {
            throw LinuxException.FromLastError("mmap", _path);
        }

        Unmap();
        _memory = (byte*)memory;
        Length = length;
    }

    private void Unmap()
    {
        if (_memory != null)
        {
            _ = Native.munmap((nint)_memory, Length);
            _memory = null;
            Length = 0;
        }
    }
}
