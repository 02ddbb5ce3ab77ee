using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tracking;
using LogPilot.Linux;

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
    private readonly LineWriter _writer;
    private readonly KnownBytes _known;
    private RecordIds? _ids;

    // Lines that end at or before this offset are delivered already; they are read again only for what is open behind them.
    private long _writeAfter;
    private uint _anewEpoch;
    private long _rangeStart;
    private LossReason? _givenUpFor;

    public FilePass(TailedFile file, FileProgress progress, SourceRules rules, FilePasses shared)
    {
        _file = file;
        _progress = progress;
        _lines = rules.NewLines();
        OpenLines = new OpenLines(this, _lines);
        _writer = new LineWriter(file, rules, shared);
        _known = new KnownBytes(file, progress);
        _shared = shared;
        Seek();
        if (Position > 0 && !file.IsCut && FileCopies.IsFirstLineWhole(file))
        {
            // While the file is known to be what it was. Behind a hole, its first line may not be whole.
            _ = Ids;
        }
    }

    public long Position => _lines.Position;

    public bool HasOpenLine => _lines.HasOpenLine;

    // The file before may have to be read again, and then this one knows that its open lines are delivered.
    public bool IsSettled => _progress.IsSettled && !OpenLines.HasLender;

    public bool AwaitsOlder => OpenLines.AwaitsOlder;

    // At the start of a file the record that is open is one of the file before, and whatever is written first shows whether it goes on.
    public long Due => Position == 0 || (WaitsForDelivery && !_progress.IsSettled) ? long.MaxValue : _lines.RecordDue;

    /// <summary>It is to be read again when all that was read is delivered.</summary>
    public bool WaitsForDelivery { get; private set; }

    public bool BeginsAsRead => _known.BeginsAsRead;

    public uint Mark => _progress.Mark;

    public bool WasCopied => _shared.HasCopies(_progress);

    public uint? CutFrom => _progress.CutFrom;

    public TailedFile File => _file;

    public FileProgress Progress => _progress;

    public OpenLines OpenLines { get; }

    /// <summary>The range without bytes behind all that was read.</summary>
    public FileRange End => new(_file, _file.Epoch, Position, Position, Position, _known.Tail);

    /// <summary>Those of the file in which the line has begun that is open now.</summary>
    public RecordIds OpenLineIds => _lines.IsContinued && OpenLines.Ids is { } ids ? ids : Ids;

    private RecordIds Ids => _ids ??= !_file.Source.IsOfRuntime
        ? FilePasses.IdsOf(_file, _progress, FileCopies.FirstLineOf(_file))
        : FilePasses.IdsOf(_file, _progress, []);

    public ReadOutcome Read(ReadOnlySpan<byte> chunk, ChunkEnd end)
    {
        if (WaitsForDelivery && end == ChunkEnd.Open)
        {
            if (!_progress.IsSettled)
            {
                return ReadOutcome.Waits;
            }

            CloseDueRecords();
        }

        WaitsForDelivery = false;
        if (OpenLines.AreSent && end == ChunkEnd.Final)
        {
            end = ChunkEnd.Continued;
        }

        var isEnd = end == ChunkEnd.Open && Position + chunk.Length >= _file.Size;
        var outcome = ReadLines(chunk, end);
        OpenLines.PassSent();
        if (outcome != ReadOutcome.Taken || !isEnd || Due > _shared.Now)
        {
            return outcome;
        }

        if (_progress.IsSettled)
        {
            CloseDueRecords();
            return ReadLines([], end);
        }

        WaitsForDelivery = true;
        return ReadOutcome.Waits;
    }

    public bool Follows(ReadOnlySpan<byte> lead, ReadOnlySpan<byte> chunk) => _known.AreAround(Position, lead, chunk);

    /// <summary>Learns more of the file's first bytes as they are now, if they are those that were read.</summary>
    public void KnowHead() => _known.KnowHead();

    public void KnowCutFrom(uint mark) => _progress.KnowCutFrom(mark);

    public void Continue(IFileReader older)
    {
        var lender = (FilePass)older;
        if (OpenLines.TryTake(lender))
        {
            _file.Epoch++;
            StartOver();
            _lines.Continue(lender._lines);
            _lines.CloseRecords(_progress.Acked, _progress.Closing);
        }

        OpenLines.Return();
    }

    public void ContinueNoOther(IFileReader? older)
    {
        if (OpenLines.ContinueNoOther(older))
        {
            TakeBack();
        }
    }

    public void StartAnew()
    {
        var isSaved = _file.CutState == CutState.Saved;
        if (!isSaved && HasOpenLine && Position > 0)
        {
            // What was read of it is nowhere else any more.
            ReadLines([], ChunkEnd.Final);
        }

        OpenLines.StartAnew(isSaved);
        _shared.ReportLost(_file, isSaved ? 0 : _file.Size - _lines.ResumeFrom, LossReason.Cut);
        _file.Epoch++;
        _anewEpoch = isSaved ? _anewEpoch : _file.Epoch;
        _ids = null;
        _progress.StartAnew();
        Seek();
    }

    public void GiveUp(LossReason reason)
    {
        // What is in batches may arrive yet.
        _givenUpFor = reason;
        _shared.ReportLost(_file, _file.Size - _lines.ResumeFrom, reason);
        _shared.LetGo(this);
    }

    /// <summary>A range of this file comes back from the sink after the file was closed.</summary>
    public void SettleClosed(in BatchRange range)
    {
        // One of an older epoch was taken back, and counted when the file was given up.
        if (_givenUpFor is { } reason && range.Outcome != RangeOutcome.Delivered && range.Range.Epoch == _file.Epoch)
        {
            _shared.ReportLost(_file, range.Range.End - range.Range.Start, reason);
        }
    }

    /// <summary>What is on its way is read again.</summary>
    public void TakeBack()
    {
        _file.Epoch++;
        _progress.TakeBack();
        Seek();
        OpenLines.TakeBack();
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
                _shared.ReportLost(_file, range.Range.End - range.Range.Start, LossReason.Cut);
            }

            return false;
        }

        if (range.Outcome == RangeOutcome.Delivered)
        {
            _progress.Deliver(range.Range);
            OpenLines.Return();
            return false;
        }

        if (range.Outcome == RangeOutcome.Pending)
        {
            return false;
        }

        TakeBack();
        return true;
    }

    /// <summary>A range comes back from the sink that may hold the end of lines of a file before, from when this one was not cut yet.</summary>
    /// <returns>That file, if reading it was taken back.</returns>
    public FilePass? SettleSpent(in BatchRange range) => OpenLines.SettleSpent(range);

    /// <summary>The file before that has to be read to its end again, so that this one can be begun.</summary>
    public FilePass? TakeBackOlder() => OpenLines.TakeBackOlder();

    /// <summary>Goes on without the file before, which is not read any more.</summary>
    public void Forget(FilePass older) => OpenLines.Forget(older);

    public void Relabel()
    {
        _writer.Relabel();
        _progress.Label(_file);
    }

    public void Close(bool gone)
    {
        _progress.Close(gone);
        _shared.Closed(this);
    }

    /// <summary>Shows how long the file is now, if it waits to be read.</summary>
    public void ShowUnread()
    {
        if (_file.UnreadSince == 0 || _file.IsCut)
        {
            return;
        }

        try
        {
            _progress.ShowSize(_file.Content.Measure());
        }
        catch (LinuxException)
        {
            // Its file system does not answer: what is shown stays.
        }
    }

    /// <summary>Keeps its checkpoint from being forgotten while the file is open.</summary>
    public void Touch() => _progress.Touch();

    private ReadOutcome ReadLines(ReadOnlySpan<byte> chunk, ChunkEnd end)
    {
        var start = _lines.Position;
        var cutBytes = _lines.CutBytes;
        _shared.Clock.Refresh();
        if (!_known.HasWholeHead)
        {
            _known.KnowHead(start == 0 ? chunk : []);
        }

        BeginRange();
        var outcome = ReadOutcome.Taken;
        while (_lines.TryFind(chunk[(int)(_lines.Position - start)..], end, out var line))
        {
            // A line that was never finished ends where its pieces do, which may have been passed before a restart without it.
            var isDelivered = line.End <= _writeAfter && !line.IsUnfinished;
            if (!isDelivered && _writer.IsWanted(line) && !TryWrite(line, chunk, start))
            {
                outcome = ReadOutcome.Blocked;
                break;
            }

            _lines.Take();
        }

        EndRange(chunk, start);
        if (!chunk.IsEmpty)
        {
            _known.Leave(chunk[(int)(_lines.Position - start)..]);
        }

        _progress.ShowSize(_file.Size);
        _shared.Totals.BytesRead += _lines.Position - start;
        _shared.Totals.CutBytes += _lines.CutBytes - cutBytes;
        return outcome;
    }

    // Where records end that no line came for is kept by the position up to which all is delivered: that one stays. It was reached
    // with what the file before has to do with it.
    private void StartOver()
    {
        if (_progress.ResumeFrom == 0 && _progress.Closing != StandardStreams.None)
        {
            _progress.TakeBack();
        }
        else
        {
            _progress.StartOver();
        }

        Seek();
    }

    // Records that no line came for end here. Their end is remembered by the position up to which everything is delivered, so
    // that they end there too when they are read again.
    private void CloseDueRecords()
    {
        if (_progress.Acked != Position)
        {
            throw new InvalidOperationException(
                $"{_file.Path} is delivered up to {_progress.Acked}, read up to {Position}, and nothing is on its way.");
        }

        var streams = _lines.DueRecords(_shared.Now);
        _progress.CloseRecords(streams);
        _lines.CloseRecords(Position, streams);
    }

    private void Seek()
    {
        WaitsForDelivery = false;
        _lines.Seek(_progress.ResumeFrom);
        _lines.CloseRecords(_progress.Acked, _progress.Closing);
        _writeAfter = _progress.Acked;
        _known.Seek();
    }

    private bool TryWrite(in Line line, ReadOnlySpan<byte> chunk, long start)
    {
        if (!_writer.HasBatch)
        {
            return false;
        }

        var record = _writer.Read(line, line.IsContinued ? OpenLines.First : this);
        if (start == 0)
        {
            // From the same bytes as the line: the file may have been cut and filled since they were read.
            _ids ??= FilePasses.IdsOf(_file, _progress, FileCopies.FirstLineOf(chunk));
        }

        var ids = line.IsContinued && OpenLines.Ids is { } continued ? continued : Ids;
        if (!_writer.TryWrite(line, record, ids))
        {
            // The batch is full. Its range ends before this line.
            EndRange(chunk, start);
            _shared.Assembler.Send();
            BeginRange();

            // An empty batch makes room for any line.
            if (!_writer.TryWrite(line, record, ids))
            {
                return false;
            }
        }

        OpenLines.Written(line);
        return true;
    }

    private void BeginRange()
    {
        _rangeStart = Math.Max(_lines.Position, _writeAfter);
        _writer.BeginRange();
    }

    private void EndRange(ReadOnlySpan<byte> chunk, long start)
    {
        _known.Take(chunk[..(int)(_lines.Position - start)]);
        var range = new FileRange(_file, _file.Epoch, _rangeStart, _lines.Position, _lines.ResumeFrom, _known.Tail);
        if (range.End <= range.Start && _writer.Items == 0)
        {
            return;
        }

        if (_writer.Items == 0)
        {
            _progress.Skip(range);
            return;
        }

        _progress.DateTo(range.End);
        _progress.Add(range);
        _writer.EndRange(range);
    }
}
