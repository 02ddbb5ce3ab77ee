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
        var lines = SeenLine.Read(new DecodedReader(new RawReader(new LineOptions()), Encoding.GetEncoding("gbk")), [0x61, 0xff, 0x0a]);

        Assert.Equal("a?", Assert.Single(lines).Text.Replace('\uFFFD', '?'));
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
