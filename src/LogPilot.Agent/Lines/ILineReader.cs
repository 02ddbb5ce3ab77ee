using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Lines;

/// <summary>Finds the lines in the chunks of one file, and knows where to start again to find the same ones.</summary>
internal interface ILineReader
{
    /// <summary>The offset behind everything taken.</summary>
    long Position { get; }

    /// <summary>Where reading must start after a restart, so that a line that is open at <see cref="Position"/> is found whole.</summary>
    long ResumeFrom { get; }

    /// <summary>A line has begun, in this file or the one before, of which the end has not been read.</summary>
    bool HasOpenLine { get; }

    /// <summary>The line that is open has begun in the file before.</summary>
    bool IsContinued { get; }

    /// <summary>Bytes cut from lines that were longer than the limit.</summary>
    long CutBytes { get; }

    /// <summary>
    /// Finds the next line. Bytes that make no line, such as a first part, are taken on the way; the line itself only by
    /// <see cref="Take"/>, so that it is found again if there was no room for it.
    /// </summary>
    /// <param name="chunk">The file's bytes from <see cref="Position"/>.</param>
    /// <param name="end">What is known of the bytes behind the chunk.</param>
    /// <param name="line">Valid until the next call.</param>
    bool TryFind(ReadOnlySpan<byte> chunk, ChunkEnd end, out Line line);

    /// <summary>Moves behind the line that was found last.</summary>
    void Take();

    /// <summary>Starts again at an offset, with nothing open.</summary>
    void Seek(long position);

    /// <summary>
    /// When an open record is whole because no line has come for a while, by <see cref="TimeProvider.GetTimestamp"/>; the largest value
    /// if none will be.
    /// </summary>
    long RecordDue => long.MaxValue;

    /// <summary>The streams whose open records are whole now for that reason.</summary>
    StandardStreams DueRecords(long now) => StandardStreams.None;

    /// <summary>The records of these streams that are open at a position end there.</summary>
    void CloseRecords(long position, StandardStreams streams)
    {
    }

    /// <summary>Starts at offset zero with the lines that are open at the end of the file before.</summary>
    /// <param name="older">A reader of the same layout.</param>
    void Continue(ILineReader older);
}
