using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Tracking;

/// <summary>The codec of one slot of the checkpoint file, over bytes.</summary>
/// <remarks>
/// All numbers are little-endian.
/// <code>
///   0  128  copy A
/// 128  128  copy B
/// 256  256  label, for people only: what the slot is about and how far it is
///
/// copy:  0 checksum 8 (XxHash3 of the rest)   8 sequence 8   16 key 16   32 acked 8   40 resume from 8
///       48 dated to 8   56 generation 4   60 state 4   64 day start 8   72 day 4   76 earlier day 4
///       80 seen at 4   84 head bytes 2   86 tail bytes 2   88 chain 8   96 origin 8   104 head hash 8   112 tail hash 8   120 followed since 8
/// state: bit 0 in use   bit 1 a copy of a file that was cut then   bits 2 and 3 a record of stdout and stderr that is open at acked ends there
///       bits 4 to 31 the mark of the file that was cut, zero if not known
/// label: 0 size 8   8 read at 8   16 acked at 8   24 path length 2   26 owner length 1   27 log length 1
///       28 path 140   168 owner 64   232 log 24
/// </code>
/// A write goes to the copy with the lower sequence, so that the other one stands whatever happens to this one: a copy that was
/// torn by a power cut has a wrong checksum, and the older one counts.
/// </remarks>
internal static class CheckpointSlot
{
    public const int Bytes = 512;

    private const uint InUse = 1;
    private const uint CutCopy = 2;
    private const int ClosingShift = 2;
    private const int MarkShift = 32 - Checkpoint.MarkBits;
    private const int CopyBytes = 128;
    private const int LabelOffset = 256;
    private const int PathOffset = LabelOffset + 28;
    private const int PathBytesMax = 140;
    private const int OwnerOffset = LabelOffset + 168;
    private const int OwnerBytesMax = 64;
    private const int LogOffset = LabelOffset + 232;
    private const int LogBytesMax = 24;

    /// <summary>Reads the newer whole copy.</summary>
    /// <returns>False if the slot is free, or neither copy is whole.</returns>
    public static bool TryRead(ReadOnlySpan<byte> slot, out Checkpoint checkpoint)
    {
        checkpoint = default;
        var copy = NewerCopy(slot);
        if (copy.IsEmpty || BinaryPrimitives.ReadUInt32LittleEndian(copy[60..]) == 0)
        {
            return false;
        }

        checkpoint = new Checkpoint
        {
            Key = BinaryPrimitives.ReadUInt128LittleEndian(copy[16..]),
            Acked = BinaryPrimitives.ReadInt64LittleEndian(copy[32..]),
            ResumeFrom = BinaryPrimitives.ReadInt64LittleEndian(copy[40..]),
            DatedTo = BinaryPrimitives.ReadInt64LittleEndian(copy[48..]),
            Generation = BinaryPrimitives.ReadUInt32LittleEndian(copy[56..]),
            CutFrom = CutFromOf(BinaryPrimitives.ReadUInt32LittleEndian(copy[60..])),
            Closing = (StandardStreams)(BinaryPrimitives.ReadUInt32LittleEndian(copy[60..]) >> ClosingShift) & StandardStreams.Both,
            DayStart = BinaryPrimitives.ReadInt64LittleEndian(copy[64..]),
            Day = BinaryPrimitives.ReadInt32LittleEndian(copy[72..]),
            EarlierDay = BinaryPrimitives.ReadInt32LittleEndian(copy[76..]),
            SeenAt = BinaryPrimitives.ReadUInt32LittleEndian(copy[80..]),
            Chain = BinaryPrimitives.ReadUInt64LittleEndian(copy[88..]),
            Origin = BinaryPrimitives.ReadUInt64LittleEndian(copy[96..]),
            FollowedSince = BinaryPrimitives.ReadInt64LittleEndian(copy[120..]),
            Head = ReadFingerprint(copy, 84, 104),
            Tail = ReadFingerprint(copy, 86, 112),
        };
        return true;
    }

    public static void Write(Span<byte> slot, in Checkpoint checkpoint) => Write(slot, checkpoint, inUse: true);

    /// <summary>Makes the slot free; whoever reads the file after a crash sees it free or as it was.</summary>
    public static void Free(Span<byte> slot) => Write(slot, default, inUse: false);

    /// <summary>Whether something was written here of which no copy is whole.</summary>
    public static bool IsDamaged(ReadOnlySpan<byte> slot) =>
        NewerCopy(slot).IsEmpty && slot[..LabelOffset].ContainsAnyExcept((byte)0);

