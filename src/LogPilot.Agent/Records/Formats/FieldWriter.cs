namespace LogPilot.Agent.Records.Formats;

/// <summary>
/// The fields of one record as members of a JSON object, <c>"name":value</c> with commas between them, and the text of its time.
/// One buffer for record after record.
/// </summary>
internal sealed class FieldWriter
{
    /// <summary>
    /// More fields than this make a record one that its format does not match. Elasticsearch takes no more in one index unless
    /// it is told to: <c>index.mapping.total_fields.limit</c>.
    /// </summary>
    public const int FieldsMax = 1000;

    // A buffer that one long record has made larger than this is let go again.
    private const int KeptBytesMax = 256 * 1024;
    private const int TimeBytesMax = 64;

    private readonly byte[] _time = new byte[TimeBytesMax];
    private byte[] _buffer = new byte[4096];
    private int _length;
    private int _timeLength;

    /// <summary>The members written so far.</summary>
    public ReadOnlySpan<byte> Members => _buffer.AsSpan(0, _length);

    /// <summary>How many fields there are.</summary>
    public int Count { get; private set; }

    /// <summary>The text of the record's time as it stood in the record, decoded; empty if there is none.</summary>
    public ReadOnlySpan<byte> Time => _time.AsSpan(0, _timeLength);

    public void Clear()
    {
        _length = 0;
        _timeLength = 0;
        Count = 0;
        if (_buffer.Length > KeptBytesMax)
        {
            _buffer = new byte[KeptBytesMax];
        }
    }

    /// <summary>A field whose value is a text, which is escaped here.</summary>
    /// <param name="name">As <see cref="Encode"/> gives it.</param>
    public void AddText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        BeginField(name, (value.Length * JsonText.ExpansionMax) + 2);
        _buffer[_length++] = (byte)'"';
        _length += JsonText.Write(value, _buffer.AsSpan(_length));
        _buffer[_length++] = (byte)'"';
    }

    /// <summary>A field whose value is JSON already, such as a number.</summary>
    /// <param name="name">As <see cref="Encode"/> gives it.</param>
    public void AddRaw(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        BeginField(name, json.Length);
        json.CopyTo(_buffer.AsSpan(_length));
        _length += json.Length;
    }

    /// <summary>Keeps the text of the time. A longer one than any time is no time.</summary>
    public void SetTime(ReadOnlySpan<byte> text)
    {
        _timeLength = text.Length <= TimeBytesMax ? text.Length : 0;
        text[.._timeLength].CopyTo(_time);
    }

    /// <summary>The name of a field as the methods above take it: <c>"name":</c>, escaped.</summary>
    public static byte[] Encode(string name) =>
        [(byte)'"', .. System.Text.Json.JsonEncodedText.Encode(name).EncodedUtf8Bytes, (byte)'"', (byte)':'];

    private void BeginField(ReadOnlySpan<byte> name, int valueBytesMax)
    {
        EnsureRoom(name.Length + 1 + valueBytesMax);
        if (Count++ > 0)
        {
            _buffer[_length++] = (byte)',';
        }

        name.CopyTo(_buffer.AsSpan(_length));
        _length += name.Length;
    }

    private void EnsureRoom(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }
    }
}
