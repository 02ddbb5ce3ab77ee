using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Tests.Support;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Tracking;

public sealed class FileProgressTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly ManualTime _time = new();
    private readonly TailedFile _file;
    private CheckpointFile _checkpoints;
    private FileProgress _progress;

    public FileProgressTests()
    {
        _file = new TailedFile(
            new FileSource
            {
                Declaration = new LogDeclaration { Name = "web", Index = "web", Topic = "web" },
                Layout = FileLayout.Raw,
                Pattern = new FilePattern("/", "a.log"),
            },
            default,
            "/a.log");
        _checkpoints = CheckpointFile.Open(_scratch.Root, _time.GetUtcNow());
        _progress = Open()!;
    }

    public void Dispose()
    {
        _checkpoints.Dispose();
        _file.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Deliver_InAnyOrder_MovesOverTheGapFreePrefixOnly()
    {
        const int Seed = 3;
        var random = new Random(Seed);
        for (var round = 0; round < 200; round++)
        {
            _progress.StartAnew();
            var ranges = Enumerable.Range(0, 8).Select(at => Range(at * 10, (at * 10) + 10)).ToArray();
            Array.ForEach(ranges, range => _progress.Add(range));
            var delivered = new bool[ranges.Length];
            var order = Enumerable.Range(0, ranges.Length).ToArray();
            random.Shuffle(order);
            foreach (var at in order)
            {
                _progress.Deliver(ranges[at]);
                delivered[at] = true;
                var prefix = delivered.TakeWhile(one => one).Count() * 10;
                Assert.True(prefix == _progress.Acked, $"Seed {Seed}, round {round}: {_progress.Acked} instead of {prefix}.");
            }

            Assert.True(_progress.IsSettled);
        }
    }

    [Fact]
    public void Deliver_NeighboursAsOne_DeliversEach()
    {
        _progress.Add(Range(0, 10));
        _progress.Add(Range(10, 20));
        _progress.Add(Range(20, 30));

        _progress.Deliver(Range(0, 20));

        Assert.Equal(20, _progress.Acked);
        Assert.False(_progress.IsSettled);
    }

    [Fact]
    public void Deliver_OpenLine_ResumesWhereItStarts()
    {
        _progress.Add(Range(0, 100, resumeFrom: 60));

        _progress.Deliver(Range(0, 100, resumeFrom: 60));

        Assert.Equal((100, 60), (_progress.Acked, _progress.ResumeFrom));
    }

    // What an ended program left open is a line that adds no bytes: it is in a batch of its own.
    [Fact]
    public void Deliver_RangeBeforeAnUnfinishedLine_DoesNotDeliverIt()
    {
        _progress.Add(Range(0, 100, resumeFrom: 60));
        _progress.Add(Range(100, 100));

        _progress.Deliver(Range(0, 100, resumeFrom: 60));
        Assert.Equal((100, 60, false), (_progress.Acked, _progress.ResumeFrom, _progress.IsSettled));
        _progress.Deliver(Range(100, 100));

        Assert.Equal((100, 100, true), (_progress.Acked, _progress.ResumeFrom, _progress.IsSettled));
    }

    [Fact]
    public void Deliver_UnfinishedLineInTheSameBatch_IsDeliveredWithIt()
    {
        _progress.Add(Range(0, 100, resumeFrom: 60));
        _progress.Add(Range(100, 100));

        _progress.Deliver(Range(0, 100));

        Assert.Equal((100, 100, true), (_progress.Acked, _progress.ResumeFrom, _progress.IsSettled));
    }

    [Fact]
    public void Skip_BehindSomethingPending_WaitsForIt()
    {
        _progress.Add(Range(0, 10));
        _progress.Skip(Range(10, 20));
        Assert.Equal(0, _progress.Acked);

        _progress.Deliver(Range(0, 10));

        Assert.Equal(20, _progress.Acked);
        _progress.Skip(Range(20, 30));
        Assert.Equal(30, _progress.Acked);
    }

    [Fact]
    public void TakeBack_Pending_ForgetsItAndKeepsWhatIsDelivered()
    {
        _progress.Add(Range(0, 10));
        _progress.Add(Range(10, 20));
        _progress.Add(Range(20, 30));
        _progress.Deliver(Range(0, 10));
        _progress.Deliver(Range(20, 30));

        _progress.TakeBack();

        Assert.Equal((10, 10, true), (_progress.Acked, _progress.ResumeFrom, _progress.IsSettled));
    }

    [Fact]
    public void Open_AfterACrash_GoesOnWhereDeliveryWas()
    {
        _progress.StartAt(100, generation: 9);
        _progress.Add(Range(100, 200, resumeFrom: 150));
        _progress.Add(Range(200, 300));
        _progress.Deliver(Range(100, 200, resumeFrom: 150));

        Crash();

        Assert.Equal((200, 150, 9u, false), (_progress.Acked, _progress.ResumeFrom, _progress.Generation, _progress.IsNew));
    }

    [Fact]
    public void StartAnew_FileWasCut_BeginsAtZeroInTheNextGeneration()
    {
        _progress.Add(Range(0, 10));
        _progress.Deliver(Range(0, 10));
        _progress.Add(Range(10, 20));

        _progress.StartAnew();
        Crash();

        Assert.Equal((0, 0, 1u, true), (_progress.Acked, _progress.ResumeFrom, _progress.Generation, _progress.IsSettled));
    }

    [Fact]
    public void Open_OpenAlready_IsNull() => Assert.Null(Open());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Close_FileIsGone_ForgetsIt(bool gone)
    {
        _progress.StartAt(50, 0);

        _progress.Close(gone);

        Assert.Equal(gone ? 0 : 50, Open()!.Acked);
    }

    [Fact]
    public void DayOf_ReadAgainAfterMidnight_KeepsItsDay()
    {
        Assert.Equal(100, _progress.DayOf(0, 100));
        _progress.DateTo(50);
        Assert.Equal(101, _progress.DayOf(50, 101));
        _progress.DateTo(80);

        Assert.Equal([100, 100, 101, 101, 101], new[] { 0, 49, 50, 79, 80 }.Select(offset => _progress.DayOf(offset, 101)));
    }

    [Fact]
    public void DayOf_CrashOnEitherSideOfMidnight_KeepsItsDay()
    {
        _progress.DayOf(0, 100);
        _progress.DateTo(50);
        Crash();
        Assert.Equal(100, _progress.DayOf(20, 101));
        Assert.Equal(101, _progress.DayOf(50, 101));
        Crash();

        // The day has begun, but no line of it was on its way.
        Assert.Equal(100, _progress.DayOf(49, 101));
        Assert.Equal(101, _progress.DayOf(50, 101));
        _progress.DateTo(80);
        Crash();

        Assert.Equal([100, 101, 101], new[] { 49, 50, 79 }.Select(offset => _progress.DayOf(offset, 101)));
    }

    [Fact]
    public void DayOf_FileWasCut_DatesItsLinesAnew()
    {
        _progress.DayOf(0, 100);
        _progress.DateTo(50);

        _progress.StartAnew();

        Assert.Equal(101, _progress.DayOf(0, 101));
        _progress.DateTo(10);
        Assert.Equal(101, _progress.DayOf(5, 102));
    }

    [Fact]
    public void Touch_LongQuietFile_IsNotForgotten()
    {
        _progress.StartAt(50, 0);
        _time.Advance(TimeSpan.FromDays(10));
        _progress.Touch();
        _time.Advance(TimeSpan.FromDays(10));

        Crash();

        Assert.Equal(50, _progress.Acked);
    }

    // As after the process was killed: nothing is closed in order.
    private void Crash()
    {
        _checkpoints.Dispose();
        _checkpoints = CheckpointFile.Open(_scratch.Root, _time.GetUtcNow());
        _progress = Open()!;
    }

    private FileProgress? Open() => FileProgress.Open(_checkpoints, _time, 1);

    private FileRange Range(long start, long end, long? resumeFrom = null) => new(_file, 0, start, end, resumeFrom ?? end);
}
