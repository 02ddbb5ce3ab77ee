namespace LogPilot.Agent.Lines;

/// <summary>Room for a text that is needed until the next one. What one long text has made large is let go again.</summary>
internal sealed class ScratchBuffer<T>
{
    private const int KeptLengthMax = 128 * 1024;
    private const int LengthMin = 1024;

    private T[] _buffer = [];

    /// <summary>At least so long; what was written before is gone.</summary>
    public Span<T> Room(int length)
    {
        if (_buffer.Length < length || (_buffer.Length > KeptLengthMax && length <= KeptLengthMax))
        {
            _buffer = new T[Math.Max(length, LengthMin)];
        }

        return _buffer;
    }
}
