using System.Text;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

public sealed class RawReaderTests
{
    [Fact]
    public void TryFind_LinesOfAnyKind_AreFoundWithoutTheirEnds()
    {
        var file = "\uFEFFone\r\ntwo\n\n\r\n a\rb \r\n\uFEFFthree\n"u8;

        var lines = SeenLine.Read(Reader(), file);

        Assert.Equal(["one", "two", " a\rb ", "\uFEFFthree"], lines.Select(line => line.Text));
        Assert.Equal(3, lines[0].Start);
        Assert.Equal(8, lines[0].End);
        Assert.Equal(file.Length, lines[^1].End);
        Assert.All(lines, line => Assert.Equal("", line.Time));
    }

    [Fact]
    public void TryFind_CutAtEveryPosition_GivesTheSameLines()
    {
        byte[] file = [.. "\uFEFFone\r\n\r\n"u8, .. new byte[2000], .. "two ü\n\n\nthree\n"u8];
        var whole = SeenLine.Read(Reader(), file);
        for (var cut = 0; cut <= file.Length; cut++)
        {
            var reader = Reader();
            var lines = SeenLine.Read(reader, file.AsSpan(0, cut));
            lines.AddRange(SeenLine.Read(reader, file));

            Assert.Equal(whole, lines);
        }

        Assert.Equal(["one", "two ü", "three"], whole.Select(line => line.Text));
    }

    // Wherever a chunk ended before, and so wherever reading starts again, a line has one id.
    [Fact]
    public void TryFind_HoleReadInPieces_StartsTheNextLineAtTheSameOffset()
    {
        byte[] file = [.. new byte[1500], .. "text\n"u8];
        for (var cut = 0; cut < file.Length; cut++)
        {
            var reader = Reader();
            Assert.Empty(SeenLine.Read(reader, file.AsSpan(0, cut)));
            var again = Reader();
            again.Seek(reader.Position);

            Assert.Equal([new SeenLine("text", 1500, 1505)], SeenLine.Read(again, file));
        }
    }

    [Theory]
    [InlineData(ChunkEnd.Full)]
    [InlineData(ChunkEnd.Final)]
    public void TryFind_NothingButAHole_IsNoLine(object end)
    {
        var reader = Reader();

        Assert.Empty(SeenLine.Read(reader, new byte[5000], (ChunkEnd)end));
    }

    [Fact]
    public void TryFind_FewNuls_AreText()
    {
        var line = Assert.Single(SeenLine.Read(Reader(), "\0\0a\0\n"u8));

        Assert.Equal("\0\0a\0", line.Text);
    }

    [Fact]
    public void TryFind_NoNewlineYet_Waits()
    {
        var reader = Reader();

        Assert.Empty(SeenLine.Read(reader, "half"u8));
        Assert.Equal(0, reader.Position);
        Assert.Equal("half a line", Assert.Single(SeenLine.Read(reader, "half a line\n"u8)).Text);
    }

    [Fact]
    public void TryFind_FinalWithoutNewline_IsALine()
    {
        var reader = Reader();

        var lines = SeenLine.Read(reader, "one\nhalf"u8, ChunkEnd.Final);

        Assert.Equal(["one", "half"], lines.Select(line => line.Text));
        Assert.Equal((8, 8), (reader.Position, reader.ResumeFrom));
        Assert.False(lines[1].IsTruncated);
    }

    [Fact]
    public void TryFind_OverLong_IsCutAndTheRestIsSkipped()
    {
        var reader = Reader(10);

        var lines = SeenLine.Read(reader, "0123456789abcdef\nnext\n"u8);

        Assert.Equal([("0123456789", true), ("next", false)], lines.Select(line => (line.Text, line.IsTruncated)));
        Assert.Equal(6, reader.CutBytes);
    }

    // The id is made from start and text, so these must not depend on how much of the line was there.
    [Fact]
    public void TryFind_OverLongInAnyTwoPieces_HasTheSameStartAndText()
    {
        var file = "one\nä123456üäö and the rest\r\nnext\n"u8.ToArray();
        var whole = SeenLine.Read(Reader(10), file);
        for (var cut = 0; cut <= file.Length; cut++)
        {
            var reader = Reader(10);
            var lines = SeenLine.Read(reader, file.AsSpan(0, cut));
            lines.AddRange(SeenLine.Read(reader, file));

            Assert.Equal(whole.Select(line => (line.Start, line.Text, line.IsTruncated)), lines.Select(line => (line.Start, line.Text, line.IsTruncated)));
            Assert.Equal(file.Length, reader.ResumeFrom);
        }
    }

    [Fact]
    public void ResumeFrom_WhileTheRestIsSkipped_IsTheStartOfTheLine()
    {
        var file = "one\n0123456789abcdef\nnext\n"u8;
        var reader = Reader(10);
        SeenLine.Read(reader, file[..16]);
        var delivered = reader.Position;
        Assert.Equal(4, reader.ResumeFrom);

        reader.Seek(reader.ResumeFrom);
        var again = SeenLine.Read(reader, file);

        Assert.Equal(["0123456789", "next"], again.Select(line => line.Text));
        Assert.True(again[0].End >= delivered);
    }

    [Fact]
    public void TryFind_FileEndsInTheSkippedRest_LeavesNothingOpen()
    {
        var reader = Reader(10);
        SeenLine.Read(reader, "0123456789abcdef"u8);
        Assert.Equal(0, reader.ResumeFrom);

        Assert.Empty(SeenLine.Read(reader, "0123456789abcdef"u8, ChunkEnd.Final));

        Assert.Equal((16, 16), (reader.Position, reader.ResumeFrom));
    }

    [Fact]
    public void TryFind_NotTaken_FindsTheSameAgain()
    {
        var reader = Reader(3);
        Assert.True(reader.TryFind("abcdef\n"u8, ChunkEnd.Open, out var first));
        var seen = SeenLine.Of(first);

        Assert.True(reader.TryFind("abcdef\n"u8, ChunkEnd.Open, out var second));

        Assert.Equal(seen, SeenLine.Of(second));
        reader.Take();
        Assert.Equal((7, 3), (reader.Position, reader.CutBytes));
    }

    private static RawReader Reader(int lineBytesMax = 1000) => new(new LineOptions { LineBytesMax = lineBytesMax });
}
