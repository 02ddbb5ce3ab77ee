using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Lines;

/// <summary>Reads the files that a runtime writes for a container: parts are joined, each stream for itself.</summary>
internal sealed class RuntimeFileReader<TFormat>(LineOptions options) : ILineReader
    where TFormat : IRuntimeFormat
{
    private readonly PartJoiner _stdout = new(options.LineBytesMax);
    private readonly PartJoiner _stderr = new(options.LineBytesMax);
    private long _found;
    private long _foundCutBytes;
    private PartJoiner? _joined;

    public long Position { get; private set; }

    public long ResumeFrom => Math.Min(Position, Math.Min(_stdout.ResumeFrom, _stderr.ResumeFrom));

    public bool HasOpenLine => _stdout.IsOpen || _stderr.IsOpen;

    public bool IsContinued => _stdout.IsContinued || _stderr.IsContinued;

    public long CutBytes { get; private set; }

    public bool TryFind(ReadOnlySpan<byte> chunk, ChunkEnd end, out Line line)
    {
        while (true)
        {
            var length = chunk.IndexOf((byte)'\n');
            if (length < 0)
            {
                return TryFindRest(chunk, end, out line);
            }

            var raw = chunk[..length];
            _found = Position + length + 1;
            _foundCutBytes = 0;
            _joined = null;

            // A power cut leaves a hole of NULs where the last writes should be, and the next line begins behind it.
            if (!TFormat.TryParse(raw.TrimStart((byte)0), out var parsed))
            {
                // A torn write, for example; NULs alone are a hole that holds nothing.
                if (raw.ContainsAnyExcept((byte)0))
                {
                    line = Undecodable(raw);
                    return true;
                }

                chunk = chunk[(length + 1)..];
                Position = _found;
                continue;
            }

            var joiner = parsed.Stream == StandardStreams.Stderr ? _stderr : _stdout;
            if (parsed.IsComplete && !joiner.IsOpen)
            {
                line = Whole(parsed);
                return true;
            }

            if (parsed.IsComplete)
            {
                _joined = joiner;
                line = joiner.Close(parsed, _found, out _foundCutBytes);
                return true;
            }

            joiner.Append(parsed, Position);
            chunk = chunk[(length + 1)..];
            Position = _found;
        }
    }

    public void Take()
    {
        Position = _found;
        CutBytes += _foundCutBytes;
        if (_joined is { } joined)
        {
            CutBytes += joined.CutBytes;
            joined.Clear();
            _joined = null;
        }
    }

    public void Seek(long position)
    {
        Position = position;
        _joined = null;
        _stdout.Clear();
        _stderr.Clear();
    }

    public void Continue(ILineReader older)
    {
        Seek(0);
        _stdout.Continue(((RuntimeFileReader<TFormat>)older)._stdout);
        _stderr.Continue(((RuntimeFileReader<TFormat>)older)._stderr);
    }

    private Line Whole(scoped in RuntimeLine parsed)
    {
        var text = LineLimit.Cut(parsed.Text, parsed.IsEscaped, options.LineBytesMax, out _foundCutBytes);
        return new Line
        {
            Text = text,
            IsEscaped = parsed.IsEscaped,
            Stream = parsed.Stream,
            Time = parsed.Time,
            Start = Position,
            End = _found,
            IsTruncated = _foundCutBytes > 0,
        };
    }

    private Line Undecodable(ReadOnlySpan<byte> raw)
    {
        var text = LineLimit.Cut(raw, isEscaped: false, options.LineBytesMax, out _foundCutBytes);
        return new Line
        {
            Text = text,
            Start = Position,
            End = _found,
            IsTruncated = _foundCutBytes > 0,
            IsUndecodable = true,
        };
    }

    // What has no newline: waits, unless nothing can follow any more.
    private bool TryFindRest(ReadOnlySpan<byte> chunk, ChunkEnd end, out Line line)
    {
        line = default;
        _joined = null;
        _found = Position + chunk.Length;
        _foundCutBytes = 0;
        if (end == ChunkEnd.Open)
        {
            return false;
        }

        if (chunk.ContainsAnyExcept((byte)0))
        {
            line = Undecodable(chunk);
            return true;
        }

        Position = _found;
        if (end == ChunkEnd.Final && (_stdout.IsOpen || _stderr.IsOpen))
        {
            _joined = _stdout.Start < _stderr.Start ? _stdout : _stderr;
            line = _joined.CloseUnfinished(Position);
            return true;
        }

        return false;
    }
}
