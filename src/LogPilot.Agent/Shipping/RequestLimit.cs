namespace LogPilot.Agent.Shipping;

/// <summary>
/// How large a request may be, as far as the server's 413 answers tell: learned once for all batches, so that not every batch
/// is sent in vain first. Safe for concurrent use.
/// </summary>
internal sealed class RequestLimit(TimeProvider time)
{
    // A proxy's limit may be raised meanwhile; a wrong try costs one request.
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(10);

    // Below this a request is more overhead than content, and a server that refuses it refuses the document.
    private const long BytesFloor = 16 * 1024;

    private readonly Lock _gate = new();
    private long _bytes = long.MaxValue;
    private long _learnedAt;

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                if (_bytes != long.MaxValue && time.GetElapsedTime(_learnedAt) > Validity)
                {
                    _bytes = long.MaxValue;
                }

                return _bytes;
            }
        }
    }

    /// <summary>A request of this size was refused for it.</summary>
    public void Refuse(long requestBytes)
    {
        lock (_gate)
        {
            _bytes = Math.Max(BytesFloor, Math.Min(_bytes, requestBytes / 2));
            _learnedAt = time.GetTimestamp();
        }
    }
}
