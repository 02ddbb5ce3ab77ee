using LogPilot.Agent.Files;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class BatchAssemblerTests
{
    private static readonly DocumentTarget Target = new(false, null, 9);

    private readonly ManualTime _time = new();
    private readonly List<Batch> _sent = [];
    private int _wakes;

    [Fact]
    public void Current_SinkIsNotKnown_IsNull()
    {
        var assembler = Assembler();

        Assert.Null(assembler.Current);
        assembler.Target = Target;
        Assert.NotNull(assembler.Current);
    }

    [Fact]
    public void Current_AllInFlight_IsNullUntilOneComesBack()
    {
        var assembler = Ready(batches: 2);
        Fill(assembler);
        assembler.Send();
        Fill(assembler);
        assembler.Send();
        Assert.Null(assembler.Current);

        assembler.Settled(_sent[0]);
        Assert.Equal(1, _wakes);
        Assert.Null(assembler.Current);
        assembler.Settle(_ => { });

        Assert.Same(_sent[0], assembler.Current);
        Assert.Equal((0, 0), (assembler.Current!.Items, assembler.Current.Length));
    }

    [Fact]
    public void Send_NothingGathered_SendsNothing()
    {
        var assembler = Ready();

        assembler.Send();
        assembler.SendDue();

        Assert.Empty(_sent);
        Assert.True(assembler.IsIdle);
        Assert.Equal(long.MaxValue, assembler.NextDue);
    }

    [Fact]
    public void SendDue_AfterASilence_SendsAlmostAtOnce()
    {
        var assembler = Ready();
        Fill(assembler);
        assembler.SendDue();
        Assert.Empty(_sent);

        _time.Advance(TimeSpan.FromMilliseconds(5));
        assembler.SendDue();

        Assert.Single(_sent);
    }

    [Fact]
    public void SendDue_InASteadyStream_SendsOnceInABatchAge()
    {
        var assembler = Ready(batches: 20);
        for (var millisecond = 0; millisecond < 1000; millisecond++)
        {
            Fill(assembler);
            assembler.SendDue();
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(_sent.Count, 9, 11);
    }

    [Fact]
    public void SendDue_AnyDocument_WaitsNoLongerThanTheBatchAge()
    {
        var assembler = Ready();
        Fill(assembler);
        assembler.Send();
        Fill(assembler);

        _time.Advance(TimeSpan.FromMilliseconds(99));
        assembler.SendDue();
        Assert.Single(_sent);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        assembler.SendDue();

        Assert.Equal(2, _sent.Count);
    }

    [Fact]
    public void IsFull_ItemLimit_IsReached()
    {
        var assembler = Ready(itemsMax: 2);
        Fill(assembler);
        Assert.False(assembler.IsFull);
        Fill(assembler);

        Assert.True(assembler.IsFull);
        Assert.False(Ready().IsFull);
    }

    [Fact]
    public void OldestTimestamp_SeveralInFlight_IsTheFirstSent()
    {
        var assembler = Ready(batches: 3);
        Assert.Null(assembler.OldestTimestamp);
        Fill(assembler);
        var first = _time.GetTimestamp();
        assembler.Send();
        _time.Advance(TimeSpan.FromSeconds(1));
        Fill(assembler);
        Assert.Equal(first, assembler.OldestTimestamp);

        assembler.Settled(_sent[0]);
        assembler.Settle(_ => { });

        Assert.Equal(_time.GetTimestamp(), assembler.OldestTimestamp);
        Assert.False(assembler.IsIdle);
    }

    [Fact]
    public void Settle_BatchWithRanges_HandsOverEachAndEmptiesIt()
    {
        var assembler = Ready();
        var file = new TailedFile(null!, default, "/a.log");
        Fill(assembler);
        assembler.Current!.AddRange(new FileRange(file, 0, 0, 10, 10), 1);
        assembler.Current.AddRange(new FileRange(file, 0, 20, 30, 30), 1);
        assembler.Send();
        _sent[0].Ranges[1].Outcome = RangeOutcome.Delivered;
        var ranges = new List<BatchRange>();

        assembler.Settled(_sent[0]);
        assembler.Settle(ranges.Add);

        Assert.Equal([RangeOutcome.Pending, RangeOutcome.Delivered], ranges.Select(range => range.Outcome));
        Assert.True(_sent[0].Ranges.IsEmpty);
        Assert.True(assembler.IsIdle);
    }

    private BatchAssembler Ready(int batches = 2, int itemsMax = 0)
    {
        var assembler = Assembler(batches, itemsMax);
        assembler.Target = Target;
        return assembler;
    }

    private BatchAssembler Assembler(int batches = 2, int itemsMax = 0) => new(
        new ShippingOptions { BatchBytes = 1000, BatchCount = batches, BatchItemsMax = itemsMax, BatchAge = TimeSpan.FromMilliseconds(100) },
        _time,
        _sent.Add,
        () => _wakes++);

    private void Fill(BatchAssembler assembler) => assembler.Current!.Add(1, _time.GetTimestamp());
}
