using System.Text;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

public sealed class DecodedReaderTests
{
    static DecodedReaderTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("gb18030")]
    [InlineData("gbk")]
    [InlineData("big5")]
    [InlineData("utf-8")]
    public void TryFind_TextInAnotherEncoding_IsUtf8WithTheOffsetsOfTheFile(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var file = encoding.GetBytes("錯誤 12\r\nplain\n中文\n");

        var lines = SeenLine.Read(new DecodedReader(new RawReader(new LineOptions()), encoding), file);

        Assert.Equal(["錯誤 12", "plain", "中文"], lines.Select(line => line.Text));
        Assert.Equal(file.Length, lines[^1].End);
    }

    [Fact]
    public void TryFind_BytesThatAreNoText_AreReplaced()
    {
        var lines = SeenLine.Read(new DecodedReader(new RawReader(new LineOptions()), Encoding.Unicode), [0x61, 0, 0, 0xd8, 0x62, 0, 0x0a]);

        Assert.Equal("a\uFFFDb", Assert.Single(lines).Text[..3]);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void TryFind_Utf16_EndsLinesAtTheirLf(string name)
    {
        // Of these characters one half is the byte of an LF.
        const string Text = "a\u0a0a\u010a\u0a01b\r\nc\n\n中文\n";
        var encoding = Encoding.GetEncoding(name);
        byte[] file = [.. encoding.GetPreamble(), .. encoding.GetBytes(Text)];
        var ending = name == "utf-16" ? LineEnding.Utf16 : LineEnding.Utf16BigEndian;
        var whole = SeenLine.Read(new DecodedReader(new RawReader(new LineOptions(), ending), encoding), file);
        for (var cut = 0; cut <= file.Length; cut++)
        {
            var reader = new DecodedReader(new RawReader(new LineOptions(), ending), encoding);
            var lines = SeenLine.Read(reader, file.AsSpan(0, cut));
            lines.AddRange(SeenLine.Read(reader, file));

            Assert.Equal(whole, lines);
        }

        Assert.Equal(["a\u0a0a\u010a\u0a01b", "c", "中文"], whole.Select(line => line.Text));
        Assert.Equal(file.Length, whole[^1].End);
    }

    [Fact]
    public void TryFind_OverlongLineOfUtf16_StaysOnWholeCharacters()
    {
        byte[] file = [.. Encoding.Unicode.GetBytes(new string('\u00e9', 40) + "\nnext\n")];
        var reader = new DecodedReader(new RawReader(new LineOptions { LineBytesMax = 21 }, LineEnding.Utf16), Encoding.Unicode);
        var lines = SeenLine.Read(reader, file.AsSpan(0, 33));

        lines.AddRange(SeenLine.Read(reader, file));

        Assert.Equal([new string('\u00e9', 10), "next"], lines.Select(line => line.Text));
    }

    [Fact]
    public void Seek_InTheMiddle_FindsTheLinesBehind()
    {
        var file = Encoding.Latin1.GetBytes("é\nü\n");
        var reader = new DecodedReader(new RawReader(new LineOptions()), Encoding.Latin1);
        reader.Seek(2);

        Assert.Equal("ü", Assert.Single(SeenLine.Read(reader, file, ChunkEnd.Final)).Text);
    }
}
