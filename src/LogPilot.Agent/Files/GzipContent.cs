using System.Buffers.Binary;
using System.IO.Compression;
using LogPilot.Linux;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>
/// The text of a compressed file. It is read forwards; to go back means to start again, and whoever resumes in the middle pays
/// for what stands before.
/// </summary>
/// <remarks>
/// The last four bytes of a member are the length of its text modulo 2^32, https://www.rfc-editor.org/rfc/rfc1952. Rotated logs have one
/// member, so who has read as much as they say has read everything, without unpacking it all to see that nothing follows.
/// </remarks>
internal sealed class GzipContent : FileContent
{
    private const int LengthBytes = 4;

    private readonly FileStream _file;
    private readonly byte[] _head = new byte[Fingerprint.HeadBytesMax];
    private readonly uint _lengthInTrailer;
    private int _headLength = -1;
    private GZipStream? _text;
    private long _position;
    private byte[] _unread = [];
    private long? _end;
    private string? _damage;

    /// <summary>Throws <see cref="LinuxException"/> or <see cref="IOException"/>.</summary>
    public GzipContent(SafeFileHandle handle)
        : base(handle)
    {
        _file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        Span<byte> trailer = stackalloc byte[LengthBytes];
        var size = LinuxFile.Stat(handle).Size;
        if (RandomAccess.Read(handle, trailer, Math.Max(0, size - LengthBytes)) == LengthBytes)
        {
            _lengthInTrailer = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        }
    }

    public override bool IsFinal => true;

    public override long DataStart => 0;

    /// <summary>It holds the memory that unpacking takes.</summary>
    public bool IsUnpacking => _text is not null;

    public override string? Damage => _damage;

    /// <summary>Whether a reader who stands here has read everything, by what the file says of itself.</summary>
    public bool EndsAt(long position) => _end is { } end ? position >= end : (uint)position == _lengthInTrailer;

    // More than what was read, until the end was seen.
    public override long Measure() => _end ?? Math.Max(_lengthInTrailer, _position + 1);

    public override int Read(Span<byte> target, long offset)
    {
        if (offset + target.Length <= _headLength)
        {
            _head.AsSpan((int)offset, target.Length).CopyTo(target);
            return target.Length;
        }

        if (_end is { } end && offset >= end)
        {
            return 0;
        }

        var length = _text is null && _end is null ? 0 : TakeUnread(target, offset);
        if (length == 0 && (_text is null || offset < _position))
        {
            Rest();
            _file.Position = 0;
            _text = new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true);
            _position = 0;
        }

        Skip(offset + length - _position);
        length += Fill(target[length..]);
        if (offset == 0)
        {
            _headLength = Math.Min(length, Fingerprint.HeadBytesMax);
            target[.._headLength].CopyTo(_head);
        }

        if (length < target.Length)
        {
            _end = _position;
            EndUnpacking();
        }

        return length;
    }

    public override void Keep(ReadOnlySpan<byte> unread) => _unread = unread.ToArray();

    public override void Rest()
    {
        EndUnpacking();
        _unread = [];
    }

    public override void Dispose()
    {
        Rest();
        _file.Dispose();
        base.Dispose();
    }

    private void EndUnpacking()
    {
        _text?.Dispose();
        _text = null;
    }

    private int TakeUnread(Span<byte> target, long offset)
    {
        var start = offset - (_position - _unread.Length);
        if (start < 0 || start >= _unread.Length)
        {
            return 0;
        }

        var taken = Math.Min(target.Length, _unread.Length - (int)start);
        _unread.AsSpan((int)start, taken).CopyTo(target);
        return taken;
    }

    private void Skip(long bytes)
    {
        Span<byte> skipped = stackalloc byte[4096];
        while (bytes > 0)
        {
            var length = Fill(skipped[..(int)Math.Min(bytes, skipped.Length)]);
            if (length == 0)
            {
                return;
            }

            bytes -= length;
        }
    }

    // What can be unpacked before a damage is text; behind it is nothing.
    private int Fill(Span<byte> target)
    {
        var length = 0;
        try
        {
            while (length < target.Length && _text?.Read(target[length..]) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (InvalidDataException failure)
        {
            _damage = failure.Message;
        }

        _position += length;
        return length;
    }
}
