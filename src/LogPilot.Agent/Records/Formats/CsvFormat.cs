using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Records.Formats;

/// <summary>The format <c>csv</c>: values between commas, whose names are declared.</summary>
/// <remarks>
/// As fluentd reads it with Ruby's <c>CSV.parse_line</c>:
/// <code>
/// record = value *("," value)
/// value  = *(any but '"' "," CR LF)           empty: null; blanks belong to the value
///        | '"' *(any but '"' | '""') '"'      empty: the empty text
/// </code>
/// Anything else is malformed, an empty record too. Values that are missing are null. fluentd drops values that have no name;
/// here the whole record stands in <c>message</c> as well, so that nothing is lost.
/// https://www.rfc-editor.org/rfc/rfc4180
/// </remarks>
internal sealed class CsvFormat : IRecordFormat
{
    private readonly byte[][] _names;
    private readonly byte[] _wholeName;
    private readonly int _timeColumn;
    private readonly int _defaults;

    /// <param name="keys">As <see cref="CsvKeys"/> accepts them.</param>
    /// <param name="timeKey">The key of the column that has the time; null if there is none.</param>
    /// <param name="names">What the columns may be called.</param>
    public CsvFormat(string keys, string? timeKey, FieldNames names)
    {
        if (!CsvKeys.TryRead(keys, out var read, out var reason))
        {
            throw new ArgumentException(reason, nameof(keys));
        }

        var given = names.OfDeclared(read);
        _names = [.. given.Select(FieldWriter.Encode)];
        _defaults = names.DefaultsOf(given);
        _timeColumn = timeKey is null ? -1 : read.ToList().IndexOf(timeKey);
        var wholeName = "message";
        while (given.Contains(wholeName))
        {
            wholeName += "_";
        }

        _wholeName = FieldWriter.Encode(wholeName);
    }

    public bool TryParse(ReadOnlySpan<byte> text, FieldWriter fields)
    {
        if (text.IsEmpty)
        {
            return false;
        }

        var rest = text;
        for (var column = 0; ; column++)
        {
            if (!TryTake(ref rest, out var value, out var isQuoted))
            {
                return false;
            }

            Add(fields, column, value, isQuoted);
            if (rest.IsEmpty)
            {
                fields.GivenDefaults = _defaults;
                AddMissing(fields, column + 1, text);
                return true;
            }

            // The comma; a value follows, even if it is empty.
            rest = rest[1..];
        }
    }

    private void Add(FieldWriter fields, int column, ReadOnlySpan<byte> value, bool isQuoted)
    {
        if (column >= _names.Length)
        {
            return;
        }

        if (value.IsEmpty && !isQuoted)
        {
            fields.AddRaw(_names[column], "null"u8);
            return;
        }

        fields.AddText(_names[column], value);
        if (column == _timeColumn)
        {
            fields.SetTime(value);
        }
    }

    private void AddMissing(FieldWriter fields, int columns, ReadOnlySpan<byte> text)
    {
        for (var missing = columns; missing < _names.Length; missing++)
        {
            fields.AddRaw(_names[missing], "null"u8);
        }

        if (columns > _names.Length)
        {
            fields.AddText(_wholeName, text);
        }
    }

    /// <summary>Takes a value, behind which the text ends or a comma stands.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value, out bool isQuoted)
    {
        isQuoted = rest.StartsWith("\""u8);
        if (isQuoted)
        {
            return TryTakeQuoted(ref rest, out value) && (rest.IsEmpty || rest[0] == ',');
        }

        var end = rest.IndexOfAny(",\"\r\n"u8);
        value = end < 0 ? rest : rest[..end];
        rest = rest[value.Length..];
        return end < 0 || rest[0] == ',';
    }

    private static bool TryTakeQuoted(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        rest = rest[1..];
        var end = rest.IndexOf((byte)'"');
        if (end < 0)
        {
            value = default;
            return false;
        }

        if (end + 1 < rest.Length && rest[end + 1] == '"')
        {
            return TryUnescape(ref rest, out value);
        }

        value = rest[..end];
        rest = rest[(end + 1)..];
        return true;
    }

    private static bool TryUnescape(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        var unescaped = Scratch.Value.Room(rest.Length);
        var length = 0;
        while (true)
        {
            var quote = rest.IndexOf((byte)'"');
            if (quote < 0)
            {
                value = default;
                return false;
            }

            rest[..quote].CopyTo(unescaped[length..]);
            length += quote;
            rest = rest[(quote + 1)..];
            if (rest.IsEmpty || rest[0] != '"')
            {
                value = unescaped[..length];
                return true;
            }

            unescaped[length++] = (byte)'"';
            rest = rest[1..];
        }
    }
}
