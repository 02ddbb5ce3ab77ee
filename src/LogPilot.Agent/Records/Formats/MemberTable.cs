using System.IO.Hashing;

namespace LogPilot.Agent.Records.Formats;

/// <summary>
/// The members of one JSON record while it is copied: the name that each one had and the name that it was given, to find those that
/// are there twice, and where it stands, to take it out again. For record after record.
/// </summary>
/// <remarks>
/// A hash table, since a record may have a thousand members in one object. The object is part of what is hashed, so one table does for
/// all objects of a record, and the seed is this process's own, so that no container can choose names that fall together.
/// </remarks>
internal sealed class MemberTable
{
    // Another name than the text's stands in a buffer of its own. One that a long name has made larger than this is let go again.
    private const int KeptBytesMax = 16 * 1024;
    private const int SlotsMin = 64;

    // Twenty parts of a name and twenty arrays, with an object in each of both, and the root.
    private const int FramesMax = 64;

    private static readonly long Seed = Random.Shared.NextInt64();

    private Member[] _members = new Member[SlotsMin / 4];
    private Name[] _names = new Name[SlotsMin / 2];
    private int[] _slots = new int[SlotsMin];
    private byte[] _texts = new byte[256];
    private int _nameCount;
    private int _textLength;
    private bool _hasRemoved;
    private int _defaults;

    /// <summary>Room for the objects and arrays that are open at a time.</summary>
    public JsonFrame[] Frames { get; } = new JsonFrame[FramesMax];

    /// <summary>How many members were found, in all objects, with those that were removed.</summary>
    public int Count { get; private set; }

    /// <summary>How many members of the root there are, without those that were removed.</summary>
    public int RootCount { get; private set; }

    public void Clear()
    {
        // Only the slots that were used, since most records have a dozen names.
        for (var i = 0; i < _nameCount; i++)
        {
            _slots[_names[i].Slot] = 0;
        }

        Count = 0;
        RootCount = 0;
        _nameCount = 0;
        _textLength = 0;
        _hasRemoved = false;
        _defaults = 0;
        if (_texts.Length > KeptBytesMax)
        {
            _texts = new byte[KeptBytesMax];
        }
    }

