using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Lines;

/// <summary>Joins the lines of a file that are one record, such as a stack trace, each stream for itself.</summary>
/// <remarks>
/// The options have Filebeat's meaning. Lines that match the pattern (with <c>negate</c>, those that do not) belong to the line before
/// them (<c>match: after</c>) or to the line behind them (<c>match: before</c>).
/// https://www.elastic.co/guide/en/beats/filebeat/current/multiline-examples.html
/// Other than in Filebeat, which drops what is beyond its limits, a record that is full ends, and the next line begins another one.
/// A record is closed by the line that does not belong to it, and that line is read when the record is taken: so the position tells,
/// after a restart, whether a record was delivered. One that is closed because no line came for a while is closed at a position that
/// the caller keeps, and is closed there again when it is read again.
/// </remarks>
internal sealed class RecordJoiner(ILineReader lines, MultilineRule rule, LinePattern pattern, LineOptions options, TimeProvider time)
    : ILineReader
{
    private readonly ILineReader _lines = lines;
    private readonly long _timeout = (long)(rule.Timeout.TotalSeconds * time.TimestampFrequency);
    private OpenRecord _stdout = new();
    private OpenRecord _stderr = new();

    // Where records are closed without a line behind them, and of which streams.
    private long _closeAt;
    private StandardStreams _closing;

    // The record that was found, and whether the line that was read to find it goes with it.
    private OpenRecord? _found;
    private bool _foundHasLine;

    // Takes the place of the record that was found, if the line begins the next one.
    private OpenRecord _next = new();

    public long Position => _lines.Position;

    public long ResumeFrom => Math.Min(_lines.ResumeFrom, Math.Min(_stdout.ResumeFrom, _stderr.ResumeFrom));

    public bool HasOpenLine => _lines.HasOpenLine || _stdout.IsOpen || _stderr.IsOpen;

    public bool IsContinued => _lines.IsContinued || _stdout.IsContinued || _stderr.IsContinued;

    public long CutBytes => _lines.CutBytes;

    public long RecordDue => Math.Min(_stdout.DueAfter(_timeout), _stderr.DueAfter(_timeout));

    public StandardStreams DueRecords(long now) =>
        (_stdout.DueAfter(_timeout) <= now ? StandardStreams.Stdout : StandardStreams.None)
        | (_stderr.DueAfter(_timeout) <= now ? StandardStreams.Stderr : StandardStreams.None);

    public void CloseRecords(long position, StandardStreams streams)
    {
        _closeAt = position;
        _closing = streams;
    }

    public bool TryFind(ReadOnlySpan<byte> chunk, ChunkEnd end, out Line line)
    {
        var start = _lines.Position;
        while (true)
        {
            _found = null;
            _next.Clear();
            var hasLine = _lines.TryFind(chunk[(int)(_lines.Position - start)..], end, out line);
            var record = ToClose(hasLine ? line.End : _lines.Position + 1) ?? (!hasLine && end == ChunkEnd.Final ? Oldest : null);
            if (record is not null)
            {
                (_found, _foundHasLine) = (record, false);
                line = record.Close(_lines.Position) with { IsUnfinished = true };
                return true;
            }

            if (!hasLine || line.IsUndecodable || IsWhole(ref line))
            {
                return hasLine;
            }

            _lines.Take();
        }
    }

    public void Take()
    {
        if (_found is null || _foundHasLine)
        {
            _lines.Take();
        }

        if (_found is null)
        {
            return;
        }

        if (!_foundHasLine)
        {
            _closing &= ~(_found == _stderr ? StandardStreams.Stderr : StandardStreams.Stdout);
            _found.Release();
        }
        else if (_next.IsOpen)
        {
            ref var place = ref _found == _stderr ? ref _stderr : ref _stdout;
            (place, _next) = (_next, place);
        }
        else
        {
            _found.Clear();
        }

        _found = null;
    }

    public void Seek(long position)
    {
        _lines.Seek(position);
        _stdout.Clear();
        _stderr.Clear();
        _closing = StandardStreams.None;
    }

    public void Continue(ILineReader older)
    {
        var before = (RecordJoiner)older;
        _lines.Continue(before._lines);
        _stdout.Continue(before._stdout);
        _stderr.Continue(before._stderr);
        _closing = StandardStreams.None;
    }

    private OpenRecord? Oldest => (_stdout.Start < _stderr.Start ? _stdout : _stderr) is { IsOpen: true } oldest ? oldest : null;

    // The record to be closed before what ends at this offset is looked at.
    private OpenRecord? ToClose(long end) =>
        _closeAt >= end ? null
        : (_closing & StandardStreams.Stdout) != 0 && _stdout.IsOpen ? _stdout
        : (_closing & StandardStreams.Stderr) != 0 && _stderr.IsOpen ? _stderr
        : null;

    // Makes the line a record, if there is a whole one now; otherwise the line is a part of an open one.
    private bool IsWhole(ref Line line)
    {
        var record = line.Stream == StandardStreams.Stderr ? _stderr : _stdout;
        var matches = pattern.IsMatch(line) != rule.Negate;
        var belongs = (rule.MatchBefore ? record.AwaitsMore : matches) && record.HasRoomFor(line, options.LineBytesMax, rule.LinesMax);
        (_found, _foundHasLine) = (record, true);
        if (record.IsOpen && !belongs)
        {
            _next.Append(line, matches, time.GetTimestamp());
            line = record.Close(line.End);
            return true;
        }

        if (rule.MatchBefore && !matches)
        {
            line = record.IsOpen ? record.CloseWith(line) : line;
            return true;
        }

        record.Append(line, matches, time.GetTimestamp());
        _found = null;
        return false;
    }
}
