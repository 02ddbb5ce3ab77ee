using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Lines;

/// <summary>Joins the parts into which the runtime splits one long line of one stream.</summary>
internal sealed class PartJoiner(int lineBytesMax)
{
    private byte[] _buffer = [];
    private int _length;
    private int _decodedBytes;
    private bool _isCut;
    private byte[] _time = [];
    private StandardStreams _stream;
    private bool _isEscaped;

    /// <summary>The open line has begun in the file before.</summary>
    public bool IsContinued { get; private set; }

    public bool IsOpen => Start != long.MaxValue;

    /// <summary>The offset of the first part; the largest value while none is open.</summary>
    public long Start { get; private set; } = long.MaxValue;

    /// <summary>Where reading has to start to find the open line whole: this file's start if it began in the file before.</summary>
    public long ResumeFrom => IsContinued ? 0 : Start;

    /// <summary>Bytes of the parts kept so far that are beyond the limit.</summary>
    public long CutBytes { get; private set; }

    /// <summary>Keeps a part that another one follows.</summary>
    public void Append(scoped in RuntimeLine part, long start)
    {
        if (!IsOpen)
        {
            Start = start;
            _time = part.Time.ToArray();
            _stream = part.Stream;
            _isEscaped = part.IsEscaped;
        }

        var text = Fit(part, out var decodedBytes, out var cutBytes);
        EnsureRoom(text.Length);
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
        _decodedBytes += decodedBytes;
        CutBytes += cutBytes;
        _isCut |= cutBytes > 0;
    }

    /// <summary>The whole line with its last part. Nothing changes until <see cref="Clear"/>, so that it can be asked again.</summary>
    /// <param name="cutBytes">Bytes of the last part that are beyond the limit.</param>
    public Line Close(scoped in RuntimeLine last, long end, out long cutBytes)
    {
        var text = Fit(last, out _, out cutBytes);
        EnsureRoom(text.Length);
        text.CopyTo(_buffer.AsSpan(_length));
        return Create(_length + text.Length, end, _isCut || cutBytes > 0);
    }

    /// <summary>The line as far as it came: its last part was never written.</summary>
    public Line CloseUnfinished(long end) => Create(_length, end, _isCut, isUnfinished: true);

    /// <summary>Takes a copy of the line that is open at the end of the file before, if one is.</summary>
    public void Continue(PartJoiner older)
    {
        Clear();
        if (older.IsOpen)
        {
            Start = older.Start;
            CutBytes = older.CutBytes;
            _buffer = older._buffer.AsSpan(0, older._length).ToArray();
            _length = older._length;
            _decodedBytes = older._decodedBytes;
            _isCut = older._isCut;
            _time = older._time;
            _stream = older._stream;
            _isEscaped = older._isEscaped;
            IsContinued = true;
        }
    }

    public void Clear()
    {
        Start = long.MaxValue;
        CutBytes = 0;
        _length = 0;
        _decodedBytes = 0;
        _isCut = false;
        IsContinued = false;

        // Long lines are rare, so their memory is not kept.
        _buffer = [];
    }

    private Line Create(int length, long end, bool isTruncated, bool isUnfinished = false) => new()
    {
        Text = _buffer.AsSpan(0, length),
        IsEscaped = _isEscaped,
        Stream = _stream,
        Time = _time,
        Start = Start,
        End = end,
        IsContinued = IsContinued,
        IsTruncated = isTruncated,
        IsUnfinished = isUnfinished,
    };

    private ReadOnlySpan<byte> Fit(scoped in RuntimeLine part, out int decodedBytes, out long cutBytes)
    {
        var kept = LineLimit.Cut(part.Text, part.IsEscaped, lineBytesMax - _decodedBytes, out cutBytes);
        decodedBytes = part.IsEscaped ? LineLimit.DecodedBytes(kept) : kept.Length;
        return kept;
    }

    private void EnsureRoom(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }
    }
}
