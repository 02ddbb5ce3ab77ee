using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent;

/// <summary>
/// The synchronous pass for one file: a chunk comes in, its lines go as documents into batches, and the ranges they came from
/// are remembered until they are delivered.
/// </summary>
internal sealed class FilePass : IFileReader
{
    private readonly TailedFile _file;
    private readonly FileProgress _progress;
    private readonly FilePasses _shared;
    private readonly ILineReader _lines;
    private RecordIds? _ids;
    private DocumentEncoder? _encoder;
    private DocumentTarget? _encodedTarget;

    // Lines that end at or before this offset are delivered already; they are read again only for what is open behind them.
    private long _writeAfter;
    private uint _anewEpoch;
    private long _rangeStart;
    private int _rangeItems;
    private long _lastDay;
    private byte[] _lastDayText = [];

    public FilePass(TailedFile file, FileProgress progress, ILineReader lines, FilePasses shared)
    {
        _file = file;
        _progress = progress;
        _lines = lines;
        _shared = shared;
        Seek();
    }

    public long Position => _lines.Position;

    public bool HasOpenLine => _lines.ResumeFrom < _lines.Position;

    public bool IsSettled => _progress.IsSettled;

    public ReadOutcome Read(ReadOnlySpan<byte> chunk, ChunkEnd end)
    {
        var start = _lines.Position;
        var cutBytes = _lines.CutBytes;
        _shared.Clock.Refresh();
        BeginRange();
        var outcome = ReadOutcome.Taken;
        while (_lines.TryFind(chunk[(int)(_lines.Position - start)..], end, out var line))
        {
            // A line that was never finished ends where its parts do, which may have been passed before a restart without it.
            var isDelivered = line.End <= _writeAfter && line.End > _lines.Position;
            if (!isDelivered && IsWanted(line) && !TryWrite(line))
            {
                outcome = ReadOutcome.Blocked;
                break;
            }

            _lines.Take();
        }

        EndRange();
        _progress.ShowSize(_file.Size);
        _shared.Totals.BytesRead += _lines.Position - start;
        _shared.Totals.CutBytes += _lines.CutBytes - cutBytes;
        return outcome;
    }

    public void StartAnew()
    {
        _file.Epoch++;
        _anewEpoch = _file.Epoch;
        _ids = null;
        _progress.StartAnew();
        Seek();
    }

    /// <summary>A range of this file comes back from the sink.</summary>
    /// <returns>Whether reading was taken back, so that the file has to rest.</returns>
    public bool Settle(in BatchRange range)
    {
        // A range of an older epoch was taken back meanwhile: its lines are sent again, and found to be duplicates. Unless the
        // file was cut to nothing: then what the cluster does not take now is nowhere any more.
        if (range.Range.Epoch != _file.Epoch)
        {
            if (range.Outcome == RangeOutcome.Held && range.Range.Epoch < _anewEpoch)
            {
                _shared.ReportLost(range.Range);
            }

            return false;
        }

        if (range.Outcome == RangeOutcome.Delivered)
        {
            _progress.Deliver(range.Range);
            return false;
        }

        if (range.Outcome == RangeOutcome.Pending)
        {
            return false;
        }

        _file.Epoch++;
        _progress.TakeBack();
        Seek();
        return true;
    }

    public void Relabel()
    {
        _encoder = null;
        _progress.Label(_file);
    }

    public void Close(bool gone)
    {
        _progress.Close(gone);
        _shared.Closed(this);
    }

    /// <summary>Keeps its checkpoint from being forgotten while the file is open.</summary>
    public void Touch() => _progress.Touch();

    private void Seek()
    {
        _lines.Seek(_progress.ResumeFrom);
        _writeAfter = _progress.Acked;
    }

    private bool IsWanted(in Line line) =>
        line.Stream == StandardStreams.None || (_file.Source.Declaration.Streams & line.Stream) != 0;

    private bool TryWrite(in Line line)
    {
        var assembler = _shared.Assembler;
        if (assembler.Current is not { } batch)
        {
            return false;
        }

        var time = line.Time.IsEmpty ? TimeOfReading(line.Start) : line.Time;
        var encoder = EncoderFor(batch.Target);
        var ids = _ids ??= FilePasses.IdsOf(_file, _progress);
        if (assembler.IsFull || !encoder.TryWrite(batch, line, time, ids, _shared.Now))
        {
            // The batch is full. Its range ends before this line.
            EndRange();
            assembler.Send();
            BeginRange();
            if (assembler.Current is not { } next)
            {
                return false;
            }

            // An empty batch makes room for any line.
            encoder.TryWrite(next, line, time, ids, _shared.Now);
        }

        _rangeItems++;
        _shared.Totals.LinesRead++;
        return true;
    }

    private void BeginRange()
    {
        _rangeStart = Math.Max(_lines.Position, _writeAfter);
        _rangeItems = 0;
    }

    private void EndRange()
    {
        var range = new FileRange(_file, _file.Epoch, _rangeStart, _lines.Position, _lines.ResumeFrom);
        if (range.End <= range.Start && _rangeItems == 0)
        {
            return;
        }

        if (_rangeItems == 0)
        {
            _progress.Skip(range);
            return;
        }

        _progress.DateTo(range.End);
        _progress.Add(range);
        _shared.Assembler.Current!.AddRange(range, _rangeItems);
        _rangeItems = 0;
    }

    private ReadOnlySpan<byte> TimeOfReading(long offset)
    {
        var clock = _shared.Clock;
        var day = _progress.DayOf(offset, clock.Day);
        if (day == clock.Day)
        {
            return clock.Text;
        }

        if (day != _lastDay)
        {
            _lastDay = day;
            _lastDayText = RecordClock.EndOfDay(day);
        }

        return _lastDayText;
    }

    private DocumentEncoder EncoderFor(DocumentTarget target)
    {
        var source = _file.Source;
        if (_encoder is null || _encodedTarget != target)
        {
            _encodedTarget = target;
            _encoder = new DocumentEncoder(
                target,
                source.Declaration.Index,
                _shared.Options.Records.IndexDateFormat,
                _file.Path,
                RecordFields.Encode(source.Declaration, source.Container, _shared.Options.Records));
        }

        return _encoder;
    }
}
