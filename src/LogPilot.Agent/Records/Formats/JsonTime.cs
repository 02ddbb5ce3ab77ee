namespace LogPilot.Agent.Records.Formats;

/// <summary>Finds the time of a record by the path to it, while the record is read.</summary>
internal ref struct JsonTime(ReadOnlySpan<byte> path, FieldWriter fields)
{
    // One byte of a text is at most one escape.
    private const int ContentMax = FieldWriter.TimeBytesMax * 6;

    private readonly ReadOnlySpan<byte> _path = path;
    private int _member = -1;
    private bool _isOfRoot;

    /// <summary>How much of the path leads to the root: -1 where there is none.</summary>
    public readonly int RootMatch => _path.IsEmpty ? -1 : 0;

    /// <summary>How much of the path a name in an object goes on with; all of it if the next value is the time.</summary>
    public void Match(ref JsonFrame frame, ReadOnlySpan<byte> name, bool isRoot)
    {
        frame.NameTimeMatch = -1;
        if (frame.TimeMatch < 0 || !_path[frame.TimeMatch..].StartsWith(name))
        {
            return;
        }

        var match = frame.TimeMatch + name.Length;
        if (match < _path.Length)
        {
            frame.NameTimeMatch = _path[match] == '.' ? match + 1 : -1;
            return;
        }

        frame.NameTimeMatch = match;
        if (isRoot)
        {
            // This one counts, whatever its value is.
            _isOfRoot = true;
            Forget();
        }
    }

    /// <summary>Keeps the value of the member that is read, if it is the time.</summary>
    /// <param name="value">A number, or what stands between the quotes of a string.</param>
    /// <returns>Whether this is the record's <c>@timestamp</c>, which is left out.</returns>
    public bool Keep(in JsonFrame frame, ReadOnlySpan<byte> value, bool isString, bool isRoot)
    {
        if (!frame.IsObject || frame.NameTimeMatch != _path.Length || (_isOfRoot && !isRoot))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[JsonString.DecodedLengthMax(ContentMax)];
        fields.SetTime(value.Length > ContentMax ? [] : isString ? text[..JsonString.Decode(value, text)] : value);
        _member = frame.Member;
        fields.IsTimeLeftOut = isRoot && !fields.Time.IsEmpty && _path.SequenceEqual("@timestamp"u8);
        return fields.IsTimeLeftOut;
    }

    /// <summary>The time goes with a member that is replaced by another one of its name.</summary>
    public void ForgetWith(int member)
    {
        if (_member >= 0 && fields.Table.Contains(member, _member))
        {
            Forget();
        }
    }

    private void Forget()
    {
        _member = -1;
        fields.SetTime([]);
        fields.IsTimeLeftOut = false;
    }
}
