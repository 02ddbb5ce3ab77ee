using System.Text;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>The way of a line from the file to the sink, and of its delivery back to the checkpoint.</summary>
public sealed class FilePassTests : IDisposable
{
    private readonly PassFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Settle_OutOfOrder_MovesTheCheckpointOverThePrefixOnly()
    {
        _agent.AddStdout();
        var ends = new List<long>();
        for (var batch = 0; batch < 3; batch++)
        {
            _agent.AppendEntry($"line {batch}\\n");
            _agent.Turn();
            ends.Add(new FileInfo(_agent.Scratch.PathOf("host", "logs", "c1-json.log")).Length);
        }

        _agent.Answer(2, RangeOutcome.Delivered);
        Assert.Equal(0, _agent.Checkpoints.Single().Acked);
        _agent.Answer(0, RangeOutcome.Delivered);
        Assert.Equal(ends[0], _agent.Checkpoints.Single().Acked);
        _agent.Answer(0, RangeOutcome.Delivered);

        Assert.Equal(ends[2], _agent.Checkpoints.Single().Acked);
    }

    [Fact]
    public void Settle_Held_IsReadAgainLaterWithTheSameIds()
    {
        _agent.AddStdout();
        _agent.AppendEntry("first\\n");
        _agent.Turn();
        _agent.AppendEntry("second\\n");
        _agent.Turn();
        var before = _agent.InFlight.SelectMany(SentDocument.Of).ToList();

        _agent.Answer(0, RangeOutcome.Held);
        _agent.Answer(0, RangeOutcome.Delivered);
        Assert.Empty(_agent.DeliverAll());
        _agent.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(before, _agent.DeliverAll());
        Assert.Empty(_agent.DeliverAll());
    }

    [Fact]
    public void Settle_StopWithoutAnswer_IsSentAgainAfterTheStart()
    {
        _agent.AddRaw();
        _agent.Scratch.Append("host/logs/a.log", "12:00:00 one\n12:00:01 two\n");
        _agent.Turn();
        var before = SentDocument.Of(Assert.Single(_agent.InFlight));

        Assert.Empty(_agent.Answer(0, RangeOutcome.Pending));
        _agent.Crash();
        _agent.AddRaw();

        Assert.Equal(before, _agent.DeliverAll());
        _agent.Crash();
        _agent.AddRaw();
        Assert.Empty(_agent.DeliverAll());
    }

    [Fact]
    public void Read_SentAgainAfterMidnight_KeepsIndexAndId()
    {
        _agent.AddRaw();
        _agent.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        _agent.Scratch.Append("host/logs/a.log", "before 12:00:00\n");
        _agent.Turn();
        var before = SentDocument.Of(Assert.Single(_agent.InFlight));

        _agent.Crash();
        _agent.Time.Advance(TimeSpan.FromSeconds(2));
        _agent.Scratch.Append("host/logs/a.log", "after 12:00:00\n");
        _agent.AddRaw();
        var after = _agent.DeliverAll();

        Assert.Equal(before[0], after[0]);
        Assert.Equal(["web-2024.02.29", "web-2024.03.01"], after.Select(document => document.Index));
    }

    [Fact]
    public void Read_UnwantedStream_MovesTheCheckpointAllTheSame()
    {
        _agent.AddStdout(StandardStreams.Stderr);
        _agent.AppendEntry("out\\n");
        _agent.AppendEntry("err\\n", "stderr");
        _agent.AppendEntry("out\\n");

        Assert.Equal(["err"], _agent.DeliverAll().Select(document => document.Message));
        Assert.Equal(
            new FileInfo(_agent.Scratch.PathOf("host", "logs", "c1-json.log")).Length, _agent.Checkpoints.Single().Acked);
    }

    [Fact]
    public void Read_ItemLimit_SplitsBatchesBetweenLines()
    {
        _agent.Shipping = _agent.Shipping with { BatchItemsMax = 2 };
        _agent.AddStdout();
        for (var line = 0; line < 5; line++)
        {
            _agent.AppendEntry($"{line}\\n");
        }

        _agent.Turn();

        Assert.Equal([2, 2, 1], _agent.InFlight.Select(batch => batch.Items));
        Assert.Equal(["0", "1", "2", "3", "4"], _agent.DeliverAll().Select(document => document.Message));
    }

