using LogPilot.Agent.Files;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent;

/// <summary>
/// Knows files by what is in them: whether one still is what it was when it was left, and of which one another is a copy, compressed after
/// its rotation or made before the original was cut.
/// </summary>
/// <remarks>
/// A file is known by its first bytes, up to 1 KiB, and by those before the position up to which it is delivered. A copy is held against
/// the checkpoints of its own chain only. Where the text has no time of day, equal bytes prove nothing, unless the copy was seen beside
/// its original: then it is read as a file of its own, since a line twice is better than a line lost.
/// </remarks>
/// <param name="passOf">The open file of a slot.</param>
internal sealed class FileCopies(CheckpointFile checkpoints, Func<int, FilePass?> passOf)
{
    // How many NULs that are no hole of the file system are looked through for the text behind them, at each scan of a file that
    // a container may have made: cp and logrotate leave holes where there are some.
    private const int HoleBytesMax = 1024 * 1024;

    // A file may come and be rotated away before anybody looks. One that was read then is known by its checkpoint, which outlives this.
    private static readonly TimeSpan UnseenMax = TimeSpan.FromDays(1);

    /// <summary>What was written to a chain before this was read, or is not a part of it; null if nothing of it was ever read.</summary>
    public DateTimeOffset? LastRead(ulong chain)
    {
        var slots = checkpoints.SlotsOf(chain);
        if (slots.Count == 0)
        {
            return null;
        }

        var lastRead = DateTimeOffset.FromUnixTimeSeconds(slots.Max(slot => checkpoints.Read(slot).SeenAt)) - UnseenMax;
        var followedSince = DateTimeOffset.FromUnixTimeMilliseconds(slots.Min(slot => checkpoints.Read(slot).FollowedSince));
        return lastRead > followedSince ? lastRead : followedSince;
    }

    /// <inheritdoc cref="IFileReaders.TryTakePlace"/>
    public CopyOutcome TryTakePlace(TailedFile copy, UInt128 key, ulong chain, ref UInt128? original)
    {
        Span<byte> head = stackalloc byte[Fingerprint.HeadBytesMax];
        head = ReadHead(copy, head);
        if (head.IsEmpty)
        {
            // A copy begins empty, or with the hole of its original, and then it looks like nothing. A hole without an end in sight is
            // no copy that could be known.
            return copy.Content.Read(stackalloc byte[1], HoleBytesMax) == 0 ? CopyOutcome.Waits : CopyOutcome.None;
        }

        var waits = false;
        foreach (var slot in checkpoints.SlotsOf(chain).ToArray())
        {
            var pass = passOf(slot);
            pass?.KnowHead();
            var left = checkpoints.Read(slot);
            if (pass is { File.IsCut: false })
            {
                if (MayBeCopyOf(copy, pass.File) && IsHeadOf(pass.File, head)
                    && (left.Key == original || !pass.File.IsUnseen || IsTelling(head) || HasTail(copy, left)))
                {
                    original = left.Key;
                    waits = true;
                }
            }
            else if ((left.Key == original && pass is null && Fits(copy, left)) || (IsHead(left, head) && IsSame(copy, left, head, pass)))
            {
                TakePlace(slot, key);
                return CopyOutcome.Taken;
            }
        }

        return waits ? CopyOutcome.Waits : CopyOutcome.None;
    }

