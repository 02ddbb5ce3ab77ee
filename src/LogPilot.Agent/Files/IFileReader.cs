namespace LogPilot.Agent.Files;

/// <summary>Takes the bytes of one file, in order, and knows how far it has come.</summary>
internal interface IFileReader
{
    /// <summary>The offset of the next byte to give to <see cref="Read"/>. Never inside a line that was taken.</summary>
    long Position { get; }

    /// <summary>Bytes before <see cref="Position"/> belong to a line that is not complete.</summary>
    bool HasOpenLine { get; }

    /// <summary>Everything taken so far is delivered, so that the file may be let go.</summary>
    bool IsSettled { get; }

    /// <summary>Whether the file still is what was read of it, as far as is known: if not, it was cut and filled again.</summary>
    /// <param name="lead">The bytes before <see cref="Position"/>.</param>
    /// <param name="chunk">The bytes from there.</param>
    bool Follows(ReadOnlySpan<byte> lead, ReadOnlySpan<byte> chunk);

    /// <summary>Whether the file begins as it did when it was read.</summary>
    bool BeginsAsRead { get; }

    /// <summary>By which a copy knows the file that it was made from.</summary>
    uint Mark { get; }

    /// <summary>A copy of it was met that was made before it was cut.</summary>
    bool WasCopied { get; }

    /// <summary>The mark of the file from which this one was copied before that was cut and written on; zero if only that is known.</summary>
    uint? CutFrom { get; }

    /// <summary>It is known now from which file this one was copied.</summary>
    void KnowCutFrom(uint mark);

    /// <summary>
    /// Reads this file from its start with the lines that are open at the end of the older one. Until they are delivered, the older
    /// one is not settled.
    /// </summary>
    void Continue(IFileReader older);

    /// <summary>A file was found between this one and the one whose open lines it has taken over: they go on there.</summary>
    /// <param name="older">The file directly before this one.</param>
    void ContinueNoOther(IFileReader? older);

    /// <summary>Its start is not read before the older file has been read up to its end again, and <see cref="Continue"/> called.</summary>
    bool AwaitsOlder { get; }

    /// <summary>Takes as many whole lines as there are and as there is room for, and moves <see cref="Position"/> behind them.</summary>
    /// <param name="chunk">The file's bytes from <see cref="Position"/>.</param>
    /// <param name="end">What is known of the bytes behind the chunk.</param>
    ReadOutcome Read(ReadOnlySpan<byte> chunk, ChunkEnd end);

    /// <summary>
    /// When it has to be read even if it has not grown, by <see cref="TimeProvider.GetTimestamp"/>; the largest value if never.
    /// </summary>
    long Due { get; }

    /// <summary>The file was cut to nothing and starts anew at offset zero.</summary>
    void StartAnew();

    /// <summary>The file is not held any longer. What of it is not delivered is lost, and counted.</summary>
    void GiveUp(LossReason reason);

    /// <summary>The file's source describes its owner differently now.</summary>
    void Relabel();

    /// <summary>The file is let go. <paramref name="gone"/>: it has no name any more, so that it will never be met again.</summary>
    void Close(bool gone);
}

/// <summary>What is known of the bytes behind a chunk.</summary>
internal enum ChunkEnd
{
    /// <summary>More may follow, now or later: a line that is not complete waits.</summary>
    Open,

    /// <summary>The chunk is as long as one can be and more follows: a line that does not end in it is too long.</summary>
    Full,

    /// <summary>Nothing will follow: what is left is a line.</summary>
    Final,

    /// <summary>Nothing will follow in this file; a line that is not complete goes on at the start of the next one.</summary>
    Continued,
}

/// <summary>Why a reader stopped.</summary>
internal enum ReadOutcome
{
    /// <summary>It took all whole lines.</summary>
    Taken,

    /// <summary>There is no room for the next line: read again when batches have come back.</summary>
    Blocked,

    /// <summary>Nothing more is taken before everything taken so far is delivered: read again then.</summary>
    Waits,
}
