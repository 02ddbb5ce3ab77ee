using System.Text;

namespace LogPilot.Agent.Records;

/// <summary>A set of names that is asked with their bytes. By length, so that a name is compared with one or two of them.</summary>
internal sealed class ByteNames
{
    private readonly byte[][][] _byLength;

    public ByteNames(IEnumerable<string> names)
    {
        var encoded = names.Distinct().Select(Encoding.UTF8.GetBytes).ToArray();
        var lengthMax = 0;
        foreach (var name in encoded)
        {
            lengthMax = Math.Max(lengthMax, name.Length);
        }

        _byLength = new byte[lengthMax + 1][][];
        for (var length = 0; length <= lengthMax; length++)
        {
            _byLength[length] = Array.FindAll(encoded, name => name.Length == length);
        }
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