    [Fact]
    public void Read_NoBatchFree_GoesOnWhereItStopped()
    {
        _agent.Shipping = _agent.Shipping with { BatchItemsMax = 1, BatchCount = 2 };
        _agent.AddStdout();
        for (var line = 0; line < 5; line++)
        {
            _agent.AppendEntry($"{line}\\n");
        }

        _agent.Turn();
        Assert.Equal(2, _agent.InFlight.Count);

        Assert.Equal(["0", "1", "2", "3", "4"], _agent.DeliverAll().Select(document => document.Message));
        Assert.Equal(5, _agent.Totals.LinesRead);
    }

    [Fact]
    public void Read_TruncatedFile_GivesEqualLinesOtherIds()
    {
        _agent.AddRaw();
        _agent.Scratch.Append("host/logs/a.log", "12:00:00 same\n12:00:00 same\n");
        var before = _agent.DeliverAll();

        _agent.Scratch.Truncate("host/logs/a.log", "12:00:00 same\n");
        var after = _agent.DeliverAll();

        Assert.Equal("12:00:00 same", Assert.Single(after).Message);
        Assert.DoesNotContain(after[0].Id, before.Select(document => document.Id));
    }

    [Fact]
    public void Read_TwoLogsOfOneFile_HaveIdsOfTheirOwn()
    {
        _agent.AddStdout(StandardStreams.Stdout);
        _agent.Tailer.Add(new FileSource
        {
            Container = new ContainerSnapshot { Id = "c1", Name = "web-1" },
            Declaration = new LogDeclaration { Name = "other", Index = "web", Topic = "web", Streams = StandardStreams.Both },
            Layout = FileLayout.JsonFile,
            Pattern = new FilePattern("/logs", "c1-json.log*"),
        });
        _agent.AppendEntry("line\\n");

        Assert.Equal(2, _agent.DeliverAll().Select(document => document.Id).Distinct().Count());
    }

    [Fact]
    public void Read_ProgramEndsInALine_SendsWhatThereIs()
    {
        var source = _agent.AddStdout();
        _agent.AppendEntry("whole\\n");
        _agent.AppendEntry("unfinished");
        Assert.Equal(["whole"], _agent.DeliverAll().Select(document => document.Message));

        _agent.Tailer.End(source);

        Assert.Equal(["unfinished"], _agent.DeliverAll().Select(document => document.Message));
        _agent.Tailer.Remove(source);
        _agent.Turn();
        Assert.Empty(_agent.Tailer.Files);
    }

    // The parts were passed, so the checkpoint is behind them, but the line that they make was not sent.
    [Fact]
    public void Read_RestartWithinALineThatNeverEnds_SendsItOnce()
    {
        _agent.AddStdout();
        _agent.AppendEntry("whole\\n");
        _agent.AppendEntry("unfinished");
        _agent.DeliverAll();

        _agent.Crash();
        var source = _agent.AddStdout();
        Assert.Empty(_agent.DeliverAll());
        _agent.Tailer.End(source);
        Assert.Equal(["unfinished"], _agent.DeliverAll().Select(document => document.Message));

        _agent.Crash();
        source = _agent.AddStdout();
        _agent.Tailer.End(source);
        Assert.Empty(_agent.DeliverAll());
    }

    [Fact]
    public void Read_OverLongLineAtTheEndOfAFile_LetsTheFileGo()
    {
        var source = _agent.AddRaw();
        _agent.Scratch.Append("host/logs/a.log", new string('x', 5000));
        Assert.Equal(1000, Assert.Single(_agent.DeliverAll()).Message.Length);

        _agent.Tailer.Remove(source);
        _agent.DeliverAll();

        Assert.Empty(_agent.Tailer.Files);
    }

