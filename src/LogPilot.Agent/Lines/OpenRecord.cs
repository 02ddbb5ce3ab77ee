using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Lines;

/// <summary>The lines of one stream that are one record so far.</summary>
internal sealed class OpenRecord
{
    // A buffer that one long record has made larger than this is let go with it.
    private const int KeptBytesMax = 16 * 1024;
    private const int TimeBytesMax = 32;

    private byte[] _text = [];
    private int _length;
    private int _lines;
    private byte[] _time = [];
    private int _timeLength;
    private long _firstEnd;
    private StandardStreams _stream;
    private bool _isEscaped;
    private bool _isTruncated;
    private long _grownAt;

    public bool IsOpen => _lines > 0;

    /// <summary>The offset of its first line; the largest value while none is open.</summary>
    public long Start { get; private set; } = long.MaxValue;

    /// <summary>It began in the file before.</summary>
    public bool IsContinued { get; private set; }

    /// <summary>Where reading has to start to find it whole: this file's start if it began in the file before.</summary>
    public long ResumeFrom => IsContinued ? 0 : Start;

    /// <summary>Its last line says that the next one belongs to it.</summary>
    public bool AwaitsMore { get; private set; }

    /// <summary>When so much time has passed since its last line, by <see cref="TimeProvider.GetTimestamp"/>; the largest value while none is open.</summary>
    public long DueAfter(long ticks) => IsOpen ? _grownAt + ticks : long.MaxValue;

    /// <summary>Whether a further line keeps it within its limits.</summary>
    public bool HasRoomFor(scoped in Line line, int bytesMax, int linesMax) =>
        _lines < linesMax && _length + Newline.Length + line.Text.Length <= bytesMax;

    public void Append(scoped in Line line, bool awaitsMore, long now)
    {
        if (!IsOpen)
        {
            Start = line.Start;
            IsContinued = line.IsContinued;
            _firstEnd = line.End;
            _stream = line.Stream;
            _isEscaped = line.IsEscaped;
            KeepTime(line.Time);
        }

        _length += Write(line);
        _lines++;
        _isTruncated |= line.IsTruncated;
        AwaitsMore = awaitsMore;
        _grownAt = now;
    }

    /// <summary>The record as it is. Nothing changes until <see cref="Clear"/>, so that it can be asked again.</summary>
    /// <param name="end">What has been read when the record has been taken.</param>
    public Line Close(long end) => Create(_length, _isTruncated, end);

    /// <summary>The record with its last line.</summary>
    public Line CloseWith(scoped in Line last) => Create(_length + Write(last), _isTruncated || last.IsTruncated, last.End);

    /// <summary>Takes a copy of the record that is open at the end of the file before, if one is.</summary>
    public void Continue(OpenRecord older)
    {
        Clear();
        if (older.IsOpen)
        {
            Start = older.Start;
            IsContinued = true;
            AwaitsMore = older.AwaitsMore;
            _text = older._text.AsSpan(0, older._length).ToArray();
            _length = older._length;
            _lines = older._lines;
            KeepTime(older._time.AsSpan(0, older._timeLength));
            _firstEnd = older._firstEnd;
            _stream = older._stream;
            _isEscaped = older._isEscaped;
            _isTruncated = older._isTruncated;
            _grownAt = older._grownAt;
        }
    }

    public void Clear()
    {
        Start = long.MaxValue;
        IsContinued = false;
        AwaitsMore = false;
        _length = 0;
        _lines = 0;
        _isTruncated = false;
        _text = _text.Length > KeptBytesMax ? [] : _text;
    }

    /// <summary>Lets go of its buffers, since no line has come for a while.</summary>
    public void Release()
    {
        Clear();
        _text = [];
        _time = [];
    }

    private ReadOnlySpan<byte> Newline => _isEscaped ? "\\n"u8 : "\n"u8;

    private int Write(scoped in Line line)
    {
        var newline = IsOpen ? Newline : [];
        var bytes = newline.Length + line.Text.Length;
        if (_text.Length - _length < bytes)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + bytes));
        }

        newline.CopyTo(_text.AsSpan(_length));
        line.Text.CopyTo(_text.AsSpan(_length + newline.Length));
        return bytes;
    }

    private void KeepTime(scoped ReadOnlySpan<byte> time)
    {
        if (_time.Length < time.Length)
        {
            _time = new byte[Math.Max(TimeBytesMax, time.Length)];
        }

        time.CopyTo(_time);
        _timeLength = time.Length;
    }

    private Line Create(int length, bool isTruncated, long end) => new()
    {
        Text = _text.AsSpan(0, length),
        IsEscaped = _isEscaped,
        Stream = _stream,
        Time = _time.AsSpan(0, _timeLength),
        Start = Start,
        FirstLineEnd = _firstEnd,
        End = end,
        IsContinued = IsContinued,
        IsTruncated = isTruncated,
    };
}
