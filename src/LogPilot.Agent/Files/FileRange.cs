namespace LogPilot.Agent.Files;

/// <summary>
/// A stretch of one file whose records are in a batch, from the byte where reading stood to the byte behind the last record.
/// </summary>
/// <param name="Epoch">The file's <see cref="TailedFile.Epoch"/> when it was read: a range of an older epoch was taken back since.</param>
/// <param name="ResumeFrom">Where reading must start to go on behind this range: its end, or the start of a line that is open there.</param>
/// <param name="Tail">The bytes before its end, to know them again.</param>
internal readonly record struct FileRange(
    TailedFile File, uint Epoch, long Start, long End, long ResumeFrom, Fingerprint Tail = default);
