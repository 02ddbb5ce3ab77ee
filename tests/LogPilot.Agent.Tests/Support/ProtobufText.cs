using System.Text;

namespace LogPilot.Agent.Tests.Support;

/// <summary>Writes protobuf messages: <c>Message(Field(1, "text"), Field(2, 5))</c>.</summary>
internal static class ProtobufText
{
    public static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    public static byte[] Field(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];

    public static byte[] Field(int number, byte[] message) =>
        [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)message.Length), .. message];

    public static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    /// <summary>One entry of a map.</summary>
    public static byte[] Entry(int number, string key, string value) => Field(number, Message(Field(1, key), Field(2, value)));

    private static List<byte> Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }
}
