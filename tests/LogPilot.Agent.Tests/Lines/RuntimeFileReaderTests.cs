using System.Text;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

public sealed class RuntimeFileReaderTests
{
    private static readonly byte[] Interleaved = FileOf(
        Entry("one\\n"),
        Entry("out-", "stdout", 1),
        Entry("err-", "stderr", 2),
        Entry("err whole? no, still err\\n", "stderr", 3),
        Entry("mid-", "stdout", 4),
        Entry("out\\n", "stdout", 5),
        Entry("last\\n", "stdout", 6));

    private static string[] InterleavedTexts => ["one", "err-err whole? no, still err", "out-mid-out", "last"];

    [Fact]
    public void TryFind_PartsOfTwoStreams_AreJoinedEachForItself()
    {
        var lines = SeenLine.Read(Reader(), Interleaved);

        Assert.Equal(InterleavedTexts, lines.Select(line => line.Text));
        Assert.Equal(
            [StandardStreams.Stdout, StandardStreams.Stderr, StandardStreams.Stdout, StandardStreams.Stdout],
            lines.Select(line => line.Stream));
    }

    [Fact]
    public void TryFind_Parts_HaveTheTimeAndStartOfTheFirst()
    {
        var line = SeenLine.Read(Reader(), Interleaved)[2];

        Assert.Equal(TimeOf(1), line.Time);
        Assert.Equal(Entry("one\\n").Length + 1, line.Start);
        Assert.Equal(Interleaved.Length - Entry("last\\n").Length - 1, line.End);
    }

    [Fact]
    public void TryFind_CutAtEveryPosition_GivesTheSameLines()
    {
        var whole = SeenLine.Read(Reader(), Interleaved);
        for (var cut = 0; cut <= Interleaved.Length; cut++)
        {
            var reader = Reader();
            var lines = SeenLine.Read(reader, Interleaved.AsSpan(0, cut));
            lines.AddRange(SeenLine.Read(reader, Interleaved));

            Assert.Equal(whole, lines);
            Assert.Equal(Interleaved.Length, reader.Position);
        }
    }

    [Fact]
    public void TryFind_NotTaken_FindsTheSameAgain()
    {
        var reader = Reader();
        var lines = new List<SeenLine>();
        while (reader.TryFind(Interleaved.AsSpan((int)reader.Position), ChunkEnd.Open, out var line))
        {
            var first = SeenLine.Of(line);
            Assert.True(reader.TryFind(Interleaved.AsSpan((int)reader.Position), ChunkEnd.Open, out line));
            Assert.Equal(first, SeenLine.Of(line));
            lines.Add(first);
            reader.Take();
        }

        Assert.Equal(InterleavedTexts, lines.Select(line => line.Text));
    }

    [Fact]
    public void ResumeFrom_AfterEachLine_FindsTheSameLinesAgain()
    {
        var whole = SeenLine.Read(Reader(), Interleaved);
        var reader = Reader();
        for (var taken = 0; reader.TryFind(Interleaved.AsSpan((int)reader.Position), ChunkEnd.Open, out _); taken++)
        {
            Assert.Equal(whole[taken..], ReadAfter(reader));
            reader.Take();
        }

        Assert.Equal(reader.Position, reader.ResumeFrom);
    }

    [Theory]
    [InlineData("no json at all")]
    [InlineData("""{"log":"torn""")]
    [InlineData("""{"log":"a\n","stream":7,"time":"2024-02-29T12:00:00Z"}""")]
    public void TryFind_Undecodable_IsALineWithItsText(string text)
    {
        var file = FileOf(Entry("before\\n"), text, Entry("after\\n"));

        var lines = SeenLine.Read(Reader(), file);

        Assert.Equal(["before", text, "after"], lines.Select(line => line.Text));
        Assert.Equal([false, true, false], lines.Select(line => line.IsUndecodable));
        Assert.False(lines[1].IsEscaped);
        Assert.Equal("", lines[1].Time);
    }

