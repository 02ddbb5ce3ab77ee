using System.Buffers.Binary;
using System.Text;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Tracking;

/// <summary>What the running agent says about itself, in the header of the checkpoint file, for other processes to read.</summary>
/// <remarks>
/// Little-endian, offsets from the end of the header's first 16 bytes:
/// <code>
///   0 sequence 4 (odd while it is written)   4 process id 4   8 beat 8   16 started 8   24 oldest undelivered 8
///  32 lag limit 8   40 counters 11 * 8   128 sink problem since 8   136 runtime problem since 8
/// 144 length 2, text 510: sink problem   656 length 2, text 510: runtime problem   1168 oldest unread 8
/// 1176 losses 4   1184 80 each: bytes 8, reason 4, length 4, text 64: container
/// 3744 lines filtered 8   3752 lines unparsed 8
/// </code>
/// Beat, oldest undelivered and oldest unread are milliseconds since the machine's start, so that a changed clock changes no verdict; all
/// other times are milliseconds since 1970, and zero means none.
/// </remarks>
internal sealed record AgentStatus
{
    private const int CountersOffset = 40;
    private const int SinkTextOffset = 144;
    private const int RuntimeTextOffset = 656;
    private const int TextBytesMax = 510;
    private const int UnreadOffset = 1168;
    private const int LossCountOffset = 1176;
    private const int LossesOffset = 1184;
    private const int LossBytes = 80;
    private const int LossOwnerBytesMax = 64;
    private const int LossesMax = 32;
    private const int FilteredOffset = 3744;
    private const int UnparsedOffset = 3752;

    // Two of them apart are still a TimeSpan.
    private const long MillisecondsMax = 1L << 48;

    public int ProcessId { get; init; }

    public long BeatAt { get; init; }

    public long StartedAt { get; init; }

    public long OldestUndeliveredAt { get; init; }

    /// <summary>Since when a file waits to be read; zero if none does.</summary>
    public long OldestUnreadAt { get; init; }

    public TimeSpan LagMax { get; init; }

    public AgentCounts Counts { get; init; } = new();

    public StatusProblem? Sink { get; init; }

    public StatusProblem? Runtime { get; init; }

    /// <summary>What is lost, the most first; at most 32 entries are kept.</summary>
    public IReadOnlyList<StatusLoss> Losses { get; init; } = [];

    /// <param name="block">As <see cref="CheckpointDump.Status"/> gives it.</param>
    public static AgentStatus Read(ReadOnlySpan<byte> block)
    {
        var counts = block[CountersOffset..];
        return new AgentStatus
        {
            ProcessId = BinaryPrimitives.ReadInt32LittleEndian(block[4..]),
            BeatAt = ReadTime(block[8..]),
            StartedAt = ReadTime(block[16..]),
            OldestUndeliveredAt = ReadTime(block[24..]),
            LagMax = TimeSpan.FromMilliseconds(ReadTime(block[32..])),
            Counts = new AgentCounts
            {
                LinesRead = BinaryPrimitives.ReadInt64LittleEndian(counts),
                LinesFiltered = BinaryPrimitives.ReadInt64LittleEndian(block[FilteredOffset..]),
                LinesUnparsed = BinaryPrimitives.ReadInt64LittleEndian(block[UnparsedOffset..]),
                BytesRead = BinaryPrimitives.ReadInt64LittleEndian(counts[8..]),
                CutBytes = BinaryPrimitives.ReadInt64LittleEndian(counts[16..]),
                LostBytes = BinaryPrimitives.ReadInt64LittleEndian(counts[24..]),
                Stored = BinaryPrimitives.ReadInt64LittleEndian(counts[32..]),
                Duplicates = BinaryPrimitives.ReadInt64LittleEndian(counts[40..]),
                Retried = BinaryPrimitives.ReadInt64LittleEndian(counts[48..]),
                Plain = BinaryPrimitives.ReadInt64LittleEndian(counts[56..]),
                DeadLetters = BinaryPrimitives.ReadInt64LittleEndian(counts[64..]),
                Requests = BinaryPrimitives.ReadInt64LittleEndian(counts[72..]),
                RequestBytes = BinaryPrimitives.ReadInt64LittleEndian(counts[80..]),
            },
            Sink = ReadProblem(block, 128, SinkTextOffset),
            Runtime = ReadProblem(block, 136, RuntimeTextOffset),
            OldestUnreadAt = ReadTime(block[UnreadOffset..]),
            Losses = ReadLosses(block),
        };
    }

