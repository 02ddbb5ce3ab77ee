using System.Globalization;
using System.Text;
using System.Text.Json;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;

namespace LogPilot.Agent.Shipping;

/// <summary>Writes the lines of one log of one file as documents into batches. Everything that does not change is encoded once.</summary>
/// <remarks>
/// <code>
/// {"create":{"_index":"INDEX-DATE"[,"_type":"doc"],"_id":"ID"}}                                    with an action line
/// {"@timestamp":"TIME","message":"TEXT"|FIELDS,"source":"PATH","offset":END[,"stream":"STREAM"][,"log":{…}],"index":…,…}   log-pilot's names
/// {"@timestamp":"TIME","message":"TEXT"|FIELDS,"log.file.path":"PATH","log.offset":END[,"stream":"STREAM"][,"log.…":…],"host.name":…,…}   ECS
/// </code>
/// The index comes from the record's own time, so that a record that is sent again goes to the same index.
/// </remarks>
internal sealed class DocumentEncoder
{
    // The hour is the finest thing that the date of an index may depend on: yyyy-MM-ddTHH.
    private const int HourCharacters = 13;
    private const int OffsetDigitsMax = 20;
    private const int TimeBytesMax = 32;

    // Text above this is measured exactly before it is written, so that the bound does not claim six times as much.
    private const int MeasuredTextBytesMin = 64 * 1024;

    private readonly DocumentTarget _target;
    private readonly string _index;
    private readonly string _dateFormat;
    private readonly DocumentPieces _pieces;
    private readonly byte[] _path;
    private readonly AgentFields _fields;
    private readonly int _fixedBytes;
    private readonly byte[] _hour = new byte[HourCharacters];
    private byte[] _action = [];

    /// <param name="path">The file's.</param>
    /// <param name="fields">What is the same in every document of the log.</param>
    public DocumentEncoder(DocumentTarget target, string index, string dateFormat, string path, AgentFields fields)
    {
        _target = target;
        _index = index;
        _dateFormat = dateFormat;
        _pieces = DocumentPieces.Of(fields.Shape);
        _path = [.. _pieces.Path, .. JsonEncodedText.Encode(path).EncodedUtf8Bytes, .. _pieces.Offset];
        _fields = fields;
        var actionBytes = target.Actions ? (index.Length * JsonText.ExpansionMax) + 128 : 0;
        _fixedBytes = actionBytes + _path.Length + _fields.EncodedBytesMax + TimeBytesMax + OffsetDigitsMax + 256;
    }

    /// <summary>Writes one document, with its action line if the target wants one.</summary>
    /// <param name="ids">The ids of the file as it is now.</param>
    /// <returns>False if the batch has no room; nothing is written then.</returns>
    public bool TryWrite(Batch batch, scoped in Line line, scoped in Record record, RecordIds ids, long timestamp)
    {
        var textBytesMax = !record.Members.IsEmpty ? record.Members.Length
            : line.IsEscaped ? line.Text.Length
            : line.Text.Length < MeasuredTextBytesMin ? line.Text.Length * JsonText.ExpansionMax
            : JsonText.LengthOf(line.Text);
        var room = batch.Room(_fixedBytes + textBytesMax);
        if (room.IsEmpty)
        {
            return false;
        }

        var writer = new ByteWriter(room);
        if (_target.Actions)
        {
            WriteAction(ref writer, line, record.Time, ids);
        }

        WriteDocument(ref writer, line, record);
        batch.Add(writer.Length, timestamp);
        return true;
    }

    private void WriteAction(ref ByteWriter writer, scoped in Line line, scoped ReadOnlySpan<byte> time, RecordIds ids)
    {
        if (!time[..HourCharacters].SequenceEqual(_hour))
        {
            time[..HourCharacters].CopyTo(_hour);
            _action = EncodeAction();
        }

        writer.Write(_action);
        ids.Write(line.Start, line.Time, line.Text, writer.Reserve(RecordIds.Length));
        writer.Write("\"}}\n"u8);
    }

    private void WriteDocument(ref ByteWriter writer, scoped in Line line, scoped in Record record)
    {
        writer.Write("{\"@timestamp\":\""u8);
        WriteTime(ref writer, record.Time);
        writer.Write("\","u8);
        if (record.Members.IsEmpty)
        {
            WriteMessage(ref writer, line);
        }
        else
        {
            writer.Write(record.Members);
        }

        writer.Write(_path);
        writer.Write(line.FirstLineEnd > 0 ? line.FirstLineEnd : line.End);
        if (line.Stream != StandardStreams.None)
        {
            writer.Write(line.Stream == StandardStreams.Stdout ? ",\"stream\":\"stdout\""u8 : ",\"stream\":\"stderr\""u8);
        }

        WriteNotes(ref writer, line.IsTruncated, record.ParseError);
        writer.Write(_fields.Encoded(record.GivenDefaults));
        writer.Write("}\n"u8);
    }

    private static void WriteMessage(ref ByteWriter writer, scoped in Line line)
    {
        writer.Write("\"message\":\""u8);
        if (line.IsEscaped)
        {
            writer.Write(line.Text);
        }
        else
        {
            writer.Reserve(JsonText.Write(line.Text, writer.Rest));
        }

        writer.Write("\""u8);
    }

    private void WriteNotes(ref ByteWriter writer, bool isTruncated, scoped ReadOnlySpan<byte> parseError)
    {
        if (!isTruncated && parseError.IsEmpty)
        {
            return;
        }

        writer.Write(_pieces.NotesStart);
        writer.Write(isTruncated ? _pieces.Truncated : []);
        if (!parseError.IsEmpty)
        {
            writer.Write(isTruncated ? ","u8 : []);
            writer.Write(_pieces.ParseError);
            writer.Write(parseError);
            writer.Write("\""u8);
        }

        writer.Write(_pieces.NotesEnd);
    }

    // Digits that the target does not take are cut off: 9 from the engine, 3 for a server that knows milliseconds only.
    private void WriteTime(ref ByteWriter writer, scoped ReadOnlySpan<byte> time)
    {
        const int SecondCharacters = 19;
        var fractionDigits = time.Length - SecondCharacters - 2;
        if (fractionDigits <= _target.TimeDigits)
        {
            writer.Write(time);
            return;
        }

        writer.Write(time[..(SecondCharacters + 1 + _target.TimeDigits)]);
        writer.Write("Z"u8);
    }

    private byte[] EncodeAction()
    {
        // A date that no calendar has comes only from a file that something else than the engine wrote to.
        if (!DateTime.TryParseExact(
            Encoding.ASCII.GetString(_hour), "yyyy-MM-ddTHH", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour))
        {
            hour = DateTime.UnixEpoch;
        }

        var index = $"{_index}-{hour.ToString(_dateFormat, CultureInfo.InvariantCulture)}";
        var type = _target.TypeName is null ? "" : $"\",\"_type\":\"{_target.TypeName}";
        return [.. "{\"create\":{\"_index\":\""u8, .. JsonEncodedText.Encode(index).EncodedUtf8Bytes,
            .. Encoding.UTF8.GetBytes(type), .. "\",\"_id\":\""u8];
    }
}
