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

    /// <summary>A longer text than this is no time.</summary>
    public const int TimeBytesMax = 64;

    // A buffer that one long record has made larger than this is let go again.
    private const int KeptBytesMax = 256 * 1024;

    private readonly byte[] _time = new byte[TimeBytesMax];
    private byte[] _buffer = new byte[4096];
    private int _timeLength;

    /// <summary>The members written so far.</summary>
    public ReadOnlySpan<byte> Members => _buffer.AsSpan(0, Length);

    /// <summary>How many bytes these are.</summary>
    public int Length { get; private set; }

    /// <summary>How many fields there are, those inside of others not counted.</summary>
    public int Count { get; private set; }

    /// <summary>The text of the record's time as it stood in the record, decoded; empty if there is none.</summary>
    public ReadOnlySpan<byte> Time => _time.AsSpan(0, _timeLength);

    /// <summary>
    /// The record's <c>@timestamp</c> is not among the members, since the document's own holds it: whoever cannot understand
    /// <see cref="Time"/> has to keep it in another way.
    /// </summary>
    public bool IsTimeLeftOut { get; set; }

    /// <summary>The fields that the agent leaves out because they are among the members: bits of <see cref="FieldPlaces.DefaultOf"/>.</summary>
    public int GivenDefaults { get; set; }

    /// <summary>What is known of the members of a JSON record while it is read.</summary>
    public MemberTable Table { get; } = new();

    public void Clear()
    {
        Length = 0;
        Count = 0;
        _timeLength = 0;
        IsTimeLeftOut = false;
        GivenDefaults = 0;
        if (_buffer.Length > KeptBytesMax)
        {
            _buffer = new byte[KeptBytesMax];
        }
    }

    /// <summary>A field whose value is a text, which is escaped here.</summary>
    /// <param name="name">As <see cref="Encode"/> gives it.</param>
    public void AddText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        BeginField(name);
        WriteText(value);
    }

    /// <summary>A field whose value is JSON already, such as a number.</summary>
    /// <param name="name">As <see cref="Encode"/> gives it.</param>
    public void AddRaw(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        BeginField(name);
        Write(json);
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

    /// <summary>Bytes as they are. The caller sees to it that members come of it, and ends them by <see cref="EndMembers"/>.</summary>
    public void Write(ReadOnlySpan<byte> json)
    {
        EnsureRoom(json.Length);
        json.CopyTo(_buffer.AsSpan(Length));
        Length += json.Length;
    }

    /// <summary>A text as a JSON string.</summary>
    public void WriteText(ReadOnlySpan<byte> text)
    {
        EnsureRoom((text.Length * JsonText.ExpansionMax) + 2);
        _buffer[Length++] = (byte)'"';
        Length += JsonText.Write(text, _buffer.AsSpan(Length));
        _buffer[Length++] = (byte)'"';
    }

    /// <summary>Takes out the members that <see cref="Table"/> has removed.</summary>
    public void EndMembers()
    {
        Length = Table.TakeOutRemoved(_buffer.AsSpan(0, Length));
        Count = Table.RootCount;
        GivenDefaults = Table.GivenDefaults();
    }

    private void BeginField(ReadOnlySpan<byte> name)
    {
        if (Count++ > 0)
        {
            Write(","u8);
        }

        Write(name);
    }

    private void EnsureRoom(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes));
        }
    }
}