    public void Write(Span<byte> block)
    {
        var sequence = BinaryPrimitives.ReadUInt32LittleEndian(block) | 1;
        BinaryPrimitives.WriteUInt32LittleEndian(block, sequence);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], ProcessId);
        BinaryPrimitives.WriteInt64LittleEndian(block[8..], BeatAt);
        BinaryPrimitives.WriteInt64LittleEndian(block[16..], StartedAt);
        BinaryPrimitives.WriteInt64LittleEndian(block[24..], OldestUndeliveredAt);
        BinaryPrimitives.WriteInt64LittleEndian(block[32..], (long)LagMax.TotalMilliseconds);
        var counts = block[CountersOffset..];
        foreach (var count in (ReadOnlySpan<long>)
            [Counts.LinesRead, Counts.BytesRead, Counts.CutBytes, Counts.LostBytes, Counts.Stored, Counts.Duplicates,
            Counts.Retried, Counts.Plain, Counts.DeadLetters, Counts.Requests, Counts.RequestBytes])
        {
            BinaryPrimitives.WriteInt64LittleEndian(counts, count);
            counts = counts[8..];
        }

        BinaryPrimitives.WriteInt64LittleEndian(block[FilteredOffset..], Counts.LinesFiltered);
        BinaryPrimitives.WriteInt64LittleEndian(block[UnparsedOffset..], Counts.LinesUnparsed);
        WriteProblem(block, 128, SinkTextOffset, Sink);
        WriteProblem(block, 136, RuntimeTextOffset, Runtime);
        BinaryPrimitives.WriteInt64LittleEndian(block[UnreadOffset..], OldestUnreadAt);
        WriteLosses(block);
        BinaryPrimitives.WriteUInt32LittleEndian(block, sequence + 1);
    }

    /// <summary>Changes with every write, and is odd while one is not done.</summary>
    public static uint SequenceOf(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadUInt32LittleEndian(block);

    // There is no checksum, and a disk may have left anything here: what cannot be a time must not end who looks at it.
    private static long ReadTime(ReadOnlySpan<byte> bytes) =>
        Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(bytes), 0, MillisecondsMax);

    private static StatusLoss[] ReadLosses(ReadOnlySpan<byte> block)
    {
        var count = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(block[LossCountOffset..]), 0, LossesMax);
        var losses = count == 0 ? Array.Empty<StatusLoss>() : new StatusLoss[count];
        for (var i = 0; i < losses.Length; i++)
        {
            var loss = block.Slice(LossesOffset + (i * LossBytes), LossBytes);
            var length = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(loss[12..]), 0, LossOwnerBytesMax);
            losses[i] = new StatusLoss(
                Encoding.UTF8.GetString(loss.Slice(16, length)),
                (LossReason)BinaryPrimitives.ReadInt32LittleEndian(loss[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(loss));
        }

        return losses;
    }

    private void WriteLosses(Span<byte> block)
    {
        var count = Math.Min(Losses.Count, LossesMax);
        for (var i = 0; i < count; i++)
        {
            var loss = block.Slice(LossesOffset + (i * LossBytes), LossBytes);
            ReadOnlySpan<byte> owner = Encoding.UTF8.GetBytes(Losses[i].Owner);
            owner = owner[..Math.Min(owner.Length, LossOwnerBytesMax)];
            BinaryPrimitives.WriteInt64LittleEndian(loss, Losses[i].Bytes);
            BinaryPrimitives.WriteInt32LittleEndian(loss[8..], (int)Losses[i].Reason);
            BinaryPrimitives.WriteInt32LittleEndian(loss[12..], owner.Length);
            owner.CopyTo(loss[16..]);
        }

        BinaryPrimitives.WriteInt32LittleEndian(block[LossCountOffset..], count);
    }

    private static StatusProblem? ReadProblem(ReadOnlySpan<byte> block, int sinceOffset, int textOffset)
    {
        var since = ReadTime(block[sinceOffset..]);
        var length = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(block[textOffset..]), TextBytesMax);
        return since == 0
            ? null
            : new StatusProblem(Encoding.UTF8.GetString(block.Slice(textOffset + 2, length)), since);
    }

    private static void WriteProblem(Span<byte> block, int sinceOffset, int textOffset, StatusProblem? problem)
    {
        BinaryPrimitives.WriteInt64LittleEndian(block[sinceOffset..], problem?.Since ?? 0);
        if (problem is not null)
        {
            ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(problem.Text);
            text = text[..Math.Min(text.Length, TextBytesMax)];
            BinaryPrimitives.WriteUInt16LittleEndian(block[textOffset..], (ushort)text.Length);
            text.CopyTo(block[(textOffset + 2)..]);
        }
    }
}

/// <summary>Something that keeps the agent from its work.</summary>
/// <param name="Since">Milliseconds since 1970.</param>
internal sealed record StatusProblem(string Text, long Since);

/// <summary>Bytes of one container that were lost for one reason since the agent's start.</summary>
/// <param name="Owner">The container's name, or <c>host</c>.</param>
internal sealed record StatusLoss(string Owner, LossReason Reason, long Bytes);

/// <summary>Totals since the agent's start.</summary>
internal sealed record AgentCounts
{
    public long LinesRead { get; init; }

    /// <summary>Lines that the filters of their declarations left out.</summary>
    public long LinesFiltered { get; init; }

    /// <summary>Lines of which the format or the time was not as declared.</summary>
    public long LinesUnparsed { get; init; }

    public long BytesRead { get; init; }

    /// <summary>Bytes cut from lines longer than the limit.</summary>
    public long CutBytes { get; init; }

    /// <summary>Bytes that could not be read before they were gone.</summary>
    public long LostBytes { get; init; }

    public long Stored { get; init; }

    public long Duplicates { get; init; }

    public long Retried { get; init; }

    public long Plain { get; init; }

    public long DeadLetters { get; init; }

    public long Requests { get; init; }

    public long RequestBytes { get; init; }
}
