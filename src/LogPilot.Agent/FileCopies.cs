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
    /// <summary>How much of a file's start it is known by.</summary>
    public const int HeadBytes = 1024;

    /// <summary>When any file of a chain was read last.</summary>
    public DateTimeOffset? LastRead(ulong chain)
    {
        var slots = checkpoints.SlotsOf(chain);
        return slots.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(slots.Max(slot => checkpoints.Read(slot).SeenAt));
    }

    /// <inheritdoc cref="IFileReaders.TryTakePlace"/>
    public CopyOutcome TryTakePlace(TailedFile copy, UInt128 key, ulong chain, bool isAwaited)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        head = head[..copy.Content.Read(head, 0)];
        var waits = false;
        foreach (var slot in checkpoints.SlotsOf(chain).ToArray())
        {
            var left = checkpoints.Read(slot);
            if (left.Head.Bytes == 0 || left.Head.Bytes > head.Length || !left.Head.IsOf(head[..left.Head.Bytes]))
            {
                continue;
            }

            if (passOf(slot)?.File is { IsCut: false } original)
            {
                waits |= MayBeCopyOf(copy, original) && (!original.Orphaned || HasTail(copy, left));
            }
            else if ((isAwaited || passOf(slot) is not null || IsTelling(head)) && HasTail(copy, left))
            {
                TakePlace(slot, key);
                return CopyOutcome.Taken;
            }
        }

        return waits ? CopyOutcome.Waits : CopyOutcome.None;
    }

    /// <summary>Whether a file still holds what was read from it.</summary>
    public static bool IsAsLeft(TailedFile file, FileProgress progress)
    {
        if (file.Content.IsFinal)
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[HeadBytes];
        var head = bytes[..progress.Head.Bytes];
        return file.Content.Measure() >= progress.Acked
            && file.Content.Read(head, 0) == head.Length && progress.Head.IsOf(head)
            && HasTail(file, progress.Acked, progress.Tail);
    }

    public static Fingerprint HeadOf(TailedFile file)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        return Fingerprint.Of(head[..file.Content.Read(head, 0)]);
    }

    public static byte[] FirstLineOf(TailedFile file)
    {
        var head = new byte[HeadBytes];
        var start = head.AsSpan(0, file.Content.Read(head, 0));
        var newline = start.IndexOf((byte)'\n');
        return start[..(newline < 0 ? start.Length : newline)].ToArray();
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

    private void TakePlace(int slot, UInt128 key)
    {
        // The copy is known before the original is forgotten: a crash between the two leaves both.
        checkpoints.Copy(slot, key);
        if (passOf(slot)?.File is { } cut)
        {
            cut.IsSaved = true;
        }
        else
        {
            checkpoints.Free(slot, checkpoints.Read(slot).Key);
        }
    }

    // A copy is younger than its original, and is made of the file that is written now, or of a rotated one to compress it.
    private static bool MayBeCopyOf(TailedFile copy, TailedFile original) =>
        copy.Identity.BirthNanoseconds >= original.Identity.BirthNanoseconds
        && copy.Rotation.Base == original.Rotation.Base
        && (original.Orphaned || original.Rotation.IsLive || copy.Rotation with { Compression = "" } == original.Rotation);

    private static bool HasTail(TailedFile copy, in Checkpoint left) =>
        (copy.Content is GzipContent gzip && left.Acked > 0 && gzip.EndsAt(left.Acked)) || HasTail(copy, left.Acked, left.Tail);

    private static bool HasTail(TailedFile file, long position, Fingerprint tail)
    {
        Span<byte> bytes = stackalloc byte[ChunkReader.LeadBytes];
        bytes = bytes[..tail.Bytes];
        return file.Content.Read(bytes, position - tail.Bytes) == bytes.Length && tail.IsOf(bytes);
    }
}
