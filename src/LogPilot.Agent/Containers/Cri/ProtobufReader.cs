using System.Buffers.Binary;
using System.Text;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>Reads the fields of one protobuf message, one after the other.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding/. Groups, which proto3 has not, are refused.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int VarintBytesMax = 10;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, if it is a number; bits as they stand.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value, if it is a text or a message; otherwise empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <exception cref="InvalidDataException">This is no message.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        Field = tag >> 3 is > 0 and <= int.MaxValue and var field ? (int)field : throw Invalid("a field has no number");
        Number = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case 2:
                Bytes = Take(Varint());
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
                break;
            default:
                throw Invalid($"field {Field} has the unknown type {tag & 7}");
        }

        return true;
    }

    private ulong Varint()
    {
        var value = 0ul;
        for (var i = 0; i < VarintBytesMax; i++)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7f) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Invalid("a number is too long");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Invalid("it ends in the middle of a field");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private static InvalidDataException Invalid(string reason) => new($"the answer is no protobuf message: {reason}.");
}
