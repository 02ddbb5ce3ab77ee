using LogPilot.Agent.Files;

namespace LogPilot.Agent.Lines;

/// <summary>Reads files as programs write them: lines that end in LF or CR LF, in any encoding whose LF <paramref name="ending"/> knows.</summary>
internal sealed class RawReader(LineOptions options, LineEnding ending = default) : ILineReader
{
    // A writer without O_APPEND leaves a hole before its next line when the file is cut to nothing under it. A program that
    // means to log NULs does not log this many.
    private const int HoleBytesMin = 512;

    private long _found;
    private long _foundCutBytes;
    private bool _foundSkips;

    // The start of a line whose rest is being skipped.
    private long _skippedLineStart = -1;

    // A line without its end: at the end of this file, or from the end of the file before.
    private byte[] _half = [];
    private long _halfStart;

    public long Position { get; private set; }

    public long ResumeFrom => _skippedLineStart >= 0 ? _skippedLineStart
        : _half.Length == 0 ? Position
        : IsContinued ? 0
        : _halfStart;

    public bool HasOpenLine => _half.Length > 0 || _skippedLineStart >= 0;

    public bool IsContinued { get; private set; }

    public long CutBytes { get; private set; }

    public bool TryFind(ReadOnlySpan<byte> chunk, ChunkEnd end, out Line line)
    {
        line = default;
        while (true)
        {
            chunk = PassOver(chunk, end);
            var newline = ending.IndexIn(chunk);
            var length = newline >= 0 ? newline : chunk.Length;
            if (chunk.IsEmpty && end == ChunkEnd.Final)
            {
                // The rest of an over-long line ends with the file.
                _skippedLineStart = -1;
            }

            if ((chunk.IsEmpty && (_half.Length == 0 || end != ChunkEnd.Final))
                || (newline < 0 && end == ChunkEnd.Open && _half.Length + length <= options.LineBytesMax))
            {
                return false;
            }

            if (_skippedLineStart >= 0)
            {
                var skipped = newline >= 0 ? newline + ending.Bytes : end == ChunkEnd.Final ? length : ending.Whole(length);
                if (skipped == 0)
                {
                    return false;
                }

                CutBytes += Math.Min(skipped, length);
                Position += skipped;
                _skippedLineStart = newline >= 0 ? -1 : _skippedLineStart;
                chunk = chunk[skipped..];
                continue;
            }

            if (newline < 0 && end == ChunkEnd.Continued)
            {
                KeepHalf(chunk);
                return false;
            }

            var text = _half.Length > 0 ? Joined(chunk[..length]) : chunk[..length];
            if (newline >= 0)
            {
                text = ending.TrimCarriageReturn(text);
            }

            if (text.IsEmpty)
            {
                Position += newline + ending.Bytes;
                chunk = chunk[(newline + ending.Bytes)..];
                continue;
            }

            Found(text, newline, length, end, out line);
            return true;
        }
    }

    public void Take()
    {
        _skippedLineStart = _foundSkips ? Position : -1;
        CutBytes += _foundCutBytes;
        Position = _found;
        _half = [];
        IsContinued = false;
    }

    public void Seek(long position)
    {
        Position = position;
        _skippedLineStart = -1;
        _half = [];
        IsContinued = false;
    }

    public void Continue(ILineReader older)
    {
        Seek(0);
        var before = (RawReader)older;
        _half = before._half;
        _halfStart = before._halfStart;
        IsContinued = _half.Length > 0;
    }

    private ReadOnlySpan<byte> Joined(ReadOnlySpan<byte> rest)
    {
        byte[] joined = [.. _half, .. rest];
        return joined;
    }

    private void KeepHalf(ReadOnlySpan<byte> chunk)
    {
        if (!chunk.IsEmpty)
        {
            _halfStart = _half.Length > 0 ? _halfStart : Position;
            _half = [.. _half, .. chunk];
            Position += chunk.Length;
        }
    }

    private void Found(ReadOnlySpan<byte> text, int newline, int length, ChunkEnd end, out Line line)
    {
        var kept = LineLimit.Cut(text, isEscaped: false, options.LineBytesMax, out var cutBytes);
        if (cutBytes > 0)
        {
            kept = kept[..ending.Whole(kept.Length)];
            cutBytes = text.Length - kept.Length;
        }

        // Without a newline the rest of the line is still to come, and is skipped when it does.
        _foundSkips = newline < 0 && end != ChunkEnd.Final;
        _found = newline >= 0 ? Position + newline + ending.Bytes : Position + (_foundSkips ? Math.Max(0, kept.Length - _half.Length) : length);
        _foundCutBytes = _foundSkips ? 0 : cutBytes;
        line = new Line
        {
            Text = kept,
            Start = _half.Length > 0 ? _halfStart : Position,
            End = _found,
            IsContinued = IsContinued,
            IsTruncated = _foundSkips || cutBytes > 0,
            IsUnfinished = newline < 0 && !_foundSkips,
        };
    }

    // A byte order mark at the start of the file, and holes.
    private ReadOnlySpan<byte> PassOver(ReadOnlySpan<byte> chunk, ChunkEnd end)
    {
        if (Position == 0 && !IsContinued && ending.StartsWithMark(chunk, out var markBytes))
        {
            Position += markBytes;
            chunk = chunk[markBytes..];
        }

        if (!chunk.IsEmpty && chunk[0] == 0 && _skippedLineStart < 0)
        {
            var hole = chunk.IndexOfAnyExcept((byte)0);
            if (hole < 0 && end != ChunkEnd.Final && chunk.Length >= HoleBytesMin)
            {
                // It may go on behind the chunk, and has to be known as a hole there, wherever reading starts again.
                Position += chunk.Length - HoleBytesMin;
                return [];
            }

            // Where a line goes on behind a cut, even a short hole is one.
            var isShortHole = IsContinued && Position == 0 && hole >= 0;
            hole = hole < 0 ? chunk.Length : hole;
            if (hole >= HoleBytesMin || isShortHole)
            {
                Position += hole;
                chunk = chunk[hole..];
            }
        }

        return chunk;
    }
}