    public static SlotLabel ReadLabel(ReadOnlySpan<byte> slot)
    {
        var label = slot[LabelOffset..];
        return new SlotLabel
        {
            Size = BinaryPrimitives.ReadInt64LittleEndian(label),
            ReadAt = BinaryPrimitives.ReadInt64LittleEndian(label[8..]),
            AckedAt = BinaryPrimitives.ReadInt64LittleEndian(label[16..]),
            Path = ReadText(slot, PathOffset, Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(label[24..]), PathBytesMax)),
            Owner = ReadText(slot, OwnerOffset, Math.Min((int)label[26], OwnerBytesMax)),
            Log = ReadText(slot, LogOffset, Math.Min((int)label[27], LogBytesMax)),
        };
    }

    /// <summary>Writes what does not change; of a long path the end is kept.</summary>
    public static void WriteLabel(Span<byte> slot, string path, string owner, string log)
    {
        slot[LabelOffset..].Clear();
        var label = slot[LabelOffset..];
        BinaryPrimitives.WriteUInt16LittleEndian(label[24..], (ushort)WriteText(slot, PathOffset, path, PathBytesMax));
        label[26] = (byte)WriteText(slot, OwnerOffset, owner, OwnerBytesMax);
        label[27] = (byte)WriteText(slot, LogOffset, log, LogBytesMax);
    }

    public static void WriteSize(Span<byte> slot, long size, long readAt)
    {
        BinaryPrimitives.WriteInt64LittleEndian(slot[LabelOffset..], size);
        BinaryPrimitives.WriteInt64LittleEndian(slot[(LabelOffset + 8)..], readAt);
    }

    public static void WriteAckedAt(Span<byte> slot, long ackedAt) =>
        BinaryPrimitives.WriteInt64LittleEndian(slot[(LabelOffset + 16)..], ackedAt);

    private static void Write(Span<byte> slot, in Checkpoint checkpoint, bool inUse)
    {
        var sequenceA = Sequence(slot[..CopyBytes]);
        var sequenceB = Sequence(slot[CopyBytes..(2 * CopyBytes)]);
        var copy = sequenceA <= sequenceB ? slot[..CopyBytes] : slot[CopyBytes..(2 * CopyBytes)];

        // The checksum is put in last: until then the copy does not count, also for a process that reads beside us.
        Span<byte> encoded = stackalloc byte[CopyBytes];
        encoded.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(encoded[8..], Math.Max(sequenceA, sequenceB) + 1);
        BinaryPrimitives.WriteUInt128LittleEndian(encoded[16..], checkpoint.Key);
        BinaryPrimitives.WriteInt64LittleEndian(encoded[32..], checkpoint.Acked);
        BinaryPrimitives.WriteInt64LittleEndian(encoded[40..], checkpoint.ResumeFrom);
        BinaryPrimitives.WriteInt64LittleEndian(encoded[48..], checkpoint.DatedTo);
        BinaryPrimitives.WriteUInt32LittleEndian(encoded[56..], checkpoint.Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(encoded[60..], StateOf(checkpoint, inUse));
        BinaryPrimitives.WriteInt64LittleEndian(encoded[64..], checkpoint.DayStart);
        BinaryPrimitives.WriteInt32LittleEndian(encoded[72..], checkpoint.Day);
        BinaryPrimitives.WriteInt32LittleEndian(encoded[76..], checkpoint.EarlierDay);
        BinaryPrimitives.WriteUInt32LittleEndian(encoded[80..], checkpoint.SeenAt);
        BinaryPrimitives.WriteUInt16LittleEndian(encoded[84..], (ushort)checkpoint.Head.Bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(encoded[86..], (ushort)checkpoint.Tail.Bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(encoded[88..], checkpoint.Chain);
        BinaryPrimitives.WriteUInt64LittleEndian(encoded[96..], checkpoint.Origin);
        BinaryPrimitives.WriteUInt64LittleEndian(encoded[104..], checkpoint.Head.Hash);
        BinaryPrimitives.WriteUInt64LittleEndian(encoded[112..], checkpoint.Tail.Hash);
        BinaryPrimitives.WriteInt64LittleEndian(encoded[120..], checkpoint.FollowedSince);
        copy[..8].Clear();
        encoded[8..].CopyTo(copy[8..]);
        BinaryPrimitives.WriteUInt64LittleEndian(copy, XxHash3.HashToUInt64(encoded[8..]));
    }

    private static uint StateOf(in Checkpoint checkpoint, bool inUse) =>
        (inUse ? InUse : 0)
        | (checkpoint.CutFrom is { } mark ? CutCopy | (mark << MarkShift) : 0)
        | ((uint)checkpoint.Closing << ClosingShift);

    private static uint? CutFromOf(uint state) => (state & CutCopy) != 0 ? state >> MarkShift : null;

    private static ReadOnlySpan<byte> NewerCopy(ReadOnlySpan<byte> slot)
    {
        var a = slot[..CopyBytes];
        var b = slot[CopyBytes..(2 * CopyBytes)];
        var sequenceA = Sequence(a);
        var sequenceB = Sequence(b);
        return sequenceA == 0 && sequenceB == 0 ? [] : sequenceA >= sequenceB ? a : b;
    }

    // Zero if the copy was never written or is not whole.
    private static ulong Sequence(ReadOnlySpan<byte> copy) =>
        BinaryPrimitives.ReadUInt64LittleEndian(copy) == XxHash3.HashToUInt64(copy[8..])
            ? BinaryPrimitives.ReadUInt64LittleEndian(copy[8..])
            : 0;

    private static Fingerprint ReadFingerprint(ReadOnlySpan<byte> copy, int bytesOffset, int hashOffset) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(copy[bytesOffset..]), BinaryPrimitives.ReadUInt64LittleEndian(copy[hashOffset..]));

    private static string ReadText(ReadOnlySpan<byte> slot, int offset, int length) =>
        Encoding.UTF8.GetString(slot.Slice(offset, length));

    private static int WriteText(Span<byte> slot, int offset, string text, int bytesMax)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        bytes = bytes.Length > bytesMax ? bytes[^bytesMax..] : bytes;
        bytes.CopyTo(slot[offset..]);
        return bytes.Length;
    }
}

/// <summary>What a slot is about, for people.</summary>
internal sealed record SlotLabel
{
    public required string Path { get; init; }

    public required string Owner { get; init; }

    public required string Log { get; init; }

    /// <summary>The file's size when it was last read.</summary>
    public long Size { get; init; }

    /// <summary>Milliseconds since 1970 of the last read.</summary>
    public long ReadAt { get; init; }

    /// <summary>Milliseconds since 1970 of the last acknowledgement.</summary>
    public long AckedAt { get; init; }
}
