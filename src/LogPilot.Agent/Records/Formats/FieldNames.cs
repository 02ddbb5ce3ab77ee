using System.Text;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Records.Formats;

/// <summary>What a field may be called: names that a record cannot set, and names that Elasticsearch refuses, become others.</summary>
/// <remarks>
/// <para>
/// To the server <c>a.b</c> is the member <c>b</c> of <c>a</c>. It refuses a name with a part that is empty or blank: <c>""</c>,
/// <c>" "</c>, <c>a..b</c>, <c>.a</c>. Such a part becomes <c>_</c>, also at the end, where some versions take it.
/// </para>
/// <para>
/// At the root the first part counts for what is reserved: it gets a <c>_</c> behind it, as in <c>offset_</c> and <c>log_.level</c>.
/// </para>
/// </remarks>
internal sealed class FieldNames
{
    private static readonly byte[][] Prefixes = [.. ReservedFields.PrefixesInRecords.Select(Encoding.UTF8.GetBytes)];

    // By length, so that a name is compared with one or two of them.
    private readonly byte[][][] _reserved;

    // Most names begin as none of them does.
    private readonly bool[] _isFirstByte = new bool[256];

    /// <param name="ownNames">
    /// The names of all other fields of the documents: tags and what the container is called by. Those of
    /// <see cref="ReservedFields"/> are reserved anyway.
    /// </param>
    public FieldNames(IEnumerable<string> ownNames)
    {
        List<byte[]> names = [.. ReservedFields.InRecords.Concat(ownNames).Select(ReservedFields.FirstPart).Distinct().Select(Encoding.UTF8.GetBytes)];
        foreach (var name in names.Concat(Prefixes).Where(name => name.Length > 0))
        {
            _isFirstByte[name[0]] = true;
        }

        var byLength = names.ToLookup(name => name.Length);
        _reserved = [.. Enumerable.Range(0, names.Max(name => name.Length) + 1).Select(length => byLength[length].ToArray())];
    }

    /// <summary>Whether a name can stay as it is.</summary>
    public bool IsFine(ReadOnlySpan<byte> name, bool isRoot)
    {
        var dot = name.IndexOf((byte)'.');
        var first = dot < 0 ? name : name[..dot];
        if (isRoot && !first.IsEmpty && _isFirstByte[first[0]] && (IsReserved(first) || HasReservedPrefix(first)))
        {
            return false;
        }

        while (dot >= 0)
        {
            if (IsBlank(name[..dot]))
            {
                return false;
            }

            name = name[(dot + 1)..];
            dot = name.IndexOf((byte)'.');
        }

        return !IsBlank(name);
    }

    /// <summary>Whether a field that is not of the record has this name, or may have it.</summary>
    public bool IsReserved(ReadOnlySpan<byte> firstPart)
    {
        if (firstPart.Length < _reserved.Length)
        {
            foreach (var reserved in _reserved[firstPart.Length])
            {
                if (firstPart.SequenceEqual(reserved))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>How many bytes <see cref="Write"/> needs at most.</summary>
    public int LengthMax(ReadOnlySpan<byte> name) => (2 * name.Length) + 1 + _reserved.Length;

    /// <summary>Writes the name that one that is not fine gets.</summary>
    /// <returns>How many bytes it is.</returns>
    public int Write(ReadOnlySpan<byte> name, bool isRoot, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var dot = name.IndexOf((byte)'.');
            var part = dot < 0 ? name : name[..dot];
            part = IsBlank(part) ? "_"u8 : part;
            part.CopyTo(target[written..]);
            written += part.Length;
            if (isRoot)
            {
                written = Rename(target, written);
                isRoot = false;
            }

            if (dot < 0)
            {
                return written;
            }

            target[written++] = (byte)'.';
            name = name[(dot + 1)..];
        }
    }

    // The names that begin as the agent's do stay among themselves, since none of the agent's ends so: a tag's may.
    private int Rename(Span<byte> target, int written)
    {
        if (HasReservedPrefix(target[..written]))
        {
            target[written++] = (byte)'_';
        }

        while (IsReserved(target[..written]))
        {
            target[written++] = (byte)'_';
        }

        return written;
    }

    private static bool HasReservedPrefix(ReadOnlySpan<byte> name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
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
