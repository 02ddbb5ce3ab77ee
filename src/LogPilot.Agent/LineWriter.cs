using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent;

/// <summary>Writes the wanted lines of one file as documents into the batch that is being filled, and counts them.</summary>
internal sealed class LineWriter(TailedFile file, SourceRules rules, FilePasses shared)
{
    private readonly RecordReader _records = rules.Records;
    private DocumentEncoder? _encoder;
    private DocumentTarget? _encodedTarget;

    /// <summary>False if none is free.</summary>
    public bool HasBatch => shared.Assembler.Current is not null;

    /// <summary>The documents of the range that was begun last.</summary>
    public int Items { get; private set; }

    public bool IsWanted(in Line line)
    {
        if (line.Stream != StandardStreams.None && (file.Source.Declaration.Streams & line.Stream) == 0)
        {
            return false;
        }

        var isWanted = _records.IsWanted(line);
        shared.Totals.LinesFiltered += isWanted ? 0 : 1;
        return isWanted;
    }

    /// <summary>Once a line, also if it has to be written to the next batch: when a range ends, the day of its lines is settled.</summary>
    /// <param name="first">The file in which the line has begun.</param>
    /// <returns>Valid until the next call.</returns>
    public Record Read(in Line line, FilePass first) => _records.Read(line, line.Time.IsEmpty ? TimeOfReading(line, first) : line.Time);

    /// <returns>False if there is no batch or it is full: nothing is written then.</returns>
    public bool TryWrite(in Line line, in Record record, RecordIds ids)
    {
        if (shared.Assembler.Current is not { } batch
            || shared.Assembler.IsFull
            || !EncoderFor(batch.Target).TryWrite(batch, line, record, ids, shared.Now))
        {
            return false;
        }

        Items++;
        shared.Totals.LinesRead++;
        shared.Totals.LinesUnparsed += record.ParseError.IsEmpty ? 0 : 1;
        return true;
    }

    public void BeginRange() => Items = 0;

    /// <summary>The documents that were written since the range was begun came from this one.</summary>
    public void EndRange(in FileRange range) => shared.Assembler.Current!.AddRange(range, Items);

    public void Relabel() => _encoder = null;

    private ReadOnlySpan<byte> TimeOfReading(in Line line, FilePass first)
    {
        var clock = shared.Clock;
        var day = first.Progress.DayOf(line.Start, clock.Day);
        if (first.File != file)
        {
            // Its own range dates this file only.
            first.Progress.DateTo(first.Position);
        }

        return clock.TextOn(day);
    }

    private DocumentEncoder EncoderFor(DocumentTarget target)
    {
        if (_encoder is null || _encodedTarget != target)
        {
            _encodedTarget = target;
            _encoder = new DocumentEncoder(
                target,
                file.Source.Declaration.Index,
                shared.Options.Records.IndexDateFormat,
                file.Path,
                rules.Fields);
        }

        return _encoder;
    }
}
