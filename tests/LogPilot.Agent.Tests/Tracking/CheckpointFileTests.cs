using LogPilot.Agent.Tests.Support;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Tracking;

public sealed class CheckpointFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string FilePath => _scratch.PathOf(CheckpointFile.FileName);

    [Fact]
    public void Open_NoFileYet_IsNewOnce()
    {
        using (var file = Open())
        {
            Assert.True(file.IsNew);
        }

        using var again = Open();
        Assert.False(again.IsNew);
    }

    [Fact]
    public void Open_OpenAlready_NamesTheDirectoryAndTheFix()
    {
        using var first = Open();

        var failure = Assert.Throws<CheckpointException>(() => Open());

        Assert.Contains(_scratch.Root, failure.Message);
        Assert.Contains("LOGPILOT_STATE_DIR", failure.Message);
    }

    [Fact]
    public void Open_NoDirectoryPossible_NamesTheCauseAndTheFix()
    {
        File.WriteAllText(_scratch.PathOf("file"), "");

        var failure = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(_scratch.PathOf("file", "below"), Now));

        Assert.Contains(_scratch.PathOf("file", "below"), failure.Message);
        Assert.Contains("LOGPILOT_STATE_DIR", failure.Message);
    }

    [Theory]
    [InlineData(0, "is no checkpoint file")]
    [InlineData(8, "has version")]
    [InlineData(12, "has version")]
    public void Open_OtherMagicVersionOrSlots_RefusesAndLeavesTheFile(int offset, string expected)
    {
        Open().Dispose();
        var bytes = File.ReadAllBytes(FilePath);
        bytes[offset] ^= 0x40;
        File.WriteAllBytes(FilePath, bytes);

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Open()).Message);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => CheckpointFile.ReadAll(_scratch.Root)).Message);
        Assert.Equal(bytes, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Take_MoreThanTheFileHolds_GrowsAndKeepsAll()
    {
        const int Files = 300;
        using (var file = Open())
        {
            for (var i = 1; i <= Files; i++)
            {
                var slot = file.Take((UInt128)i, Now, out var checkpoint);
                file.Write(slot, checkpoint with { Acked = i * 10 });
            }

            Assert.Equal(Files, file.Count);
        }

        using var again = Open();
        Assert.Equal((Files, 0), (again.Count, again.DamagedSlots));
        for (var i = 1; i <= Files; i++)
        {
            again.Take((UInt128)i, Now, out var checkpoint);
            Assert.Equal(i * 10, checkpoint.Acked);
        }
    }

    [Fact]
    public void Take_TwiceWithoutRelease_IsRefused()
    {
        using var file = Open();
        var slot = file.Take(7, Now, out _);
        Assert.Equal(-1, file.Take(7, Now, out _));

        file.Release(slot);

        Assert.Equal(slot, file.Take(7, Now, out _));
    }

    [Fact]
    public void Free_Slot_IsUsedAgainFromZero()
    {
        using var file = Open();
        var slot = file.Take(7, Now, out var checkpoint);
        file.Write(slot, checkpoint with { Acked = 5 });

        file.Free(slot, 7);

        Assert.Equal(slot, file.Take(8, Now, out checkpoint));
        Assert.Equal(0, checkpoint.Acked);
        Assert.NotEqual(slot, file.Take(7, Now, out checkpoint));
        Assert.Equal(0, checkpoint.Acked);
    }

    [Fact]
    public void Open_CheckpointNotMetForTwoWeeks_IsForgotten()
    {
        using (var file = Open())
        {
            file.Take(1, Now - TimeSpan.FromDays(15), out _);
            file.Take(2, Now - TimeSpan.FromDays(13), out _);
        }

        using var again = Open();
        Assert.Equal(1, again.Count);
        Assert.Equal((UInt128)2, Assert.Single(CheckpointFile.ReadAll(_scratch.Root).Entries).Checkpoint.Key);
    }

    [Fact]
    public void Open_DamagedSlot_IsCountedAndFree()
    {
        using (var file = Open())
        {
            var slot = file.SlotBytes(file.Take(1, Now, out _));
            slot[..256].Fill(0x55);
            file.Take(2, Now, out _);
        }

        using var again = Open();
        Assert.Equal((1, 1), (again.DamagedSlots, again.Count));
        again.Take(3, Now, out var checkpoint);
        Assert.Equal((UInt128)3, checkpoint.Key);
    }

    [Fact]
    public void ReadAll_BesideTheRunningAgent_SeesWhatItWrote()
    {
        using var file = Open();
        var slot = file.Take(1, Now, out var checkpoint);
        file.Write(slot, checkpoint with { Acked = 42 });
        CheckpointSlot.WriteLabel(file.SlotBytes(slot), "/a.log", "web", "access");
        file.Status[0] = 2;
        file.Sync();

        var dump = CheckpointFile.ReadAll(_scratch.Root);

        var (read, label) = Assert.Single(dump.Entries);
        Assert.Equal((42, "/a.log"), (read.Acked, label.Path));
        Assert.Equal(2, dump.Status[0]);
        Assert.Equal(CheckpointFile.HeaderBytes - 16, dump.Status.Length);
    }

    [Fact]
    public void ReadAll_NoFile_SaysThatNoAgentHasRun() =>
        Assert.Contains("no agent has run", Assert.Throws<CheckpointException>(() => CheckpointFile.ReadAll(_scratch.Root)).Message);

    [Fact]
    public void ReadAll_EmptyFile_IsNoCheckpointFile()
    {
        File.WriteAllText(FilePath, "");

        Assert.Contains("is no checkpoint file", Assert.Throws<CheckpointException>(() => CheckpointFile.ReadAll(_scratch.Root)).Message);
    }

    private CheckpointFile Open() => CheckpointFile.Open(_scratch.Root, Now);
}
