using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

public sealed class LineLimitTests
{
    [Theory]
    [InlineData("plain", 5)]
    [InlineData("""\n\"\\""", 3)]
    [InlineData("""\u0041""", 1)]
    [InlineData("""\u00fc""", 2)]
    [InlineData("""\u8a9e""", 3)]
    [InlineData("""\ud83d\ude42""", 4)]
    [InlineData("""\ud83d""", 3)]
    [InlineData("ü🙂", 6)]
    [InlineData("""before \n after \u00fc""", 17)]
    [InlineData("", 0)]
    public void DecodedBytes_Escapes_CountAsTheProgramWroteThem(string escaped, int expected) =>
        Assert.Equal(expected, LineLimit.DecodedBytes(Encoding.UTF8.GetBytes(escaped)));

    [Fact]
    public void Cut_EscapedAtEveryLimit_IsWholeJsonWithinIt()
    {
        var text = Encoding.UTF8.GetBytes("""a\n\u003c\u00fcü語\u8a9e🙂\ud83d\ude42\\\"end""");
        var whole = Decode(text);
        for (var limit = 0; limit <= text.Length; limit++)
        {
            var kept = LineLimit.Cut(text, isEscaped: true, limit, out var cutBytes);

            var decoded = Decode(kept);
            Assert.StartsWith(decoded, whole, StringComparison.Ordinal);
            Assert.InRange(Encoding.UTF8.GetByteCount(decoded), Math.Min(limit, Encoding.UTF8.GetByteCount(whole)) - 3, limit);
            Assert.Equal(Encoding.UTF8.GetByteCount(whole) - Encoding.UTF8.GetByteCount(decoded), cutBytes);
        }
    }

    [Fact]
    public void Cut_RawAtEveryLimit_KeepsCharactersWhole()
    {
        var text = "aüb語c🙂d🙂"u8;
        for (var limit = 0; limit <= text.Length; limit++)
        {
            var kept = LineLimit.Cut(text, isEscaped: false, limit, out var cutBytes);

            Assert.True(Utf8.IsValid(kept), $"Cut at {limit}.");
            Assert.InRange(kept.Length, Math.Max(0, limit - 3), limit);
            Assert.Equal(text.Length - kept.Length, cutBytes);
        }
    }

    [Fact]
    public void Cut_RawBytesThatAreNoUtf8_KeepsUpToTheLimit()
    {
        byte[] text = [0x80, 0x81, 0x82, 0x83, 0x84, 0xff, 0xff, 0xff];

        Assert.Equal(5, LineLimit.Cut(text, isEscaped: false, 5, out var cutBytes).Length);
        Assert.Equal(3, cutBytes);
    }

    private static string Decode(ReadOnlySpan<byte> escaped)
    {
        byte[] quoted = [(byte)'"', .. escaped, (byte)'"'];
        return JsonSerializer.Deserialize<string>(quoted)!;
    }
}
