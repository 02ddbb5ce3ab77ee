namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>Makes inputs that are almost right of inputs that are right: the same seed makes the same ones.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus, IReadOnlyList<string> tokens)
{
    private const int ChangesMax = 8;
    private const int BytesMax = 1 << 20;
    private const int HoleBytesMax = 1500;

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = new List<byte>(corpus[_random.Next(corpus.Count)]);
        for (var changes = _random.Next(1, ChangesMax); changes > 0; changes--)
        {
            Change(bytes);
        }

        return bytes.Count > BytesMax ? [.. bytes.Take(BytesMax)] : [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var rest = bytes.Count - at;
        switch (_random.Next(9))
        {
            case 0 when rest > 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when rest > 0:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, _random.Next(Math.Min(rest, 64) + 1));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, _random.Next(Math.Min(rest, 256) + 1)));
                break;
            case 4:
                bytes.InsertRange(at, Token());
                break;
            case 5 when rest > 0:
                Overwrite(bytes, at, Token());
                break;
            case 6:
                Splice(bytes, at);
                break;
            case 7:
                bytes.RemoveRange(at, rest);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat((byte)(_random.Next(2) * 'a'), _random.Next(HoleBytesMax)));
                break;
        }
    }

    // The end of another input behind the beginning of this one.
    private void Splice(List<byte> bytes, int at)
    {
        var other = corpus[_random.Next(corpus.Count)];
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.Skip(_random.Next(other.Length + 1)));
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] token)
    {
        for (var i = 0; i < token.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = token[i];
        }
    }

    // Latin-1, so that a token can be any bytes.
    private byte[] Token() => System.Text.Encoding.Latin1.GetBytes(tokens[_random.Next(tokens.Count)]);
}
