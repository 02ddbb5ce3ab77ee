using System.Buffers.Binary;
using System.IO.Hashing;
using LogPilot.Agent.Tests.Support;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>A checkpoint file of which a disk has kept what it liked: it is refused by name, or it is used and stays usable.</summary>
internal sealed class CheckpointTarget(ScratchDirectory scratch) : FuzzTarget("checkpoint")
{
    private const int CopyBytes = 128;
    private const int SequenceEnd = 15;

    private static readonly UInt128 OwnKey = new(0x0123456789abcdef, 0xfedcba9876543210);

    private static readonly DateTimeOffset Now = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    public override IReadOnlyList<string> Tokens { get; } =
        ["LOGPILOT", "\x01\0\0\0\0\x02\0\0", "\x02\0\0\0", "\0\0\0\0\0\0\0\0", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x01\0\0\0", "\0\0\0\x80", "\x7f"];

    protected override void Check(byte[] input, Random random)
    {
        if (random.Next(2) == 0)
        {
            Sign(input);
        }

        File.WriteAllBytes(scratch.PathOf(CheckpointFile.FileName), input);
        try
        {
            var (kept, damaged) = Use(random);
            using var again = CheckpointFile.Open(scratch.Root, Now);
            Expect(again.Count == kept, $"the next agent knows what this one knew: {kept}, {again.Count}");
            Expect(again.DamagedSlots <= damaged, $"no slot is damaged by using it: {damaged}, {again.DamagedSlots}");
            again.Take(OwnKey, Now, out var checkpoint);
            Expect(checkpoint.Acked == 42, "what was written is there");
            Expect(CheckpointFile.ReadAll(scratch.Root).Entries.Count == kept, "status shows what is used");
        }
        catch (CheckpointException refused)
        {
            Expect(refused.Message.Contains(scratch.Root, StringComparison.Ordinal), $"a refusal names the file: {refused.Message}");
        }
    }

    private (int Kept, int Damaged) Use(Random random)
    {
        var dump = CheckpointFile.ReadAll(scratch.Root);
        _ = AgentHealth.Judge(AgentStatus.Read(dump.Status), dump.IsLive, sinceBoot: 1000, Now);
        _ = AgentHealth.Judge(AgentStatus.Read(dump.Status), isLive: true, sinceBoot: 1000, Now);
        using var file = CheckpointFile.Open(scratch.Root, Now);
        foreach (var (checkpoint, _) in dump.Entries)
        {
            var slot = file.Take(checkpoint.Key, Now, out var taken);
            if (slot >= 0 && random.Next(3) == 0)
            {
                file.Free(slot, taken.Key);
            }
        }

        var own = file.Take(OwnKey, Now, out var written);
        file.Write(own, written with { Acked = 42 });
        return (file.Count, file.DamagedSlots);
    }

    // With the right checksum whatever stands in a copy counts. The last sequences are out of any writer's reach.
    private static void Sign(Span<byte> file)
    {
        for (var slot = CheckpointFile.HeaderBytes; slot + CheckpointSlot.Bytes <= file.Length; slot += CheckpointSlot.Bytes)
        {
            foreach (var offset in (ReadOnlySpan<int>)[0, CopyBytes])
            {
                var copy = file.Slice(slot + offset, CopyBytes);
                copy[SequenceEnd] = 0;
                BinaryPrimitives.WriteUInt64LittleEndian(copy, XxHash3.HashToUInt64(copy[8..]));
            }
        }
    }
}