    [Fact]
    public void TryFind_HoleOfNuls_LosesNothingAroundIt()
    {
        var hole = new string('\0', 5000);
        var file = FileOf(Entry("before\\n"), hole + Entry("behind\\n"), hole, Entry("after\\n"));

        var lines = SeenLine.Read(Reader(), file);

        Assert.Equal(["before", "behind", "after"], lines.Select(line => line.Text));
        Assert.DoesNotContain(lines, line => line.IsUndecodable);
    }

    [Fact]
    public void TryFind_FinalWithOpenParts_GivesThemInTheirOrder()
    {
        var file = FileOf(Entry("out-", "stdout", 1), Entry("err", "stderr", 2), Entry("more", "stdout", 3));
        var reader = Reader();

        Assert.Empty(SeenLine.Read(reader, file));
        Assert.Equal(file.Length, reader.Position);
        Assert.Equal(0, reader.ResumeFrom);
        var lines = SeenLine.Read(reader, file, ChunkEnd.Final);

        Assert.Equal([("out-more", 0L, TimeOf(1)), ("err", (long)Entry("out-", "stdout", 1).Length + 1, TimeOf(2))],
            lines.Select(line => (line.Text, line.Start, line.Time)));
        Assert.All(lines, line => Assert.Equal(file.Length, line.End));
        Assert.Equal(file.Length, reader.ResumeFrom);
    }

    [Fact]
    public void TryFind_FinalWithHalfALine_GivesWhatThereIs()
    {
        var half = Entry("never finished\\n")[..20];
        byte[] file = [.. FileOf(Entry("part", "stdout", 1)), .. Encoding.UTF8.GetBytes(half)];
        var reader = Reader();

        var lines = SeenLine.Read(reader, file, ChunkEnd.Final);

        Assert.Equal([(half, true), ("part", false)], lines.Select(line => (line.Text, line.IsUndecodable)));
        Assert.Equal((file.Length, file.Length), (reader.Position, reader.ResumeFrom));
    }

    [Fact]
    public void TryFind_OverLongInOnePiece_IsCutAndCountedOnce()
    {
        var reader = Reader(lineBytesMax: 5);
        var file = FileOf(Entry("123456789\\n"));

        Assert.True(reader.TryFind(file, ChunkEnd.Open, out _));
        var line = Assert.Single(SeenLine.Read(reader, file));

        Assert.Equal(("12345", true), (line.Text, line.IsTruncated));
        Assert.Equal(4, reader.CutBytes);
    }

    [Fact]
    public void TryFind_OverLongInParts_IsCutAndCountedOnce()
    {
        var reader = Reader(lineBytesMax: 5);
        var file = FileOf(Entry("1234"), Entry("5678"), Entry("9\\n"), Entry("next\\n"));

        var lines = SeenLine.Read(reader, file);

        Assert.Equal([("12345", true), ("next", false)], lines.Select(line => (line.Text, line.IsTruncated)));
        Assert.Equal(4, reader.CutBytes);
    }

    [Fact]
    public void Seek_WithOpenParts_ForgetsThem()
    {
        var file = FileOf(Entry("part"), Entry("end\\n"));
        var reader = Reader();
        SeenLine.Read(reader, file.AsSpan(0, Entry("part").Length + 1));

        reader.Seek(Entry("part").Length + 1);

        Assert.Equal("end", Assert.Single(SeenLine.Read(reader, file)).Text);
    }

    private static List<SeenLine> ReadAfter(RuntimeFileReader<JsonFileFormat> reader)
    {
        // As after a restart: lines that end before the position were delivered.
        var again = Reader();
        again.Seek(reader.ResumeFrom);
        return SeenLine.Read(again, Interleaved).Where(line => line.End > reader.Position).ToList();
    }

    private static RuntimeFileReader<JsonFileFormat> Reader(int lineBytesMax = 1024) => new(new LineOptions { LineBytesMax = lineBytesMax });

    private static string TimeOf(int second) => $"2024-02-29T12:00:0{second}.000000001Z";

    private static string Entry(string text, string stream = "stdout", int second = 0) =>
        $$"""{"log":"{{text}}","stream":"{{stream}}","time":"{{TimeOf(second)}}"}""";

    private static byte[] FileOf(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}
