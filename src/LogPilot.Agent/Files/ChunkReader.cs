using LogPilot.Linux;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Files;

/// <summary>Reads the chunks of files, one at a time, through one buffer that all files share.</summary>
internal sealed class ChunkReader(int chunkBytes, int lineBytesMax, TimeProvider time, ILogger log)
{
    // Below this, reading a half line again costs less than looking for its end first.
    private const int HalfLineBytesMin = 64 * 1024;

    private readonly byte[] _chunk = GC.AllocateUninitializedArray<byte>(chunkBytes, pinned: true);

    /// <summary>Gives the file's reader the next chunk, if there is anything new in it.</summary>
    /// <param name="isFinal">Nothing will be written to the file any more: what is left in it is a line.</param>
    public TurnOutcome Read(TailedFile file, bool isFinal)
    {
        try
        {
            file.Size = LinuxFile.Stat(file.Handle).Size;
            if (file.Size < file.Reader.Position)
            {
                log.Truncated(file.Path, file.Source.OwnerName, file.Reader.Position, file.Size);
                file.ScannedTo = 0;
                file.Reader.StartAnew();
            }

            if (file.Size == file.Reader.Position)
            {
                return file.Reader.HasOpenLine && isFinal ? ReadRest(file) : TurnOutcome.Done;
            }

            return isFinal || HalfLineEnds(file) ? ReadChunk(file, isFinal) : TurnOutcome.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.CannotRead(file.Path, file.Source.OwnerName, file.Reader.Position, failure.Message);
            return TurnOutcome.Failed;
        }
    }

    // Every byte was taken, but parts of a line wait for one that will not come.
    private static TurnOutcome ReadRest(TailedFile file) =>
        file.Reader.Read([], ChunkEnd.Final) == ReadOutcome.Blocked ? TurnOutcome.Blocked : TurnOutcome.Done;

    private TurnOutcome ReadChunk(TailedFile file, bool isFinal)
    {
        var chunk = _chunk;
        while (true)
        {
            var position = file.Reader.Position;
            var length = RandomAccess.Read(file.Handle, chunk, position);
            if (length == 0)
            {
                return TurnOutcome.Done;
            }

            var atEnd = position + length >= file.Size;
            var end = atEnd && isFinal ? ChunkEnd.Final
                : length == chunk.Length && length >= lineBytesMax ? ChunkEnd.Full
                : ChunkEnd.Open;
            if (position + length > file.ScannedTo)
            {
                file.GrownAt = time.GetTimestamp();
                file.ScannedTo = position + length;
            }

            if (file.Reader.Read(chunk.AsSpan(0, length), end) == ReadOutcome.Blocked)
            {
                // Whole lines are left in the chunk, so no line's end has to be searched for behind it.
                file.ScannedTo = file.Reader.Position;
                return TurnOutcome.Blocked;
            }

            if (file.Reader.Position != position || length < chunk.Length)
            {
                return atEnd ? TurnOutcome.Done : TurnOutcome.More;
            }

            // One line fills the whole chunk. Lines of that size are rare, so the larger chunk is not kept.
            chunk = new byte[Math.Min(chunk.Length * 2, Math.Max(lineBytesMax, chunk.Length + 1))];
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

        var length = RandomAccess.Read(file.Handle, _chunk, file.ScannedTo);
        if (length == _chunk.Length || _chunk.AsSpan(0, length).Contains((byte)'\n'))
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

    /// <summary>The file cannot be read now; worth another try later.</summary>
    Failed,
}
