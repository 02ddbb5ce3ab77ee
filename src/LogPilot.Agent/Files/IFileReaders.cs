namespace LogPilot.Agent.Files;

/// <summary>Makes the readers of files, and knows files from before.</summary>
internal interface IFileReaders
{
    /// <summary>What is known of a file that is not open, by its identity. Knowing it keeps it from being forgotten.</summary>
    FileTrace TraceOf(FileSource source, FileIdentity identity);

    /// <summary>A file that is not open is gone for good.</summary>
    void Forget(FileSource source, FileIdentity identity);

    /// <summary>What was written to a log in this directory before this was read, or is not a part of it; null if it was never read.</summary>
    DateTimeOffset? LastRead(FileSource source, string directory);

    /// <summary>
    /// Finds out whether a file that nothing is known of is a copy of one that was read. If that one is gone or cut, the copy
    /// takes its place: it is known from now on, and opened where the original was left.
    /// </summary>
    /// <param name="original">The key of the file that it may be a copy of, if it was seen beside it.</param>
    CopyOutcome TryTakePlace(TailedFile copy, string directory, ref UInt128? original);

    /// <summary>Makes the reader of a newly found file, at the position where reading goes on.</summary>
    /// <param name="directory">Where the file was found.</param>
    /// <returns>Null if the same log of the same file is being read for another source, or no position can be kept.</returns>
    IFileReader? Open(TailedFile file, string directory);
}

/// <summary>What is known of a file from before.</summary>
/// <param name="ResumeFrom">Where reading goes on.</param>
/// <param name="CutFrom">As <see cref="IFileReader.CutFrom"/>.</param>
internal readonly record struct FileTrace(bool IsKnown, long ResumeFrom, uint? CutFrom = null);

/// <summary>What a file is that nothing is known of by its identity.</summary>
internal enum CopyOutcome
{
    /// <summary>No copy of anything that was read.</summary>
    None,

    /// <summary>It may be a copy of a file that is being read: what it is shows when that one is cut or gone.</summary>
    Waits,

    /// <summary>It has the place of a file that is gone or cut.</summary>
    Taken,
}
