using System.Text;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Records.Formats;

/// <summary>What a field of a record may be called: names that a record cannot set, and names that Elasticsearch refuses, become others.</summary>
/// <remarks>
/// <para>
/// To the server <c>a.b</c> is the member <c>b</c> of <c>a</c>. It refuses a name with a part that is empty or blank: <c>""</c>,
/// <c>" "</c>, <c>a..b</c>, <c>.a</c>. Such a part becomes <c>_</c>, also at the end, where some versions take it.
/// </para>
/// <para>
/// The part that makes a name the agent's gets a <c>_</c> behind it: <c>offset_</c> and <c>log_.level</c> in log-pilot's shape,
/// <c>log.file_.path</c> in ECS. So does one where the value is of a kind that the agent's fields beside it do not allow.
/// </para>
/// </remarks>
internal sealed class FieldNames(AgentFields fields)
{
    private readonly FieldPlaces _places = fields.Places;

    /// <summary>Where a name leads to; <see cref="FieldPlaces.Own"/> if it cannot stay as it is.</summary>
    /// <param name="parent">The place of the object that the name is in.</param>
    /// <param name="isGiven">
    /// The name comes from <see cref="Write"/>. Those that begin as the agent's do are among themselves then, since none of the
    /// agent's ends so; a tag's may.
    /// </param>
    public int PlaceOf(ReadOnlySpan<byte> name, int parent, bool isGiven = false)
    {
        while (true)
        {
            var dot = name.IndexOf((byte)'.');
            var part = dot < 0 ? name : name[..dot];
            if (IsBlank(part))
            {
                return FieldPlaces.Own;
            }

            parent = parent == FieldPlaces.Free ? parent : _places.Find(parent, part, isGiven);
            if (dot < 0)
            {
                return parent;
            }

            if (!Suits(parent, (byte)'{'))
            {
                return FieldPlaces.Own;
            }

            name = name[(dot + 1)..];
        }
    }

    /// <summary>Whether a value can be where its name leads to: an object where the agent has members, a scalar where it has a value.</summary>
    /// <param name="value">The value's first byte.</param>
    public bool Suits(int place, byte value) => place switch
    {
        FieldPlaces.Free => true,
        FieldPlaces.Own => false,
        _ => _places.DefaultOf(place) == 0 ? value == '{' : value is not ((byte)'{' or (byte)'['),
    };

    /// <summary>The bit of the agent's field that the record's own of this place replaces.</summary>
    public int DefaultOf(int place) => place < 0 ? 0 : _places.DefaultOf(place);

    /// <summary>How many bytes <see cref="Write"/> needs at most.</summary>
    public int LengthMax(ReadOnlySpan<byte> name) => (2 * name.Length) + 2 + _places.PartBytesMax;

    /// <summary>Writes the name that one gets that cannot stay as it is.</summary>
    /// <param name="parent">The place of the object that the name is in.</param>
    /// <param name="value">The value's first byte.</param>
    /// <returns>How many bytes it is.</returns>
    public int Write(ReadOnlySpan<byte> name, int parent, byte value, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var dot = name.IndexOf((byte)'.');
            var part = dot < 0 ? name : name[..dot];
            part = IsBlank(part) ? "_"u8 : part;
            part.CopyTo(target[written..]);
            var length = part.Length;
            if (_places.BeginsAsOwn(parent, part))
            {
                target[written + length++] = (byte)'_';
            }

            written += parent == FieldPlaces.Free ? length : Rename(target[written..], length, value, isLast: dot < 0, ref parent);
            if (dot < 0)
            {
                return written;
            }

            target[written++] = (byte)'.';
            name = name[(dot + 1)..];
        }
    }

    /// <summary>The names that fields of a format get whose names are known before: each name once.</summary>
    public string[] OfDeclared(IEnumerable<string> names)
    {
        var taken = new HashSet<string>();
        var given = new List<string>();
        foreach (var name in names)
        {
            var one = OfDeclared(name);
            while (!taken.Add(one))
            {
                one = Rename(one + "_");
            }

            given.Add(one);
        }

        return [.. given];
    }

    /// <summary>The name that a field of a format gets whose value is a text or a number.</summary>
    public string OfDeclared(string name) => Rename(fields.Shape == DocumentShape.Ecs ? name : ParsedFieldName.Of(name));

    /// <summary>The fields that the agent leaves out beside fields of these names.</summary>
    public int DefaultsOf(IEnumerable<string> names)
    {
        var defaults = 0;
        foreach (var name in names)
        {
            defaults |= DefaultOf(PlaceOf(Encoding.UTF8.GetBytes(name), FieldPlaces.Root));
        }

        return defaults;
    }

    private string Rename(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (Suits(PlaceOf(bytes, FieldPlaces.Root, isGiven: true), (byte)'"'))
        {
            return name;
        }

        var target = new byte[LengthMax(bytes)];
        return Encoding.UTF8.GetString(target.AsSpan(0, Write(bytes, FieldPlaces.Root, (byte)'"', target)));
    }

    // What is below the new name is free.
    private int Rename(Span<byte> part, int length, byte value, bool isLast, ref int place)
    {
        var parent = place;
        place = _places.Find(parent, part[..length], isGiven: true);
        if (Suits(place, isLast ? value : (byte)'{'))
        {
            return length;
        }

        while (place != FieldPlaces.Free)
        {
            part[length++] = (byte)'_';
            place = _places.Find(parent, part[..length], isGiven: true);
        }

        return length;
    }

    private static bool IsBlank(ReadOnlySpan<byte> part)
    {
        if (!part.IsEmpty && part[0] is > (byte)' ' and < 0x80)
        {
            return false;
        }

        while (!part.IsEmpty)
        {
            Rune.DecodeFromUtf8(part, out var rune, out var bytes);
            if (!IsBlank(rune.Value))
            {
                return false;
            }

            part = part[bytes..];
        }

        return true;
    }

    // Java's Character.isWhitespace, which is what the server asks: no-break spaces are none, separators of ASCII are.
    private static bool IsBlank(int rune) =>
        rune is ' ' or (>= 0x9 and <= 0xd) or (>= 0x1c and <= 0x1f)
        || (rune >= 0x1680 && rune is 0x1680 or (>= 0x2000 and <= 0x200a and not 0x2007) or 0x2028 or 0x2029 or 0x205f or 0x3000);
}
