using LogPilot.Agent.Files;
using LogPilot.Agent.Tracking;

namespace LogPilot.Agent;

/// <summary>The bytes by which an open file is known to be what was read of it: its first ones, and those around the position.</summary>
internal sealed class KnownBytes(TailedFile file, FileProgress progress)
{
    // The bytes behind the position that were seen already.
    private Fingerprint _ahead;

    /// <summary>The bytes before the position.</summary>
    public Fingerprint Tail { get; private set; }

    /// <inheritdoc cref="IFileReader.BeginsAsRead"/>
    public bool BeginsAsRead => FileCopies.HasHead(file, progress.Head);

    /// <summary>There are no more first bytes to know, as far as the file was measured.</summary>
    public bool HasWholeHead => progress.Head.Bytes >= Fingerprint.HeadBytesMax || progress.Head.Bytes >= file.Size;

    /// <inheritdoc cref="IFileReader.Follows"/>
    public bool AreAround(long position, ReadOnlySpan<byte> lead, ReadOnlySpan<byte> chunk)
    {
        if (_ahead.Bytes > chunk.Length || !_ahead.IsOf(chunk[.._ahead.Bytes]))
        {
            return false;
        }

        var head = progress.Head;
        return position > 0
            ? (Tail.Bytes > lead.Length || Tail.IsOf(lead[^Tail.Bytes..]))

                // Behind a hole are NULs only, as they may stand there after the next cut.
                && (lead is not [.., 0] || BeginsAsRead)
            : chunk is [0, ..] ? BeginsAsRead
            : head.Bytes <= chunk.Length && head.IsOf(chunk[..head.Bytes]);
    }

    /// <summary>Learns more of the file's first bytes, if there are more, and as long as they are those that were read.</summary>
    /// <param name="start">
    /// The first bytes if they have been read: the file may have been cut and filled since. Otherwise they are looked at now.
    /// </param>
    public void KnowHead(ReadOnlySpan<byte> start = default)
    {
        Span<byte> read = stackalloc byte[Fingerprint.HeadBytesMax];
        var head = start is [not 0, ..] ? start[..Math.Min(start.Length, Fingerprint.HeadBytesMax)] : FileCopies.ReadHead(file, read);
        var known = progress.Head.Bytes;
        if (file.HasNoName && known > 0)
        {
            // What is written to a file without a name is in no copy of it, which would not be known by more than it has.
            return;
        }

        if (head.Length > known && progress.Head.IsOf(head[..known]))
        {
            progress.Know(progress.Origin, Fingerprint.Of(head));
        }
    }

    /// <summary>The position has moved behind these bytes.</summary>
    public void Take(ReadOnlySpan<byte> taken) =>
        Tail = taken.IsEmpty ? Tail : Fingerprint.Of(taken[^Math.Min(taken.Length, ChunkReader.LeadBytes)..]);

    /// <summary>What of a chunk stays behind the position.</summary>
    public void Leave(ReadOnlySpan<byte> unread) => _ahead = Fingerprint.Of(unread[..Math.Min(unread.Length, ChunkReader.LeadBytes)]);

    /// <summary>Reading starts again where the checkpoint says.</summary>
    public void Seek()
    {
        Tail = progress.ResumeFrom == progress.Acked ? progress.Tail : default;
        _ahead = default;
    }
}
