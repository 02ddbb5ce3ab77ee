namespace LogPilot.Agent.Records.Formats;

/// <summary>One pass over a record: checks that it is a JSON object and copies its members.</summary>
internal ref struct JsonPass
{
    // The server's own limit, index.mapping.depth.limit: parts of a name from the root, whether by objects or by dots. OpenSearch has
    // the same for arrays in arrays, and counts those of all parents.
    private const int DepthMax = 20;

    // Only a record that is made for it has more names that become the same one; finding one that is free takes time.
    private const int UnderscoresMax = 8;

    private readonly FieldWriter _fields;
    private readonly FieldNames _names;
    private readonly MemberTable _table;
    private readonly Span<JsonFrame> _frames;
    private JsonCursor _cursor;
    private JsonTime _time;
    private int _open;
    private int _openArrays;
    private int _objects;

    public JsonPass(ReadOnlySpan<byte> text, FieldWriter fields, FieldNames names, ReadOnlySpan<byte> timePath)
    {
        _fields = fields;
        _names = names;
        _table = fields.Table;
        _frames = _table.Frames;
        _cursor = new JsonCursor(text, fields);
        _time = new JsonTime(timePath, fields);
    }

    public bool Run()
    {
        _table.Clear();
        _cursor.Advance(_cursor.Text.StartsWith("\uFEFF"u8) ? 3 : 0);
        _cursor.BeginRun(_cursor.Position);
        _cursor.SkipBlanks();
        if (_cursor.Next != '{')
        {
            return false;
        }

        // The braces of the root are not part of the members.
        _cursor.BeginRun(_cursor.Position + 1);
        if (!ReadValues())
        {
            return false;
        }

        _cursor.Flush(_cursor.Position - 1);
        _cursor.BeginRun(_cursor.Position);
        _cursor.SkipBlanks();
        _fields.EndMembers();
        return _cursor.Rest.IsEmpty;
    }

    /// <summary>Reads the root and all that is in it. No recursion: a record's depth is its container's choice.</summary>
    private bool ReadValues()
    {
        while (true)
        {
            if (_cursor.Next is (byte)'{' or (byte)'[')
            {
                if (!TryOpen(out var isEmpty))
                {
                    return false;
                }

                if (!isEmpty)
                {
                    continue;
                }
            }
            else if (!TryReadScalar())
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
                _table.End(frame.Member, _cursor.Written);
            }

            _cursor.SkipBlanks();
            if (_cursor.Next == ',')
            {
                _cursor.Advance(1);
                _cursor.SkipBlanks();
                return !frame.IsObject || TryReadName(ref frame);
            }

            if (_cursor.Next != (frame.IsObject ? '}' : ']'))
            {
                return false;
            }

            Close(frame.IsObject);
        }
    }

    private void Close(bool isObject)
    {
        _cursor.Advance(1);
        _open--;
        _openArrays -= isObject ? 0 : 1;
    }

    private bool TryOpen(out bool isEmpty)
    {
        isEmpty = false;
        var isObject = _cursor.Next == '{';

        // Of no parent is the root, and that is its place, too.
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
            Place = isObject ? parent.NamePlace : FieldPlaces.Free,
            NamePlace = FieldPlaces.Free,
            Depth = parent.NameDepth,
            NameDepth = parent.NameDepth,
            TimeMatch = !isObject ? -1 : _open == 1 ? _time.RootMatch : parent.NameTimeMatch,
            NameTimeMatch = -1,
        };
        _cursor.Advance(1);
        _cursor.SkipBlanks();
        if (_cursor.Next == (isObject ? '}' : ']'))
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
        var start = _cursor.Position;
        var memberStart = _cursor.Written;
        if (_table.Count == FieldWriter.FieldsMax || !TryFindName(out var original))
        {
            return false;
        }

        if (!TryAddMember(ref frame, original, memberStart, out var given))
        {
            return false;
        }

        if (given != original || original.IsOwnText)
        {
            _cursor.Flush(start);
            _fields.WriteText(_table.Text(given, _cursor.Text));
            _cursor.BeginRun(_cursor.Position);
        }

        frame.NameDepth = frame.Depth + 1 + _table.Text(given, _cursor.Text).Count((byte)'.');
        _cursor.SkipBlanks();
        if (frame.NameDepth > DepthMax || _cursor.Next != ':')
        {
            return false;
        }

        _cursor.Advance(1);
        _cursor.SkipBlanks();
        return true;
    }

    private bool TryAddMember(ref JsonFrame frame, NameText original, int start, out NameText given)
    {
        given = original;
        var name = _table.Text(original, _cursor.Text);
        _time.Match(ref frame, name, isRoot: _open == 1);
        var found = _table.Find(frame.Object, name, _cursor.Text);
        var place = _names.PlaceOf(name, frame.Place);
        var value = place >= 0 ? _cursor.PeekValue() : (byte)0;
        var isFine = _names.Suits(place, value);
        frame.NamePlace = FieldPlaces.Free;
        if (found.IsKnown)
        {
            _time.ForgetWith(_table.MemberOf(found));
            given = _table.GivenName(found);
            var isOther = place < 0 || !_table.Text(given, _cursor.Text).SequenceEqual(name);
            if (isFine || isOther)
            {
                frame.Member = _table.Replace(found, start);
                Enter(ref frame, isOther ? FieldPlaces.Free : place);
                return true;
            }
        }
        else if (isFine && !found.IsTaken)
        {
            frame.Member = _table.Add(frame.Object, original, found, start);
            Enter(ref frame, place);
            return true;
        }

        if (!TryRename(frame, name, value, out given, out var foundGiven))
        {
            return false;
        }

        frame.Member = found.IsKnown
            ? _table.Replace(found, given, foundGiven, start)
            : _table.Add(frame.Object, original, found, given, foundGiven, start);
        return true;
    }

    private readonly void Enter(ref JsonFrame frame, int place)
    {
        frame.NamePlace = place;
        if (_names.DefaultOf(place) is var bit and not 0)
        {
            _table.SetDefault(frame.Member, bit);
        }
    }

    private readonly bool TryRename(in JsonFrame frame, ReadOnlySpan<byte> name, byte value, out NameText given, out FoundName found)
    {
        given = default;
        found = default;
        var room = _table.RoomForName(_names.LengthMax(name) + UnderscoresMax + 1);
        var length = _names.Write(name, frame.Place, value, room);
        for (var underscores = 0; underscores <= UnderscoresMax; underscores++)
        {
            found = _table.Find(frame.Object, room[..length], _cursor.Text);

            // What was written is free; with underscores behind it may be the agent's again.
            var isFree = underscores == 0 || _names.PlaceOf(room[..length], frame.Place, isGiven: true) == FieldPlaces.Free;
            if (!found.IsTaken && isFree)
            {
                given = _table.Keep(length);
                return true;
            }

            room[length++] = (byte)'_';
        }

        return false;
    }

    // The name between its quotes, decoded.
    private bool TryFindName(out NameText name)
    {
        name = default;
        if (!_cursor.TryPassName(out var start, out var length))
        {
            return false;
        }

        if (length >= 0)
        {
            name = new(start, length, IsOwnText: false);
            return true;
        }

        var content = _cursor.Text[start..(_cursor.Position - 1)];
        name = _table.Keep(JsonString.Decode(content, _table.RoomForName(JsonString.DecodedLengthMax(content.Length))));
        return true;
    }

    private bool TryReadScalar()
    {
        var start = _cursor.Position;
        switch (_cursor.Next)
        {
            case (byte)'t':
                return _cursor.TrySkip("true"u8);
            case (byte)'f':
                return _cursor.TrySkip("false"u8);
            case (byte)'n':
                return _cursor.TrySkip("null"u8);
            case (byte)'"':
                if (!_cursor.TryCopyString())
                {
                    return false;
                }

                KeepTime(_cursor.Text[(start + 1)..(_cursor.Position - 1)], isString: true);
                return true;
            default:
                var length = JsonNumber.LengthOf(_cursor.Rest);
                KeepTime(_cursor.Rest[..length], isString: false);
                _cursor.Advance(length);
                return length > 0;
        }
    }

    private void KeepTime(ReadOnlySpan<byte> value, bool isString)
    {
        ref var frame = ref _frames[_open - 1];
        if (_time.Keep(frame, value, isString, isRoot: _open == 1))
        {
            _table.Remove(frame.Member, frame.Object);
        }
    }
}
