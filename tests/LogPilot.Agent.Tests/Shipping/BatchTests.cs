using LogPilot.Agent.Files;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class BatchTests : IDisposable
{
    private readonly Batch _batch = new(100);
    private readonly TailedFile _file = new(null!, default, "/a.log");

    public BatchTests() => _batch.Reset(new DocumentTarget(false, null, 9));

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Room_FitsExactly_IsGiven()
    {
        Assert.Equal(100, _batch.Room(100).Length);
        _batch.Add(60, 1);

        Assert.Equal(40, _batch.Room(40).Length);
        Assert.True(_batch.Room(41).IsEmpty);
    }

    [Fact]
    public void Room_OversizeInAnEmptyBatch_IsGivenOnce()
    {
        Assert.Equal(5000, _batch.Room(5000).Length);
        _batch.Add(4990, 1);

        Assert.Equal(10, _batch.Room(10).Length);
        Assert.True(_batch.Room(11).IsEmpty);
        _batch.Empty();
        Assert.Equal(100, _batch.Room(1).Length);
    }

    [Fact]
    public void FirstTimestamp_OfSeveralItems_IsTheFirst()
    {
        _batch.Add(1, 7);
        _batch.Add(1, 8);
        Assert.Equal((7, 2), (_batch.FirstTimestamp, _batch.Items));

        _batch.Empty();
        _batch.Add(1, 9);

        Assert.Equal((9, 1), (_batch.FirstTimestamp, _batch.Items));
    }

    [Fact]
    public void AddRange_ContinuesTheOneBefore_BecomesOne()
    {
        _batch.AddRange(new FileRange(_file, 0, 0, 10, 5), 2);
        _batch.AddRange(new FileRange(_file, 0, 10, 30, 30), 3);

        var range = Assert.Single(_batch.Ranges.ToArray());
        Assert.Equal((new FileRange(_file, 0, 0, 30, 30), 5), (range.Range, range.Items));
    }

    [Fact]
    public void AddRange_OtherFileEpochOrPlace_StaysApart()
    {
        _batch.AddRange(new FileRange(_file, 0, 0, 10, 10), 1);
        _batch.AddRange(new FileRange(_file, 0, 20, 30, 30), 1);
        _batch.AddRange(new FileRange(_file, 1, 30, 40, 40), 1);
        _batch.AddRange(new FileRange(new TailedFile(null!, default, "/b.log"), 1, 40, 50, 50), 1);

        Assert.Equal(4, _batch.Ranges.Length);
    }
}
