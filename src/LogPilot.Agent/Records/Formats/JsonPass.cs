using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace LogPilot.Agent.Records.Formats;

/// <summary>One pass over a record: checks that it is a JSON object and copies its members.</summary>
/// <remarks>
/// What need not change is copied in runs as long as possible: most records are one run. At any time the output is what was
/// written, and behind it the run from <c>_run</c> to <c>_position</c>.
/// </remarks>
internal ref struct JsonPass
{
    // The server's own limit, index.mapping.depth.limit: parts of a name from the root, whether by objects or by dots. OpenSearch has
    // the same for arrays in arrays, and counts those of all parents.
    private const int DepthMax = 20;

    // Only a record that is made for it has more names that become the same one; finding one that is free takes time.
    private const int UnderscoresMax = 8;

    private const int EscapeBytes = 6;

    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(one => (byte)one), (byte)'"', (byte)'\\']);

    private static readonly SearchValues<byte> SpecialOrNotAscii = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x80, 0x80)).Select(one => (byte)one), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _text;
    private readonly ReadOnlySpan<byte> _timePath;
    private readonly FieldWriter _fields;
    private readonly FieldNames _names;
    private readonly MemberTable _table;
    private readonly Span<JsonFrame> _frames;
    private readonly SearchValues<byte> _special;
    private int _open;
    private int _openArrays;
    private int _objects;
    private int _position;
    private int _run;
    private int _timeMember;
    private bool _isTimeOfRoot;

    public JsonPass(ReadOnlySpan<byte> text, FieldWriter fields, FieldNames names, ReadOnlySpan<byte> timePath)
    {
        _text = text;
        _fields = fields;
        _names = names;
        _timePath = timePath;
        _table = fields.Table;
        _frames = _table.Frames;
        _special = Utf8.IsValid(text) ? Special : SpecialOrNotAscii;
        _timeMember = -1;
    }

    private readonly byte Next => _position < _text.Length ? _text[_position] : (byte)0;

    private readonly int Written => _fields.Length + _position - _run;

    public bool Run()
    {
        _table.Clear();
        _position = _text.StartsWith("\uFEFF"u8) ? 3 : 0;
        _run = _position;
        SkipBlanks();
        if (Next != '{')
        {
            return false;
        }

        // The braces of the root are not part of the members.
        _run = _position + 1;
        if (!ReadValues())
        {
            return false;
        }

        Flush(_position - 1);
        _run = _position;
        SkipBlanks();
        _fields.EndMembers();
        return _position == _text.Length;
    }

    /// <summary>Reads the root and all that is in it. No recursion: a record's depth is its container's choice.</summary>
    private bool ReadValues()
    {
        while (true)
        {
            var isOpened = false;
            if (Next is (byte)'{' or (byte)'[')
            {
                isOpened = true;
                if (!TryOpen(out var isEmpty))
                {
                    return false;
                }

                if (!isEmpty)
                {
                    continue;
                }
            }

            if (!isOpened && !TryReadScalar())
            {
                return false;
            }

            if (!TryEndValues(out var isEnd) || isEnd)
            {
                return isEnd;
            }
        }
    }

    /// <summary>Ends the value before, and all objects and arrays that end with it, and goes on to the next value.</summary>
    private bool TryEndValues(out bool isEnd)
    {
        isEnd = false;
        while (true)
        {
            if (_open == 0)
            {
                isEnd = true;
                return true;
            }

            ref var frame = ref _frames[_open - 1];
            if (frame.IsObject)
            {
                _table.End(frame.Member, Written);
            }

            SkipBlanks();
            if (Next == ',')
            {
                _position++;
                SkipBlanks();
                return !frame.IsObject || TryReadName(ref frame);
            }

            if (Next != (frame.IsObject ? '}' : ']'))
            {
                return false;
            }

            Close(frame.IsObject);
        }
    }

    private void Close(bool isObject)
    {
        _position++;
        _open--;
        _openArrays -= isObject ? 0 : 1;
    }

    private bool TryOpen(out bool isEmpty)
    {
        isEmpty = false;
        var isObject = Next == '{';
        var parent = _open > 0 ? _frames[_open - 1] : default;
        if (_open == _frames.Length || (isObject ? parent.NameDepth : _openArrays) == DepthMax)
        {
            return false;
        }

        _openArrays += isObject ? 0 : 1;
        ref var frame = ref _frames[_open++];
        frame = new()
        {
            IsObject = isObject,
            Object = isObject && _open > 1 ? ++_objects : 0,
            Depth = parent.NameDepth,
            NameDepth = parent.NameDepth,
            TimeMatch = !isObject || _timePath.IsEmpty ? -1 : _open == 1 ? 0 : parent.NameTimeMatch,
            NameTimeMatch = -1,
        };
        _position++;
        SkipBlanks();
        if (Next == (isObject ? '}' : ']'))
        {
            isEmpty = true;
            Close(isObject);
            return true;
        }

        return !isObject || TryReadName(ref frame);
    }

    // Up to the member's value.
    private bool TryReadName(ref JsonFrame frame)
    {
        var start = _position;
        if (_table.Count == FieldWriter.FieldsMax || !TryFindName(out var original))
        {
            return false;
        }

        var memberStart = _fields.Length + start - _run;
        if (!TryAddMember(ref frame, original, memberStart, out var given))
        {
            return false;
        }

        if (given != original || original.IsOwnText)
        {
            Flush(start);
            _fields.WriteText(_table.Text(given, _text));
            _run = _position;
        }

        frame.NameDepth = frame.Depth + 1 + _table.Text(given, _text).Count((byte)'.');
        SkipBlanks();
        if (frame.NameDepth > DepthMax || Next != ':')
        {
            return false;
        }

        _position++;
        SkipBlanks();
        return true;
    }

    private bool TryAddMember(ref JsonFrame frame, NameText original, int start, out NameText given)
    {
        given = original;
        var name = _table.Text(original, _text);
        var isRoot = _open == 1;
        MatchTime(ref frame, name, isRoot);
        var found = _table.Find(frame.Object, name, _text, out var isTaken);
        if (found >= 0)
        {
            if (_timeMember >= 0 && _table.Contains(_table.MemberOf(found), _timeMember))
            {
                ForgetTime();
            }

            given = _table.GivenName(found);
            frame.Member = _table.Replace(found, start);
            return true;
        }

        if ((isTaken || !_names.IsFine(name, isRoot)) && !TryRename(frame.Object, name, isRoot, out given))
        {
            return false;
        }

        frame.Member = _table.Add(frame.Object, original, given, _text, start);
        return true;
    }

    private readonly bool TryRename(int parent, ReadOnlySpan<byte> name, bool isRoot, out NameText given)
    {
        given = default;
        var room = _table.RoomForName(_names.LengthMax(name) + UnderscoresMax + 1);
        var length = _names.Write(name, isRoot, room);
        for (var underscores = 0; underscores <= UnderscoresMax; underscores++)
        {
            _table.Find(parent, room[..length], _text, out var isTaken);
            if (!isTaken && !(isRoot && _names.IsReserved(FirstPart(room[..length]))))
            {
                given = _table.Keep(length);
                return true;
            }

            room[length++] = (byte)'_';
        }

        return false;
    }

    private static ReadOnlySpan<byte> FirstPart(ReadOnlySpan<byte> name)
    {
        var dot = name.IndexOf((byte)'.');
        return dot < 0 ? name : name[..dot];
    }

    // The name between its quotes, decoded.
    private bool TryFindName(out NameText name)
    {
        name = default;
        if (Next != '"')
        {
            return false;
        }

        var start = ++_position;
        var length = _text[start..].IndexOfAny(_special);
        if (length < 0)
        {
            return false;
        }

        _position += length;
        if (_text[_position++] == '"')
        {
            name = new(start, length, IsOwnText: false);
            return true;
        }

        // Copied as a value is, but to nowhere: that finds its end and checks its escapes.
        _position = start - 1;
        if (!TrySkipString())
        {
            return false;
        }

        var content = _text[start..(_position - 1)];
        name = _table.Keep(JsonString.Decode(content, _table.RoomForName(JsonString.DecodedLengthMax(content.Length))));
        return true;
    }

    private bool TryReadScalar()
    {
        var start = _position;
        switch (Next)
        {
            case (byte)'"':
                if (!TryCopyString())
                {
                    return false;
                }

                KeepTime(_text[(start + 1)..(_position - 1)], isString: true);
                return true;
            case (byte)'t':
                return TrySkip("true"u8);
            case (byte)'f':
                return TrySkip("false"u8);
            case (byte)'n':
                return TrySkip("null"u8);
            default:
                _position += JsonNumber.LengthOf(_text[_position..]);
                KeepTime(_text[start.._position], isString: false);
                return _position > start;
        }
    }

    private bool TrySkip(ReadOnlySpan<byte> literal)
    {
        var isThere = _text[_position..].StartsWith(literal);
        _position += isThere ? literal.Length : 0;
        return isThere;
    }

    private bool TryCopyString()
    {
        _position++;
        while (true)
        {
            var plain = _text[_position..].IndexOfAny(_special);
            if (plain < 0)
            {
                return false;
            }

            _position += plain;
            var special = _text[_position];
            if (special == '"')
            {
                _position++;
                return true;
            }

            if (special != '\\')
            {
                CopyByte(special);
            }
            else if (!TryCopyEscape())
            {
                return false;
            }
        }
    }

    // The same without copying. What has to change in it does so when it is decoded.
    private bool TrySkipString()
    {
        _position++;
        while (true)
        {
            var plain = _text[_position..].IndexOfAny((byte)'"', (byte)'\\');
            if (plain < 0)
            {
                return false;
            }

            _position += plain;
            if (_text[_position] == '"')
            {
                _position++;
                return true;
            }

            var escape = JsonString.EscapeLength(_text[_position..], out _);
            if (escape == 0)
            {
                return false;
            }

            _position += escape;
        }
    }

    private bool TryCopyEscape()
    {
        var length = JsonString.EscapeLength(_text[_position..], out var isHalf);
        if (isHalf)
        {
            Replace(length, "\\ufffd"u8);
            return true;
        }

        _position += length;
        return length > 0;
    }

    // A control character, or the first byte of what may be no UTF-8.
    private void CopyByte(byte special)
    {
        if (special < 0x20)
        {
            Span<byte> escape = stackalloc byte[EscapeBytes];
            Replace(1, escape[..JsonText.Write([special], escape)]);
        }
        else if (Rune.DecodeFromUtf8(_text[_position..], out _, out var bytes) == OperationStatus.Done)
        {
            _position += bytes;
        }
        else
        {
            Replace(bytes, "\uFFFD"u8);
        }
    }

    private void Replace(int bytes, scoped ReadOnlySpan<byte> by)
    {
        Flush(_position);
        _fields.Write(by);
        _position += bytes;
        _run = _position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipBlanks()
    {
        if (Next is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            SkipRunOfBlanks();
        }
    }

    private void SkipRunOfBlanks()
    {
        Flush(_position);
        while (Next is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _position++;
        }

        _run = _position;
    }

    private readonly void Flush(int end) => _fields.Write(_text[_run..end]);

    // How much of the path to the time a name in an object goes on with; all of it if the next value is the time.
    private void MatchTime(ref JsonFrame frame, ReadOnlySpan<byte> name, bool isRoot)
    {
        frame.NameTimeMatch = -1;
        if (frame.TimeMatch < 0 || !_timePath[frame.TimeMatch..].StartsWith(name))
        {
            return;
        }

        var match = frame.TimeMatch + name.Length;
        if (match == _timePath.Length)
        {
            frame.NameTimeMatch = match;
            if (isRoot)
            {
                // This one counts, whatever its value is.
                _isTimeOfRoot = true;
                ForgetTime();
            }
        }
        else if (_timePath[match] == '.')
        {
            frame.NameTimeMatch = match + 1;
        }
    }

    private void KeepTime(ReadOnlySpan<byte> value, bool isString)
    {
        ref var frame = ref _frames[_open - 1];
        if (!frame.IsObject || frame.NameTimeMatch != _timePath.Length || (_isTimeOfRoot && _open > 1))
        {
            return;
        }

        // One byte of a text is at most one escape.
        const int ContentMax = FieldWriter.TimeBytesMax * EscapeBytes;
        Span<byte> text = stackalloc byte[JsonString.DecodedLengthMax(ContentMax)];
        var time = value.Length > ContentMax ? [] : isString ? text[..JsonString.Decode(value, text)] : value;
        _fields.SetTime(time);
        _timeMember = frame.Member;
        if (_open == 1 && !_fields.Time.IsEmpty && _timePath.SequenceEqual("@timestamp"u8))
        {
            _table.Remove(frame.Member, frame.Object);
            _fields.IsTimeLeftOut = true;
        }
    }

    private void ForgetTime()
    {
        _timeMember = -1;
        _fields.SetTime([]);
        _fields.IsTimeLeftOut = false;
    }
}
