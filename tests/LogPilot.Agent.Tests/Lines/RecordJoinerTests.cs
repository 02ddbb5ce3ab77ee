using System.Text;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Lines;

public sealed class RecordJoinerTests
{
    private static readonly MultilineRule Indented = new("^[ \t]");
    private static readonly MultilineRule Dated = new(@"^\d") { Negate = true };

    private readonly ManualTime _time = new();

    [Fact]
    public void TryFind_LinesThatBelongToTheOneBefore_AreOneRecord()
    {
        var lines = Read(Indented, "error\n  at a\n  at b\nnext\n");

        var record = Assert.Single(lines);
        Assert.Equal("error\n  at a\n  at b", record.Text);
        Assert.Equal((0, 25), (record.Start, record.End));
    }

    [Fact]
    public void TryFind_AtTheEndOfTheFile_GivesWhatIsOpen() =>
        Assert.Equal(["error\n  at a", "next"], Texts(Read(Indented, "error\n  at a\nnext\n", ChunkEnd.Final)));

    [Fact]
    public void TryFind_Negated_BeginsARecordWhereThePatternMatches() =>
        Assert.Equal(["before", "1 a\nb\nc", "2 d"], Texts(Read(Dated, "before\n1 a\nb\nc\n2 d\n", ChunkEnd.Final)));

    [Fact]
    public void TryFind_MatchBefore_JoinsLinesWithTheOneBehindThem() =>
        Assert.Equal(
            ["a \\\nb \\\nc", "d"],
            Texts(Read(new MultilineRule(@"\\$") { MatchBefore = true }, "a \\\nb \\\nc\nd\n")));

    [Fact]
    public void TryFind_NegatedMatchBefore_EndsARecordWhereThePatternMatches() =>
        Assert.Equal(
            ["a\nb\nend", "c\nend"],
            Texts(Read(new MultilineRule("^end") { MatchBefore = true, Negate = true }, "a\nb\nend\nc\nend\n")));

    [Fact]
    public void TryFind_ContinuationWithoutABeginning_IsARecord() =>
        Assert.Equal(["  at a\n  at b", "next"], Texts(Read(Indented, "  at a\n  at b\nnext\n", ChunkEnd.Final)));

    // Filebeat drops the lines beyond max_lines.
    [Fact]
    public void TryFind_MoreLinesThanTheLimit_GoOnInAnotherRecord() =>
        Assert.Equal(
            ["a\n 1\n 2", " 3\n 4", "b"],
            Texts(Read(Indented with { LinesMax = 3 }, "a\n 1\n 2\n 3\n 4\nb\n", ChunkEnd.Final)));

    [Fact]
    public void TryFind_MoreBytesThanTheLimit_GoOnInAnotherRecord()
    {
        var lines = Texts(Read(Indented, $"a\n {new string('x', 60)}\n {new string('y', 60)}\nb\n", ChunkEnd.Final, lineBytesMax: 100));

        Assert.Equal([$"a\n {new string('x', 60)}", $" {new string('y', 60)}", "b"], lines);
    }

    [Fact]
    public void TryFind_StreamsThatInterleave_AreNotMixed()
    {
        var file = Entry("boom\\n", "stderr") + Entry("one\\n") + Entry("\\tat a\\n", "stderr") + Entry("two\\n") + Entry(" more\\n") + Entry("next\\n", "stderr") + Entry("three\\n");

        var lines = SeenLine.Read(Joiner(new RuntimeFileReader<JsonFileFormat>(new LineOptions()), Indented), Encoding.UTF8.GetBytes(file));

        Assert.Equal([("one", StandardStreams.Stdout), ("boom\\n\\tat a", StandardStreams.Stderr), ("two\\n more", StandardStreams.Stdout)], lines.Select(line => (line.Text, line.Stream)));
    }

    [Fact]
    public void TryFind_EscapedText_IsDecodedForThePattern()
    {
        var file = Entry("a \\u003cb\\u003e\\n") + Entry("\\u003cc\\u003e\\n") + Entry("d\\n");

        var lines = SeenLine.Read(Joiner(new RuntimeFileReader<JsonFileFormat>(new LineOptions()), new MultilineRule("^<")), Encoding.UTF8.GetBytes(file));

        Assert.Equal("a \\u003cb\\u003e\\n\\u003cc\\u003e", Assert.Single(lines).Text);
    }

    [Fact]
    public void TryFind_EntryThatIsNone_StaysAlone()
    {
        var file = Entry("a\\n") + "garbage\n" + Entry(" b\\n") + Entry("c\\n");

        var lines = SeenLine.Read(Joiner(new RuntimeFileReader<JsonFileFormat>(new LineOptions()), Indented), Encoding.UTF8.GetBytes(file));

        Assert.Equal([("garbage", true), ("a\\n b", false)], lines.Select(line => (line.Text, line.IsUndecodable)));
    }

    [Fact]
    public void TryFind_CutAnywhere_FindsTheSameRecords()
    {
        const string Text = "a\n 1\n 2\nb\nc\n 3\nd\n";
        var expected = Read(Indented, Text);
        for (var cut = 0; cut <= Text.Length; cut++)
        {
            var reader = Joiner(new RawReader(new LineOptions()), Indented);
            var lines = SeenLine.Read(reader, Encoding.UTF8.GetBytes(Text[..cut]));

            lines.AddRange(SeenLine.Read(reader, Encoding.UTF8.GetBytes(Text)));

            Assert.Equal(expected, lines);
        }
    }

