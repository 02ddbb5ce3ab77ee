using System.Text;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Records.Formats;

/// <summary>The format <c>regexp</c>: the named groups of an expression are the fields.</summary>
/// <remarks>
/// As in fluentd, a group that took no part in the match is left out, and one that matched nothing is an empty text. The only
/// format that allocates, for records that match: a string of the text, and what .NET makes to tell where the groups are.
/// </remarks>
internal sealed class RegexpFormat : IRecordFormat
{
    /// <summary>The group whose text is the time of a record, as in fluentd.</summary>
    public const string TimeGroup = "time";

    private readonly BoundedRegex _regex;
    private readonly (string Group, byte[] Name)[] _fields;
    private readonly string _timeGroup;

    /// <param name="regex">Owned by this format.</param>
    /// <param name="names">What the groups may be called.</param>
    public RegexpFormat(BoundedRegex regex, FieldNames names, string timeGroup = TimeGroup)
    {
        _regex = regex;
        _timeGroup = timeGroup;
        _fields = new (string, byte[])[regex.Groups.Count];

        // The name of a group has no dots, so it is none of those that the agent leaves to records.
        var given = names.OfDeclared(regex.Groups);
        for (var i = 0; i < _fields.Length; i++)
        {
            _fields[i] = (regex.Groups[i], FieldWriter.Encode(given[i]));
        }
    }

    public bool TryParse(ReadOnlySpan<byte> text, FieldWriter fields)
    {
        if (_regex.Match(text) is not { } groups)
        {
            return false;
        }

        // Then the groups' places in the characters are their places in the text.
        var isAscii = Ascii.IsValid(text);
        foreach (var (name, encodedName) in _fields)
        {
            var group = groups[name];
            if (group.Success)
            {
                var value = isAscii ? text.Slice(group.Index, group.Length) : Encode(group.ValueSpan);
                Add(fields, name, encodedName, value);
            }
        }

        return true;
    }

    private void Add(FieldWriter fields, string group, byte[] name, ReadOnlySpan<byte> value)
    {
        fields.AddText(name, value);
        if (group == _timeGroup)
        {
            fields.SetTime(value);
        }
    }

    private static ReadOnlySpan<byte> Encode(ReadOnlySpan<char> value)
    {
        var bytes = Scratch.Value.Room(Encoding.UTF8.GetMaxByteCount(value.Length));
        return bytes[..Encoding.UTF8.GetBytes(value, bytes)];
    }
}
