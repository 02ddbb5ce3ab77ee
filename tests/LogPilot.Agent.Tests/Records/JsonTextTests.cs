using System.Text;
using System.Text.Json;
using LogPilot.Agent.Records;

namespace LogPilot.Agent.Tests.Records;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\"\\/", "\\\"\\\\/")]
    [InlineData("\n\r\t\b\f", "\\n\\r\\t\\b\\f")]
    [InlineData("\0\u001b\u001f\u007f", "\\u0000\\u001b\\u001f\u007f")]
    [InlineData("ü語🙂\u2028", "ü語🙂\u2028")]
    [InlineData("", "")]
    public void Write_Text_EscapesWhatMustBeEscaped(string text, string expected) =>
        Assert.Equal(expected, Write(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("ff", "\uFFFD")]
    [InlineData("61c3", "a\uFFFD")]
    [InlineData("c328", "\uFFFD(")]
    [InlineData("eda080", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("f09f99", "\uFFFD")]
    [InlineData("0aff22", "\\n\uFFFD\\\"")]
    public void Write_BytesThatAreNoUtf8_AreReplaced(string hex, string expected) =>
        Assert.Equal(expected, Write(Convert.FromHexString(hex)));

    [Fact]
    public void Write_EveryByteAloneAndInText_DecodesToWhatItWas()
    {
        for (var value = 0; value < 256; value++)
        {
            CheckDecodes([(byte)value]);
            CheckDecodes([(byte)'a', (byte)value, (byte)'b']);
            CheckDecodes([0xc3, (byte)value, (byte)value]);
        }
    }

    [Fact]
    public void Write_RandomBytes_DecodesToWhatTheyWere()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        var bytes = new byte[40];
        for (var round = 0; round < 5000; round++)
        {
            var length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            try
            {
                CheckDecodes(bytes[..length]);
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {Seed}, round {round}, bytes {Convert.ToHexString(bytes, 0, length)}: {failure.Message}");
            }
        }
    }

    private static void CheckDecodes(byte[] bytes)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{Write(bytes)}\""));

        Assert.True(json.Read());
        Assert.Equal(Encoding.UTF8.GetString(bytes), json.GetString());
    }

    private static string Write(byte[] text)
    {
        // Exactly as much room as is promised to be enough.
        var target = new byte[JsonText.LengthOf(text)];
        Assert.Equal(target.Length, JsonText.Write(text, target));
        Assert.True(target.Length <= text.Length * JsonText.ExpansionMax);
        return Encoding.UTF8.GetString(target);
    }
}
