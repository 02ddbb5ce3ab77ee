using System.Runtime.InteropServices;
using LogPilot.Agent.Files;

namespace LogPilot.Agent.Shipping;

/// <summary>
/// A buffer of encoded documents and the ranges of files they came from. One owner at a time: the pass that fills it, then
/// the sender, then the loop that settles its ranges and empties it.
/// </summary>
/// <remarks>
/// Layout, with <see cref="DocumentTarget.Actions"/>: <c>action LF document LF</c> an item, as the bulk API takes it; without:
/// <c>document LF</c>. No document holds a raw LF, so items are found by scanning, and only where an answer asks for it.
/// </remarks>
internal sealed class Batch(int capacity)
{
    private readonly List<BatchRange> _ranges = [];

    // Pinned once for the life of the process: the socket reads straight from it and the collector never moves it.
    private readonly byte[] _standard = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
    private byte[] _buffer = [];

    public DocumentTarget Target { get; private set; } = new(false, null, 9);

    public int Length { get; private set; }

    public int Items { get; private set; }

    /// <summary>When its first document was written, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long FirstTimestamp { get; private set; }

    public ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, Length);

    /// <summary>In the order of the items: the first range owns the first <see cref="BatchRange.Items"/> items, and so on.</summary>
    public Span<BatchRange> Ranges => CollectionsMarshal.AsSpan(_ranges);

    /// <summary>Empties the batch for documents of this shape.</summary>
    public void Reset(DocumentTarget target)
    {
        Target = target;
        Length = 0;
        Items = 0;
        _ranges.Clear();
        _buffer = _standard;
    }

    /// <summary>Lets go of files and of a larger buffer until the next <see cref="Reset"/>.</summary>
    public void Empty() => Reset(Target);

    /// <summary>
    /// Where the next item may be written, or an empty span if it does not fit. An empty batch makes room for any size, so that
    /// the longest line passes; the larger buffer is let go at the next <see cref="Reset"/>.
    /// </summary>
    public Span<byte> Room(int bytesMax)
    {
        if (bytesMax <= _buffer.Length - Length)
        {
            return _buffer.AsSpan(Length);
        }

        if (Items > 0)
        {
            return [];
        }

        _buffer = GC.AllocateUninitializedArray<byte>(bytesMax);
        return _buffer;
    }

    /// <summary>Takes the item just written into <see cref="Room"/>.</summary>
    public void Add(int bytes, long timestamp)
    {
        if (Items == 0)
        {
            FirstTimestamp = timestamp;
        }

        Length += bytes;
        Items++;
    }

    /// <summary>Says that the last <paramref name="items"/> items came from this range, which may continue the one before.</summary>
    public void AddRange(FileRange range, int items)
    {
        if (_ranges.Count > 0)
        {
            ref var last = ref Ranges[^1];
            if (last.Range.File == range.File && last.Range.Epoch == range.Epoch && last.Range.End == range.Start)
            {
                last = last with
                {
                    Range = range with { Start = last.Range.Start },
                    Items = last.Items + items,
                };
                return;
            }
        }

        _ranges.Add(new BatchRange { Range = range, Items = items });
    }
}

/// <summary>A range in a batch, and what became of it.</summary>
internal record struct BatchRange
{
    public FileRange Range { get; init; }

    public int Items { get; init; }

    public RangeOutcome Outcome { get; set; }

    /// <summary>With <see cref="RangeOutcome.Held"/>: how long its file should wait before it is read again.</summary>
    public TimeSpan HoldFor { get; set; }
}

/// <summary>What became of a range when its batch comes back from the sink.</summary>
internal enum RangeOutcome
{
    /// <summary>No answer yet; after a stop: its lines are read again at the next start.</summary>
    Pending,

    /// <summary>Every item is stored, was stored before, or is in the dead-letter file.</summary>
    Delivered,

    /// <summary>The cluster does not take an index of it now: its lines leave memory and are read again later.</summary>
    Held,
}
