using System.Text;

namespace LogPilot.Agent.Records;

/// <summary>A set of names that is asked with their bytes. By length, so that a name is compared with one or two of them.</summary>
internal sealed class ByteNames
{
    private readonly byte[][][] _byLength;

    public ByteNames(IEnumerable<string> names)
    {
        var encoded = names.Distinct().Select(Encoding.UTF8.GetBytes).ToLookup(name => name.Length);
        _byLength = [.. Enumerable.Range(0, encoded.Max(group => (int?)group.Key) + 1 ?? 0).Select(length => encoded[length].ToArray())];
    }

    public bool Contains(ReadOnlySpan<byte> name)
    {
        if (name.Length >= _byLength.Length)
        {
            return false;
        }

        foreach (var one in _byLength[name.Length])
        {
            if (name.SequenceEqual(one))
            {
                return true;
            }
        }

        return false;
    }
}
