using LogPilot.Linux;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Files;

/// <summary>Reads the chunks of files, one at a time, through one buffer that all files share.</summary>
internal sealed class ChunkReader(int chunkBytes, int lineBytesMax, TimeProvider time, ILogger log)
{
    /// <summary>Bytes before a chunk that are read with it, to see that the file still is what it was.</summary>
    public const int LeadBytes = 64;

    // Below this, reading a half line again costs less than looking for its end first.
    private const int HalfLineBytesMin = 64 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(LeadBytes + chunkBytes, pinned: true);

    /// <summary>Gives the file's reader the next chunk, if there is anything new in it.</summary>
    /// <param name="atEnd">What is known of what follows the text as it is now.</param>
    public TurnOutcome Read(TailedFile file, ChunkEnd atEnd)
    {
        try
        {
            var size = file.Content.Measure();
            var sizeBefore = file.Size;
            if (!file.Content.IsFinal && (size < file.Reader.Position || size < sizeBefore))
            {
                return TurnOutcome.Cut;
            }

            file.Size = size;
            if (file.Size <= file.Reader.Position || file.Content is GzipContent gzip && gzip.EndsAt(file.Reader.Position))
            {
                return ReadRest(file, atEnd);
            }

            var outcome = atEnd != ChunkEnd.Open || IsDue(file) || HalfLineEnds(file) ? ReadChunk(file, atEnd) : TurnOutcome.Done;
            file.Size = outcome == TurnOutcome.Cut ? sizeBefore : file.Size;
            return outcome;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.CannotRead(file.Path, file.Source.OwnerName, file.Reader.Position, failure.Message);
            return TurnOutcome.Failed;
        }
    }

    // Every byte was taken, but what was taken may wait for a part or a line that will not come.
    private TurnOutcome ReadRest(TailedFile file, ChunkEnd atEnd)
    {
        file.Size = file.Reader.Position;
        var isWhole = atEnd == ChunkEnd.Final || (atEnd == ChunkEnd.Open && IsDue(file));
        return file.Reader.HasOpenLine && isWhole ? OutcomeOf(file.Reader.Read([], atEnd), TurnOutcome.Done) : TurnOutcome.Done;
    }

    private bool IsDue(TailedFile file) => file.Reader.Due <= time.GetTimestamp();

    private static TurnOutcome OutcomeOf(ReadOutcome outcome, TurnOutcome taken) => outcome switch
    {
        ReadOutcome.Blocked => TurnOutcome.Blocked,
        ReadOutcome.Waits => TurnOutcome.Waits,
        _ => taken,
    };

    private TurnOutcome ReadChunk(TailedFile file, ChunkEnd atEnd)
    {
        var buffer = _buffer;
        while (true)
        {
            var position = file.Reader.Position;
            var lead = file.Content.IsFinal ? 0 : (int)Math.Min(LeadBytes, position);
            var room = buffer.Length - LeadBytes;
            var length = file.Content.Read(buffer.AsSpan(0, lead + room), position - lead) - lead;
            if (length < 0 || !file.Reader.Follows(buffer.AsSpan(0, lead), buffer.AsSpan(lead, length)))
            {
                return TurnOutcome.Cut;
            }

            if (file.Content.IsFinal)
            {
                // Where a compressed text ends is known when the end was read.
                file.Size = file.Content.Measure();
            }

            var isEnd = position + length >= file.Size;
            if (length == 0)
            {
                return isEnd ? ReadRest(file, atEnd) : TurnOutcome.Done;
            }

            var end = isEnd && atEnd != ChunkEnd.Open ? atEnd
                : length == room && length >= lineBytesMax ? ChunkEnd.Full
                : ChunkEnd.Open;
            if (position + length > file.ScannedTo)
            {
                file.GrownAt = time.GetTimestamp();
                file.ScannedTo = position + length;
            }

            var chunk = buffer.AsSpan(lead, length);
            var outcome = file.Reader.Read(chunk, end);
            file.Content.Keep(chunk[(int)(file.Reader.Position - position)..]);
            if (outcome != ReadOutcome.Taken)
            {
                // Whole lines may be left in the chunk, so no line's end has to be searched for behind it.
                file.ScannedTo = file.Reader.Position;
                return OutcomeOf(outcome, TurnOutcome.Done);
            }

            if (file.Reader.Position != position || length < room)
            {
                return isEnd ? TurnOutcome.Done : TurnOutcome.More;
            }

            // One line fills the whole chunk. Lines of that size are rare, so the larger chunk is not kept.
            buffer = new byte[LeadBytes + Math.Min(room * 2, Math.Max(lineBytesMax, room + 1))];
        }
    }

    // Whether the incomplete line at the reader's position may be complete now. A program that writes a long line in small
    // pieces would otherwise have it read from its start at every piece.
    private bool HalfLineEnds(TailedFile file)
    {
        if (file.ScannedTo - file.Reader.Position < HalfLineBytesMin || file.ScannedTo - file.Reader.Position >= lineBytesMax)
        {
            return true;
        }

        var chunk = _buffer.AsSpan(0, _buffer.Length - LeadBytes);
        var length = file.Content.Read(chunk, file.ScannedTo);
        if (length == chunk.Length || chunk[..length].Contains((byte)'\n'))
        {
            return true;
        }

        file.ScannedTo += length;
        return file.ScannedTo - file.Reader.Position >= lineBytesMax;
    }
}

/// <summary>What came of a file's turn.</summary>
internal enum TurnOutcome
{
    /// <summary>Nothing more to read for now.</summary>
    Done,

    /// <summary>There is more behind the chunk.</summary>
    More,

    /// <summary>No room for more lines.</summary>
    Blocked,

    /// <summary>Nothing more is read before what was read is delivered.</summary>
    Waits,

    /// <summary>The file cannot be read now; worth another try later.</summary>
    Failed,

    /// <summary>What was read from the file is not in it any more.</summary>
    Cut,
}