    /// <summary>Room for the text of a name, which stays if <see cref="Keep"/> is called before room is asked for again.</summary>
    public Span<byte> RoomForName(int bytes)
    {
        if (_texts.Length - _textLength < bytes)
        {
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _textLength + bytes));
        }

        return _texts.AsSpan(_textLength, bytes);
    }

    /// <summary>Keeps what was written into the room, and returns where it is.</summary>
    public NameText Keep(int bytes)
    {
        var kept = new NameText(_textLength, bytes, IsOwnText: true);
        _textLength += bytes;
        return kept;
    }

    public ReadOnlySpan<byte> Text(NameText name, ReadOnlySpan<byte> record) =>
        (name.IsOwnText ? _texts : record).Slice(name.Start, name.Length);

    /// <summary>What is known of a name in an object.</summary>
    public FoundName Find(int parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> record)
    {
        var found = new FoundName { Hash = (uint)XxHash3.HashToUInt64(name, Seed + parent), Index = -1 };
        for (var slot = SlotOf(found.Hash); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            ref var known = ref _names[_slots[slot] - 1];
            if (known.Hash == found.Hash && known.Parent == parent && Text(known.Text, record).SequenceEqual(name))
            {
                found.IsTaken |= known.IsGiven;
                found.Index = known.IsOriginal ? _slots[slot] - 1 : found.Index;
            }
        }

        return found;
    }

    /// <summary>A member whose name is new to its object, and stays.</summary>
    /// <param name="found">What <see cref="Find"/> has returned for the name.</param>
    /// <param name="start">Where the member begins.</param>
    /// <returns>The number of the member.</returns>
    public int Add(int parent, NameText name, FoundName found, int start)
    {
        ref var added = ref AddName(parent, name, found.Hash);
        added.Given = name;
        added.Member = Count;
        added.IsOriginal = true;
        added.IsGiven = true;
        return AddMember(parent, start);
    }

    /// <summary>A member whose name is new to its object, and becomes another one.</summary>
    public int Add(int parent, NameText original, FoundName found, NameText given, FoundName foundGiven, int start)
    {
        ref var added = ref AddName(parent, original, found.Hash);
        added.Given = given;
        added.Member = Count;
        added.IsOriginal = true;
        AddName(parent, given, foundGiven.Hash).IsGiven = true;
        return AddMember(parent, start);
    }

    /// <summary>The member whose name was found goes, and a new one takes its place.</summary>
    /// <param name="found">What <see cref="Find"/> has returned.</param>
    /// <returns>The number of the new member.</returns>
    public int Replace(FoundName found, int start)
    {
        ref var name = ref _names[found.Index];
        Remove(name.Member, name.Parent);
        name.Member = Count;
        return AddMember(name.Parent, start);
    }

    /// <summary>The same, where the name that the one before was given does not suit the new one.</summary>
    public int Replace(FoundName found, NameText given, FoundName foundGiven, int start)
    {
        ref var name = ref _names[found.Index];
        name.Given = given;
        AddName(name.Parent, given, foundGiven.Hash).IsGiven = true;
        return Replace(found, start);
    }

    /// <summary>The member is one that the agent leaves out for it.</summary>
    public void SetDefault(int member, int bit)
    {
        _members[member].Default = bit;
        _defaults |= bit;
    }

    /// <summary>Which of these are there in the end: one may be gone with the object that it was in.</summary>
    public int GivenDefaults()
    {
        if (_defaults == 0 || !_hasRemoved)
        {
            return _defaults;
        }

        var given = 0;
        for (var i = 0; i < Count;)
        {
            ref readonly var member = ref _members[i];
            given |= member.IsRemoved ? 0 : member.Default;
            i = member.IsRemoved ? member.Next : i + 1;
        }

        return given;
    }

    /// <summary>The member that has the name that was found.</summary>
    public int MemberOf(FoundName found) => _names[found.Index].Member;

    /// <summary>The name that was given to it.</summary>
    public NameText GivenName(FoundName found) => _names[found.Index].Given;

    public void End(int member, int end)
    {
        _members[member].End = end;
        _members[member].Next = Count;
    }

    /// <summary>Whether a member is another one or inside of it.</summary>
    public bool Contains(int outer, int member) => member >= outer && member < _members[outer].Next;

    public void Remove(int member, int parent)
    {
        RootCount -= parent == 0 && !_members[member].IsRemoved ? 1 : 0;
        _members[member].IsRemoved = true;
        _hasRemoved = true;
    }

    /// <summary>Takes out what was removed, each with one comma.</summary>
    /// <returns>How long the members are then.</returns>
    public int TakeOutRemoved(Span<byte> json)
    {
        if (!_hasRemoved)
        {
            return json.Length;
        }

        var read = 0;
        var written = 0;
        foreach (ref readonly var member in _members.AsSpan(0, Count))
        {
            // What is inside of one that is gone is gone already.
            if (!member.IsRemoved || member.Start < read)
            {
                continue;
            }

            json[read..member.Start].CopyTo(json[written..]);
            written += member.Start - read;
            read = member.End;
            if (read < json.Length && json[read] == (byte)',')
            {
                read++;
            }
            else if (written > 0 && json[written - 1] == (byte)',')
            {
                written--;
            }
        }

        json[read..].CopyTo(json[written..]);
        return written + json.Length - read;
    }

    private int SlotOf(uint hash) => (int)hash & (_slots.Length - 1);

    private int AddMember(int parent, int start)
    {
        if (Count == _members.Length)
        {
            Array.Resize(ref _members, Count * 2);
        }

        _members[Count] = new() { Start = start };
        RootCount += parent == 0 ? 1 : 0;
        return Count++;
    }

    private ref Name AddName(int parent, NameText text, uint hash)
    {
        if (_nameCount == _names.Length)
        {
            Grow();
        }

        ref var added = ref _names[_nameCount];
        added = new() { Hash = hash, Parent = parent, Text = text };
        Place(_nameCount++);
        return ref added;
    }

    // At most half of the slots are used.
    private void Grow()
    {
        Array.Resize(ref _names, _names.Length * 2);
        _slots = new int[_names.Length * 2];
        for (var i = 0; i < _nameCount; i++)
        {
            Place(i);
        }
    }

    private void Place(int name)
    {
        var slot = SlotOf(_names[name].Hash);
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = name + 1;
        _names[name].Slot = slot;
    }

    // Where a member stands in what was written, and the number of the first one behind it.
    private struct Member
    {
        public int Start;
        public int End;
        public int Next;
        public int Default;
        public bool IsRemoved;
    }

    private struct Name
    {
        public uint Hash;
        public int Parent;
        public int Slot;
        public int Member;
        public NameText Text;
        public NameText Given;
        public bool IsOriginal;
        public bool IsGiven;
    }
}
