namespace LogPilot.Agent.Files;

/// <summary>
/// A stretch of one file whose records are in a batch, from the byte where reading stood to the byte behind the last record.
/// </summary>
/// <param name="Epoch">The file's <see cref="TailedFile.Epoch"/> when it was read: a range of an older epoch was taken back since.</param>
/// <param name="ResumeFrom">Where reading must start to go on behind this range: its end, or the start of a line that is open there.</param>
/// <param name="Tail">The bytes before its end, to know them again.</param>
internal readonly record struct FileRange(
    TailedFile File, uint Epoch, long Start, long End, long ResumeFrom, Fingerprint Tail = default)
{
    /// <summary>Whether the other one is a part of this one.</summary>
    /// <remarks>
    /// What an ended program left unfinished is a range without bytes behind the one that holds its parts. It is no part of
    /// that range unless their batch is the same, and then the range resumes behind it.
    /// </remarks>
    public bool Holds(in FileRange other) => other.Start >= Start && other.End <= End && other.ResumeFrom <= ResumeFrom;
}
