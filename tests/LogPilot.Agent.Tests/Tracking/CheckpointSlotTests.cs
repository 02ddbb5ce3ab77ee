using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Tracking;

public sealed class CheckpointSlotTests
{
    private static readonly Checkpoint Old = new()
    {
        Key = new UInt128(1, 2),
        Acked = 100,
        ResumeFrom = 90,
        Generation = 3,
        DatedTo = 120,
        Day = 19782,
        DayStart = 110,
        EarlierDay = 19781,
        SeenAt = 1_709_208_000,
    };

    private static readonly Checkpoint New = Old with { Acked = long.MaxValue, ResumeFrom = 200, DatedTo = 230, SeenAt = uint.MaxValue };

    [Fact]
    public void TryRead_Written_IsWhatWasWritten()
    {
        var slot = SlotOf(Old);

        Assert.True(CheckpointSlot.TryRead(slot, out var read));
        Assert.Equal(Old, read);
        CheckpointSlot.Write(slot, New);
        Assert.True(CheckpointSlot.TryRead(slot, out read));
        Assert.Equal(New, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0u)]
    [InlineData((1u << Checkpoint.MarkBits) - 1)]
    public void TryRead_CopyOfACutFile_KnowsTheFile(uint? mark)
    {
        var slot = SlotOf(Old with { CutFrom = mark, Origin = ulong.MaxValue });

        Assert.True(CheckpointSlot.TryRead(slot, out var read));
        Assert.Equal(mark, read.CutFrom);
        Assert.Equal((1u << Checkpoint.MarkBits) - 1, read.Mark);
    }

    [Fact]
    public void TryRead_NeverWritten_IsFreeAndWhole()
    {
        var slot = new byte[CheckpointSlot.Bytes];

        Assert.False(CheckpointSlot.TryRead(slot, out _));
        Assert.False(CheckpointSlot.IsDamaged(slot));
    }

    [Fact]
    public void Free_InUse_IsFreeAndCanBeUsedAgain()
    {
        var slot = SlotOf(Old);

        CheckpointSlot.Free(slot);
        Assert.False(CheckpointSlot.TryRead(slot, out _));
        Assert.False(CheckpointSlot.IsDamaged(slot));
        CheckpointSlot.Write(slot, New);

        Assert.True(CheckpointSlot.TryRead(slot, out var read));
        Assert.Equal(New, read);
    }

    // A disk writes whole sectors at best, and in any order.
    [Fact]
    public void TryRead_TornAtAnyByte_IsTheOldOrTheNew()
    {
        var (before, after) = OldAndNew();
        for (var torn = 0; torn <= before.Length; torn++)
        {
            CheckIsEither([.. after[..torn], .. before[torn..]], $"The first {torn} bytes are new.");
            CheckIsEither([.. before[..torn], .. after[torn..]], $"The first {torn} bytes are old.");
        }
    }

    [Fact]
    public void TryRead_AnyMixtureOfBytes_IsTheOldOrTheNew()
    {
        const int Seed = 5;
        var random = new Random(Seed);
        var (before, after) = OldAndNew();
        for (var round = 0; round < 5000; round++)
        {
            var mixed = before.Select((one, at) => random.Next(2) == 0 ? one : after[at]).ToArray();
            CheckIsEither(mixed, $"Seed {Seed}, round {round}.");
        }
    }

    [Fact]
    public void Write_OverATornCopy_KeepsTheWholeOneUntilItIsDone()
    {
        var slot = SlotOf(Old);
        CheckpointSlot.Write(slot, New);
        slot[140] ^= 1;
        Assert.True(CheckpointSlot.TryRead(slot, out var read));
        Assert.Equal(Old, read);
        var whole = slot[..128];

        CheckpointSlot.Write(slot, New);

        Assert.Equal(whole, slot[..128]);
        Assert.True(CheckpointSlot.TryRead(slot, out read));
        Assert.Equal(New, read);
    }

    [Fact]
    public void TryRead_BothCopiesDamaged_SaysSo()
    {
        var slot = SlotOf(Old);
        CheckpointSlot.Write(slot, New);
        slot[20] ^= 1;
        slot[150] ^= 0x80;

        Assert.False(CheckpointSlot.TryRead(slot, out _));
        Assert.True(CheckpointSlot.IsDamaged(slot));
        CheckpointSlot.Write(slot, New);
        Assert.True(CheckpointSlot.TryRead(slot, out _));
    }

    [Fact]
    public void ReadLabel_Written_IsWhatWasWritten()
    {
        var slot = SlotOf(Old);

        CheckpointSlot.WriteLabel(slot, "/logs/a.log", "web", "access");
        CheckpointSlot.WriteSize(slot, 1000, 7);
        CheckpointSlot.WriteAckedAt(slot, 8);

        Assert.Equal(
            new SlotLabel { Path = "/logs/a.log", Owner = "web", Log = "access", Size = 1000, ReadAt = 7, AckedAt = 8 },
            CheckpointSlot.ReadLabel(slot));
        Assert.True(CheckpointSlot.TryRead(slot, out var read));
        Assert.Equal(Old, read);
    }

    [Fact]
    public void ReadLabel_LongTexts_KeepsTheirEnds()
    {
        var slot = SlotOf(Old);

        CheckpointSlot.WriteLabel(slot, new string('p', 300) + "/end.log", new string('o', 100) + "x", new string('l', 50) + "y");

        var label = CheckpointSlot.ReadLabel(slot);
        Assert.Equal(140, label.Path.Length);
        Assert.EndsWith("p/end.log", label.Path, StringComparison.Ordinal);
        Assert.EndsWith("ox", label.Owner, StringComparison.Ordinal);
        Assert.EndsWith("ly", label.Log, StringComparison.Ordinal);
        Assert.True(CheckpointSlot.TryRead(slot, out var read));
        Assert.Equal(Old, read);
    }

    private static (byte[] Before, byte[] After) OldAndNew()
    {
        // Both copies are in use, so that the write under test goes over one.
        var before = SlotOf(Old with { Acked = 50 });
        CheckpointSlot.Write(before, Old);
        var after = before.ToArray();
        CheckpointSlot.Write(after, New);
        return (before, after);
    }

    private static void CheckIsEither(byte[] slot, string what)
    {
        Assert.True(CheckpointSlot.TryRead(slot, out var read), what);
        Assert.True(read == Old || read == New, $"{what} It reads {read}.");
    }

    private static byte[] SlotOf(Checkpoint checkpoint)
    {
        var slot = new byte[CheckpointSlot.Bytes];
        CheckpointSlot.Write(slot, checkpoint);
        return slot;
    }
}
