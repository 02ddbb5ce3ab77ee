using System.Runtime.CompilerServices;
using System.Text;

namespace LogPilot.Agent.Records;

/// <summary>The names of the agent's fields as a tree: what each object of a document has of them.</summary>
/// <remarks>
/// A place is an object that the agent has members in, or a field that it leaves to a record that brings it. A name leads from one
/// place to another, part by part, and whatever is below no place need not be looked at.
/// </remarks>
internal sealed class FieldPlaces
{
    /// <summary>The document itself.</summary>
    public const int Root = 0;

    /// <summary>The agent has nothing of this name, and nothing below it.</summary>
    public const int Free = -1;

    /// <summary>The name is the agent's, and whatever is below it.</summary>
    public const int Own = -2;

    private readonly byte[][] _prefixes;
    private Place[] _places = [new Place()];

    /// <param name="own">What nothing else can set, from the root.</param>
    /// <param name="defaults">What the agent leaves to a record that brings it. The first one is bit 0.</param>
    /// <param name="prefixes">A name of the root that begins so is the agent's, whether it has a field of that name or not.</param>
    public FieldPlaces(IEnumerable<string> own, IReadOnlyList<string> defaults, IEnumerable<string> prefixes)
    {
        _prefixes = [.. prefixes.Select(Encoding.UTF8.GetBytes)];
        foreach (var prefix in _prefixes)
        {
            _places[Root].FirstBytes |= BitOf(prefix);
        }

        for (var i = 0; i < defaults.Count; i++)
        {
            Add(defaults[i], isOwn: false, 1 << i);
        }

        foreach (var name in own)
        {
            Add(name, isOwn: true, 0);
        }
    }

    /// <summary>The most bytes that a part of a name has.</summary>
    public int PartBytesMax { get; private set; }

    /// <summary>What one part of a name leads to.</summary>
    /// <param name="isGiven">It may begin with one of the prefixes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int parent, ReadOnlySpan<byte> part, bool isGiven) =>
        part.IsEmpty || (_places[parent].FirstBytes & BitOf(part)) == 0 ? Free
        : !isGiven && BeginsAsOwn(parent, part) ? Own
        : Find(_places[parent], part);

    /// <summary>Whether one of the prefixes makes a name the agent's.</summary>
    public bool BeginsAsOwn(int parent, ReadOnlySpan<byte> part)
    {
        if (parent != Root)
        {
            return false;
        }

        foreach (var prefix in _prefixes)
        {
            if (part.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The bit of a field that the agent leaves to the record; zero for an object that it has members in.</summary>
    public int DefaultOf(int place) => _places[place].Default;

    // Most names begin as none of these does.
    private static ulong BitOf(ReadOnlySpan<byte> part) => 1UL << (part[0] & 63);

    private static int Find(Place place, ReadOnlySpan<byte> part)
    {
        if (part.Length < place.ByLength.Length)
        {
            foreach (var (name, found) in place.ByLength[part.Length])
            {
                if (part.SequenceEqual(name))
                {
                    return found;
                }
            }
        }

        return Free;
    }

    private void Add(string name, bool isOwn, int bit)
    {
        var parent = Root;
        var parts = name.Split('.');
        for (var i = 0; i < parts.Length && parent >= 0; i++)
        {
            var part = Encoding.UTF8.GetBytes(parts[i]);
            var isLast = i == parts.Length - 1;
            parent = Find(_places[parent], part) is var found and not Free && !(isLast && isOwn)
                ? found
                : Add(_places[parent], part, isLast && isOwn);
        }

        if (parent > Root && bit != 0)
        {
            _places[parent].Default = bit;
        }
    }

    private int Add(Place parent, byte[] part, bool isOwn)
    {
        if (part.Length == 0)
        {
            return Own;
        }

        var added = isOwn ? Own : _places.Length;
        if (!isOwn)
        {
            _places = [.. _places, new Place()];
        }

        if (part.Length >= parent.ByLength.Length)
        {
            var before = parent.ByLength.Length;
            Array.Resize(ref parent.ByLength, part.Length + 1);
            Array.Fill(parent.ByLength, [], before, parent.ByLength.Length - before);
        }

        // What is the agent's as a whole comes before what it has been so far.
        ref var names = ref parent.ByLength[part.Length];
        names = [(part, added), .. names.Where(one => !one.Name.AsSpan().SequenceEqual(part))];
        parent.FirstBytes |= BitOf(part);
        PartBytesMax = Math.Max(PartBytesMax, part.Length);
        return added;
    }

    private sealed class Place
    {
        public (byte[] Name, int Place)[][] ByLength = [];
        public ulong FirstBytes;
        public int Default;
    }
}