    /// <summary>Whether one of a chain's files is a copy that was cut from the file of a mark.</summary>
    public bool HasCopies(ulong chain, uint mark)
    {
        foreach (var slot in checkpoints.SlotsOf(chain))
        {
            if (checkpoints.Read(slot).CutFrom == mark)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a file still holds what was read from it.</summary>
    public static bool IsAsLeft(TailedFile file, FileProgress progress)
    {
        if (file.Content.IsFinal)
        {
            return true;
        }

        return file.Content.Measure() >= progress.Acked && HasHead(file, progress.Head)
            && HasTail(file, progress.Acked, progress.Tail);
    }

    public static bool HasHead(TailedFile file, Fingerprint head)
    {
        Span<byte> bytes = stackalloc byte[Fingerprint.HeadBytesMax];
        return head.IsOf(ReadHead(file, bytes[..head.Bytes]));
    }

    /// <summary>The first bytes of a file. A hole, which a writer without O_APPEND leaves where it was cut, tells nothing.</summary>
    public static Span<byte> ReadHead(TailedFile file, Span<byte> target)
    {
        var head = target[..file.Content.Read(target, 0)];
        if (head.IsEmpty || head[0] != 0)
        {
            return head;
        }

        Span<byte> block = stackalloc byte[16 * 1024];
        var offset = file.Content.DataStart;
        for (var left = HoleBytesMax; left > 0 && offset < long.MaxValue;)
        {
            var length = file.Content.Read(block, offset);
            var nuls = block[..length].IndexOfAnyExcept((byte)0);
            if (nuls >= 0)
            {
                return target[..file.Content.Read(target, offset + nuls)];
            }

            if (length == 0)
            {
                break;
            }

            offset += length;
            left -= length;
        }

        return [];
    }

    public static Fingerprint HeadOf(TailedFile file)
    {
        Span<byte> head = stackalloc byte[Fingerprint.HeadBytesMax];
        return Fingerprint.Of(ReadHead(file, head));
    }

    public static byte[] FirstLineOf(TailedFile file)
    {
        Span<byte> head = stackalloc byte[Fingerprint.HeadBytesMax];
        return FirstLineOf(head[..file.Content.Read(head, 0)]).ToArray();
    }

    /// <summary>Whether <see cref="FirstLineOf(TailedFile)"/> stays what it is when the file grows.</summary>
    public static bool IsFirstLineWhole(TailedFile file)
    {
        Span<byte> head = stackalloc byte[Fingerprint.HeadBytesMax];
        var length = file.Content.Read(head, 0);
        return length == head.Length || head[..length].Contains((byte)'\n');
    }

    /// <param name="start">The first bytes of a file.</param>
    public static ReadOnlySpan<byte> FirstLineOf(ReadOnlySpan<byte> start)
    {
        start = start[..Math.Min(start.Length, Fingerprint.HeadBytesMax)];
        var newline = start.IndexOf((byte)'\n');
        return start[..(newline < 0 ? start.Length : newline)];
    }

    /// <summary>Whether a text has a time of day, by which it differs from all others.</summary>
    public static bool IsTelling(ReadOnlySpan<byte> text)
    {
        for (var i = 2; i + 2 < text.Length; i++)
        {
            if (text[i] == ':' && char.IsAsciiDigit((char)text[i - 1]) && char.IsAsciiDigit((char)text[i - 2])
                && char.IsAsciiDigit((char)text[i + 1]) && char.IsAsciiDigit((char)text[i + 2]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHead(in Checkpoint left, ReadOnlySpan<byte> head) =>
        left.Head.Bytes > 0 && left.Head.Bytes <= head.Length && left.Head.IsOf(head[..left.Head.Bytes]);

    // A copy may end earlier than its original, which was written on.
    private static bool IsHeadOf(TailedFile original, ReadOnlySpan<byte> head)
    {
        Span<byte> bytes = stackalloc byte[Fingerprint.HeadBytesMax];
        return ReadHead(original, bytes[..head.Length]).SequenceEqual(head);
    }

    private void TakePlace(int slot, UInt128 key)
    {
        // The copy is known before the original is forgotten: a crash between the two leaves both.
        var cut = passOf(slot)?.File;
        checkpoints.Copy(slot, key, cut is null ? null : checkpoints.Read(slot).Mark);
        if (cut is not null)
        {
            cut.KnowCut(CutState.Saved);
        }
        else
        {
            checkpoints.Free(slot, checkpoints.Read(slot).Key);
        }
    }

    // A copy is younger than its original, and is made of a rotated file to compress it, or of the one that is written now, which the
    // engine never does.
    private static bool MayBeCopyOf(TailedFile copy, TailedFile original) =>
        copy.Identity.BirthNanoseconds >= original.Identity.BirthNanoseconds
        && copy.Rotation.Base == original.Rotation.Base
        && (original.IsUnseen
            || (original.Rotation.IsLive && !copy.Source.IsOfRuntime)
            || copy.Rotation with { Compression = "" } == original.Rotation);

    // The engine's entries end in their time, so what was seen beside its original can be told from others all the same.
    private static bool Fits(TailedFile copy, in Checkpoint left) =>
        !copy.Source.IsOfRuntime || HasTail(copy, left.Acked, left.Tail);

    // Where the first entry is long, its time stands behind the head, and then the end of what was read has to tell. A compressed file of
    // which nothing was delivered is read whole in any case, so equal first bytes are enough.
    private static bool IsSame(TailedFile copy, in Checkpoint left, ReadOnlySpan<byte> head, FilePass? pass) =>
        pass is not null || IsTelling(head) || (copy.Content.IsFinal && left.Acked == 0)
            ? HasTail(copy, left)
            : HasTail(copy, left.Acked, left.Tail, isTelling: true);

    private static bool HasTail(TailedFile copy, in Checkpoint left) =>
        (copy.Content is GzipContent gzip && left.Acked > 0 && gzip.EndsAt(left.Acked)) || HasTail(copy, left.Acked, left.Tail);

    private static bool HasTail(TailedFile file, long position, Fingerprint tail, bool isTelling = false)
    {
        Span<byte> bytes = stackalloc byte[ChunkReader.LeadBytes];
        bytes = bytes[..tail.Bytes];
        return file.Content.Read(bytes, position - tail.Bytes) == bytes.Length && tail.IsOf(bytes)
            && (!isTelling || IsTelling(bytes));
    }
}