    [Fact]
    public void Seek_WhereReadingResumes_FindsTheSameRecordsBehind()
    {
        var file = Encoding.UTF8.GetBytes("a\n 1\n 2\nb\nc\n 3\nd\n 4\n");
        var reader = Joiner(new RawReader(new LineOptions()), Indented);
        var all = SeenLine.Read(reader, file);
        for (var taken = 0; taken <= all.Count; taken++)
        {
            var first = Joiner(new RawReader(new LineOptions()), Indented);
            for (var i = 0; i < taken; i++)
            {
                Assert.True(first.TryFind(file.AsSpan((int)first.Position), ChunkEnd.Open, out _));
                first.Take();
            }

            var second = Joiner(new RawReader(new LineOptions()), Indented);
            second.Seek(first.ResumeFrom);

            Assert.Equal(all[taken..], SeenLine.Read(second, file));
        }
    }

    [Fact]
    public void DueRecords_NoLineForAWhile_NamesTheStream()
    {
        var reader = Joiner(new RuntimeFileReader<JsonFileFormat>(new LineOptions()), Indented);
        var first = Encoding.UTF8.GetBytes(Entry("a\\n", "stderr"));
        SeenLine.Read(reader, first);
        _time.Advance(TimeSpan.FromSeconds(3));
        SeenLine.Read(reader, [.. first, .. Encoding.UTF8.GetBytes(Entry("b\\n"))]);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(StandardStreams.Stderr, reader.DueRecords(_time.GetTimestamp()));
        Assert.Equal(reader.RecordDue, _time.GetTimestamp());
    }

    [Fact]
    public void CloseRecords_AtAPosition_EndsTheRecordThereWhateverFollows()
    {
        var file = Encoding.UTF8.GetBytes("a\n 1\n 2\nb\n");
        var reader = Joiner(new RawReader(new LineOptions()), Indented);
        reader.CloseRecords(5, StandardStreams.Stdout);

        Assert.Equal(["a\n 1", " 2"], Texts(SeenLine.Read(reader, file)));
    }

    [Fact]
    public void CloseRecords_OfOneStream_LeavesTheOtherOpen()
    {
        var start = Entry("a\\n", "stderr") + Entry("b\\n");
        var file = Encoding.UTF8.GetBytes(start + Entry(" 1\\n", "stderr") + Entry(" 2\\n") + Entry("c\\n", "stderr") + Entry("d\\n"));
        var reader = Joiner(new RuntimeFileReader<JsonFileFormat>(new LineOptions()), Indented);
        reader.CloseRecords(start.Length, StandardStreams.Stderr);

        Assert.Equal(["a", " 1", "b\\n 2"], Texts(SeenLine.Read(reader, file)));
    }

    [Fact]
    public void Continue_RecordOfTheFileBefore_GoesOn()
    {
        var older = Joiner(new RuntimeFileReader<JsonFileFormat>(new LineOptions()), Indented);
        SeenLine.Read(older, Encoding.UTF8.GetBytes(Entry("x\\n") + Entry("a\\n")), ChunkEnd.Continued);
        var newer = Joiner(new RuntimeFileReader<JsonFileFormat>(new LineOptions()), Indented);

        newer.Continue(older);
        var file = Encoding.UTF8.GetBytes(Entry(" 1\\n") + Entry("b\\n"));

        Assert.True(newer.IsContinued);
        Assert.Equal(0, newer.ResumeFrom);
        Assert.Equal("a\\n 1", Assert.Single(SeenLine.Read(newer, file)).Text);
        Assert.False(newer.IsContinued);
    }

    [Fact]
    public void TryFind_TenThousandLines_AllocatesNothing()
    {
        var file = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("2024 error\n  at a\n  at b\n", 4000)));
        var reader = Joiner(new RawReader(new LineOptions()), Indented);

        var records = 0;
        Allocations.AssertNone(() =>
        {
            reader.Seek(0);
            records = Count(reader, file);
        });

        Assert.Equal(3_999, records);
    }

    private static int Count(RecordJoiner reader, ReadOnlySpan<byte> file)
    {
        var records = 0;
        while (reader.TryFind(file[(int)reader.Position..], ChunkEnd.Open, out _))
        {
            records++;
            reader.Take();
        }

        return records;
    }

    private List<SeenLine> Read(MultilineRule rule, string text, ChunkEnd end = ChunkEnd.Open, int lineBytesMax = 1000) =>
        SeenLine.Read(Joiner(new RawReader(new LineOptions { LineBytesMax = lineBytesMax }), rule, lineBytesMax), Encoding.UTF8.GetBytes(text), end);

    private RecordJoiner Joiner(ILineReader lines, MultilineRule rule, int lineBytesMax = 1000) =>
        new(lines, rule, new LinePattern(new BoundedRegex(rule.Pattern, RegexDialect.Go, _time)), new LineOptions { LineBytesMax = lineBytesMax }, _time);

    private static IEnumerable<string> Texts(IEnumerable<SeenLine> lines) => lines.Select(line => line.Text);

    private static string Entry(string text, string stream = "stdout") =>
        $$"""{"log":"{{text}}","stream":"{{stream}}","time":"2024-02-29T12:00:00.000000001Z"}""" + "\n";
}
