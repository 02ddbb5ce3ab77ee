using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Records.Times;

namespace LogPilot.Agent.Records;

/// <summary>Reads the lines of one log: which of them are collected, and what each of them says.</summary>
/// <remarks>
/// A record whose format does not match stays whole in <c>message</c>, and <c>log.parse_error</c> names the format. One whose fields are
/// read but whose declared time is not has <c>log.parse_error</c> <c>time</c> and the time that it would have without: nothing is dropped.
/// A time on a later day than the one behind the day of reading is not believed, since it would open an index that nobody waits for.
/// </remarks>
internal sealed class RecordReader
{
    private readonly IRecordFormat? _format;
    private readonly byte[] _formatName;
    private readonly TimeFormat? _timeFormat;
    private readonly bool _isTimeDeclared;
    private readonly ZoneOffsets _zone;
    private readonly LinePattern[] _include;
    private readonly LinePattern[] _exclude;
    private readonly RecordBuffers _buffers;

    /// <param name="format">How fields are found; null if the text is the field <c>message</c>.</param>
    /// <param name="declared">The same, as it was declared.</param>
    /// <param name="zone">The zone of times that name none.</param>
    /// <param name="buffers">Shared by all readers of a thread.</param>
    public RecordReader(
        IRecordFormat? format, LogFormat declared, ZoneOffsets zone, LinePattern[] include, LinePattern[] exclude, RecordBuffers buffers)
    {
        _format = format;
        _formatName = RecordFormats.NameOf(declared.Kind);
        _timeFormat = RecordFormats.TimeFormatOf(declared);
        _isTimeDeclared = declared.TimeKey is not null || declared.TimeFormat is not null;
        _zone = zone;
        _include = include;
        _exclude = exclude;
        _buffers = buffers;
    }

    private static ReadOnlySpan<byte> RuntimeFormatName => "json-file"u8;

    // What a record calls @timestamp is kept under this name if it is no time. A field of this name by itself has got another one.
    private static ReadOnlySpan<byte> UnknownTimestampName => "\"@timestamp_\":"u8;

    /// <summary>Whether the declaration's filters let it pass.</summary>
    public bool IsWanted(in Line line) =>
        (_include.Length == 0 || MatchesAny(_include, line)) && (_exclude.Length == 0 || !MatchesAny(_exclude, line));

    /// <param name="time">The time that the record has if it does not say another: the runtime's, or the time of reading.</param>
    /// <returns>Valid until the next call.</returns>
    public Record Read(in Line line, ReadOnlySpan<byte> time)
    {
        if (_format is null || line.IsUndecodable)
        {
            return new Record { Time = time, ParseError = line.IsUndecodable ? RuntimeFormatName : [] };
        }

        var fields = _buffers.Fields;
        fields.Clear();
        if (!_format.TryParse(EscapedText.Decode(line), fields))
        {
            return new Record { Time = time, ParseError = _formatName };
        }

        // A format's own time is only to the second mostly, so the runtime's is better.
        var isTimeWanted = _timeFormat is not null && !fields.Time.IsEmpty && (_isTimeDeclared || line.Time.IsEmpty);
        ReadOnlySpan<byte> own = default;
        var isUnread = isTimeWanted && !TryReadTime(fields.Time, time, out own);
        if (isUnread && fields.IsTimeLeftOut)
        {
            fields.AddText(UnknownTimestampName, fields.Time);
        }

        return new Record
        {
            Time = own.IsEmpty ? time : own,
            Members = fields.Members,
            GivenDefaults = fields.GivenDefaults,
            ParseError = isUnread && _isTimeDeclared ? "time"u8 : [],
        };
    }

    private bool TryReadTime(ReadOnlySpan<byte> text, ReadOnlySpan<byte> reference, out ReadOnlySpan<byte> time)
    {
        time = default;
        if (!RecordTime.TryRead(reference, out var known)
            || !_timeFormat!.TryParse(text, known, _zone, out var parsed)
            || parsed.UnixSeconds / Calendar.SecondsInDay > (known.UnixSeconds / Calendar.SecondsInDay) + 1)
        {
            return false;
        }

        time = _buffers.Time.AsSpan(0, parsed.Write(_buffers.Time));
        return true;
    }

    private static bool MatchesAny(LinePattern[] patterns, in Line line)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.IsMatch(line))
            {
                return true;
            }
        }

        return false;
    }
}
