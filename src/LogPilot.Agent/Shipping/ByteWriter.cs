using System.Buffers.Text;

namespace LogPilot.Agent.Shipping;

/// <summary>Appends to a span that is known to be large enough.</summary>
internal ref struct ByteWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    public int Length { get; private set; }

    public readonly Span<byte> Rest => _target[Length..];

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[Length..]);
        Length += bytes.Length;
    }

    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, _target[Length..], out var bytes);
        Length += bytes;
    }

    /// <summary>Takes bytes that the caller writes, or has just written into <see cref="Rest"/>.</summary>
    public Span<byte> Reserve(int bytes)
    {
        var reserved = _target.Slice(Length, bytes);
        Length += bytes;
        return reserved;
    }
}
