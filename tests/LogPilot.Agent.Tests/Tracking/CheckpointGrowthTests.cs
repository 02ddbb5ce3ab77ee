using LogPilot.Agent.Tests.Support;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Tracking;

/// <summary>Files that come and go for months: the checkpoint file is as long as the most that were known at a time.</summary>
public sealed class CheckpointGrowthTests : IDisposable
{
    private const int Files = 100_000;
    private const int OpenFiles = 1000;
    private const int SlotsOfGrowth = 128;

    private static readonly DateTimeOffset Start = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Take_HundredThousandFilesComeAndAreGone_GrowsToThoseOpenAtATime()
    {
        var open = new Queue<(int Slot, UInt128 Key)>();
        using (var file = CheckpointFile.Open(_scratch.Root, Start))
        {
            for (var i = 1; i <= Files; i++)
            {
                open.Enqueue((TakeNew(file, i, Start), (UInt128)i));
                if (open.Count == OpenFiles)
                {
                    var (slot, key) = open.Dequeue();
                    file.Free(slot, key);
                }
            }
        }

        AssertSlotsAtMost(OpenFiles);
        using var again = CheckpointFile.Open(_scratch.Root, Start);
        Assert.Equal((OpenFiles - 1, 0), (again.Count, again.DamagedSlots));
        foreach (var (_, key) in open)
        {
            again.Take(key, Start, out var checkpoint);
            Assert.Equal((long)key, checkpoint.Acked);
        }
    }

    // A file whose end the agent has not seen is let go without being freed: it counts for two weeks, and for nothing longer.
    [Fact]
    public void Open_HundredThousandFilesCameAndWentUnseen_ReusesTheForgotten()
    {
        const int FilesOfAWeek = Files / 20;
        for (var week = 0; week < 20; week++)
        {
            var now = Start.AddDays(7 * week);
            using var file = CheckpointFile.Open(_scratch.Root, now);
            for (var i = 1; i <= FilesOfAWeek; i++)
            {
                file.Release(TakeNew(file, (week * FilesOfAWeek) + i, now));
            }
        }

        AssertSlotsAtMost(3 * FilesOfAWeek);
        using var again = CheckpointFile.Open(_scratch.Root, Start.AddDays(7 * 22));
        Assert.Equal((0, 0), (again.Count, again.DamagedSlots));
    }

    [Fact]
    public void Take_FilesThatAreMetAgain_KeepTheirSlots()
    {
        using var file = CheckpointFile.Open(_scratch.Root, Start);
        var first = Enumerable.Range(1, OpenFiles).Select(i => TakeNew(file, i, Start)).ToList();
        first.ForEach(file.Release);

        for (var round = 0; round < Files / OpenFiles; round++)
        {
            var again = Enumerable.Range(1, OpenFiles).Select(i => file.Take((UInt128)i, Start, out _)).ToList();
            Assert.Equal(first, again);
            again.ForEach(file.Release);
        }

        AssertSlotsAtMost(OpenFiles);
    }

    private static int TakeNew(CheckpointFile file, int number, DateTimeOffset now)
    {
        var slot = file.Take((UInt128)number, now, out var checkpoint);
        Assert.Equal(0, checkpoint.Acked);
        file.Write(slot, checkpoint with { Acked = number });
        return slot;
    }

    private void AssertSlotsAtMost(int slots) => Assert.InRange(
        new FileInfo(_scratch.PathOf(CheckpointFile.FileName)).Length,
        CheckpointFile.HeaderBytes,
        CheckpointFile.HeaderBytes + ((slots + SlotsOfGrowth) * CheckpointSlot.Bytes));
}
