namespace LogPilot.Agent.Shipping;

/// <summary>What became of the documents since the start. Written by the senders, read by anyone.</summary>
internal sealed class DeliveryCounters
{
    private long _stored;
    private long _duplicates;
    private long _retried;
    private long _plain;
    private long _deadLetters;
    private long _requests;
    private long _requestBytes;

    /// <summary>Documents that the sink has taken now.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Documents that it had already: replays recognised by their id.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Documents sent again, counted at each repetition.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Documents stored as plain message because the server refused their fields.</summary>
    public long Plain => Interlocked.Read(ref _plain);

    /// <summary>Documents refused even so, kept in the dead-letter file.</summary>
    public long DeadLetters => Interlocked.Read(ref _deadLetters);

    public long Requests => Interlocked.Read(ref _requests);

    public long RequestBytes => Interlocked.Read(ref _requestBytes);

    public void AddStored(long count) => Interlocked.Add(ref _stored, count);

    public void AddDuplicates(long count) => Interlocked.Add(ref _duplicates, count);

    public void AddRetried(long count) => Interlocked.Add(ref _retried, count);

    public void AddPlain(long count) => Interlocked.Add(ref _plain, count);

    public void AddDeadLetters(long count) => Interlocked.Add(ref _deadLetters, count);

    public void AddRequest(long bytes)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _requestBytes, bytes);
    }
}