    // Crashes, refusals and answers in any order: each line arrives, always under the same id.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20240229)]
    public void Read_RandomAnswersAndCrashes_DeliverEachLineUnderOneId(int seed)
    {
        var random = new Random(seed);
        _agent.Shipping = _agent.Shipping with { BatchItemsMax = 7 };
        _agent.AddStdout();
        var expected = new List<string>();
        var arrived = new List<SentDocument>();
        for (var action = 0; action < 400; action++)
        {
            switch (random.Next(9))
            {
                case 0:
                    arrived.AddRange(_agent.InFlight.Where(_ => random.Next(2) == 0).SelectMany(SentDocument.Of));
                    _agent.Crash();
                    _agent.AddStdout();
                    break;
                case 1 or 2 when _agent.InFlight.Count > 0:
                    arrived.AddRange(_agent.Answer(random.Next(_agent.InFlight.Count), RangeOutcome.Delivered));
                    break;
                case 3 when _agent.InFlight.Count > 0:
                    _agent.Answer(random.Next(_agent.InFlight.Count), RangeOutcome.Held);
                    break;
                case 4:
                    _agent.Time.Advance(TimeSpan.FromSeconds(random.Next(8)));
                    _agent.Turn();
                    break;
                case 5 when File.Exists(_agent.Scratch.PathOf("host", "logs", "c1-json.log")):
                    _agent.Turn();
                    _agent.Scratch.Move("host/logs/c1-json.log", $"host/logs/c1-json.log.{action}");
                    break;
                default:
                    var parts = Enumerable.Range(0, random.Next(1, 4)).Select(part => $"{action}.{part} ").ToList();
                    parts[..^1].ForEach(part => _agent.AppendEntry(part));
                    _agent.AppendEntry($"{parts[^1]}\\n");
                    expected.Add(string.Concat(parts));
                    break;
            }
        }

        _agent.Time.Advance(TimeSpan.FromSeconds(10));
        arrived.AddRange(_agent.DeliverAll());

        var byId = arrived.DistinctBy(document => document.Id).Select(document => document.Message).Order(StringComparer.Ordinal);
        Assert.True(
            expected.Order(StringComparer.Ordinal).SequenceEqual(byId),
            $"Seed {seed}: missing {string.Join(", ", expected.Except(byId))}; too many {string.Join(", ", byId.GroupBy(one => one).Where(one => one.Count() > 1).Select(one => one.Key).Concat(byId.Except(expected)))}.");
    }

    [Fact]
    public void TryFindAndTryWrite_TenThousandLines_AllocateNothing()
    {
        var file = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(line =>
            $$"""{"log":"line {{line}} \u003cb\u003e \"q\" ü\r\n","stream":"stdout","time":"2024-02-29T12:00:00.{{line:d9}}Z"}""" + "\n")));
        var target = new DocumentTarget(Actions: true, TypeName: null, TimeDigits: 9);
        var encoder = new DocumentEncoder(target, "web", "yyyy.MM.dd", "/logs/a.log", new AgentFields(DocumentShape.LogPilot, [RecordField.Text("index", "web")]));
        var ids = new RecordIds("owner", "log", 0);
        var batch = new Batch(1024 * 1024);
        var reader = new RuntimeFileReader<JsonFileFormat>(new LineOptions());

        var lines = 0;
        Allocations.AssertNone(() =>
        {
            reader.Seek(0);
            lines = Pass(file, reader, encoder, ids, batch, target);
        });

        Assert.Equal(10_000, lines);
    }

    private static int Pass(
        byte[] file, RuntimeFileReader<JsonFileFormat> reader, DocumentEncoder encoder, RecordIds ids, Batch batch, DocumentTarget target)
    {
        var lines = 0;
        batch.Reset(target);
        while (reader.TryFind(file.AsSpan((int)reader.Position), ChunkEnd.Open, out var line))
        {
            if (!encoder.TryWrite(batch, line, new Record { Time = line.Time }, ids, 0))
            {
                batch.Reset(target);
                continue;
            }

            reader.Take();
            lines++;
        }

        return lines;
    }
}
