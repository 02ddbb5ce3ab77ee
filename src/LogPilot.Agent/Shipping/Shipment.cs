using System.Text;

namespace LogPilot.Agent.Shipping;

/// <summary>
/// One batch on its way: which of its items are still to be sent, in which form, and how many at a time. The whole batch
/// is one piece of memory until an answer is about single items; only then are they looked for.
/// </summary>
internal sealed class Shipment(Batch batch)
{
    // Refused documents are sent again one by one, since on 5 and 6 two of a request can race for the mapping. Where a whole
    // application is refused that would be two requests a line, so more than this many go together.
    private const int AloneMax = 8;

    private static readonly Comparer<BulkItem> ByStart = Comparer<BulkItem>.Create((a, b) => a.Start.CompareTo(b.Start));

    private readonly List<int> _selected = [];
    private BulkItem[]? _items;
    private int _itemsMax = int.MaxValue;
    private int _next;
    private bool _delivered;

    // Runs of equal index names share one string.
    private string _lastIndex = "";

    /// <summary>The memory of the request, after <see cref="Select"/>.</summary>
    public List<ReadOnlyMemory<byte>> Pieces { get; } = [];

    public BulkVerdicts Verdicts { get; } = new();

    public DocumentTarget Target => batch.Target;

    /// <summary>Whether the items are accessible one by one.</summary>
    public bool IsOpen => _items is not null;

    /// <summary>Items of the request.</summary>
    public int Count => _items is null ? batch.Items : _selected.Count;

    /// <summary>Bytes of the request.</summary>
    public long Bytes { get; private set; }

    /// <summary>Items that wait for the dead-letter file.</summary>
    public int DeadCount { get; private set; }

    /// <summary>Chooses what to send next; false if nothing is left to send.</summary>
    public bool Select(long bytesMax)
    {
        Pieces.Clear();
        _selected.Clear();
        Bytes = 0;
        if (_delivered || batch.Items == 0)
        {
            return false;
        }

        if (_items is null && batch.Length <= bytesMax)
        {
            Pieces.Add(batch.Content);
            Bytes = batch.Length;
            return true;
        }

        _items ??= BulkItem.Find(batch);
        for (var i = 0; i < _items.Length && _selected.Count < _itemsMax; i++)
        {
            var index = (_next + i) % _items.Length;
            ref var item = ref _items[index];
            if (item.State != ItemState.Waiting || (item.Alone && _selected.Count > 0))
            {
                continue;
            }

            if (_selected.Count > 0 && Bytes + item.Length > bytesMax)
            {
                break;
            }

            Take(index, ref item);
            if (item.Alone)
            {
                break;
            }
        }

        _next = _selected.Count == 0 ? 0 : (_selected[^1] + 1) % _items.Length;
        return _selected.Count > 0;
    }

    /// <summary>Every item, also those of no request, after <see cref="Open"/>.</summary>
    public Span<BulkItem> All => Items;

    /// <summary>The item at a position of the request.</summary>
    public ref BulkItem At(int position) => ref Items[_selected[position]];

    /// <summary>Makes the items of the request accessible one by one.</summary>
    public void Open()
    {
        if (_items is null)
        {
            _items = BulkItem.Find(batch);
            _selected.AddRange(Enumerable.Range(0, _items.Length));
        }
    }

    /// <summary>Every item of the request is stored.</summary>
    public void CompleteAll()
    {
        if (_items is null)
        {
            _delivered = true;
            return;
        }

        foreach (var index in _selected)
        {
            _items[index].State = ItemState.Done;
        }

        Grow();
    }

    /// <summary>Twice as many items in the next requests: what made them smaller may have been one document, or has passed.</summary>
    public void Grow() => _itemsMax = _itemsMax > int.MaxValue / 2 ? int.MaxValue : _itemsMax * 2;

    /// <summary>At most half as many items in the next requests.</summary>
    public void Halve()
    {
        _itemsMax = Math.Max(1, Count / 2);
        Open();
    }

    /// <summary>The document of a waiting item was refused: takes it to its next form.</summary>
    /// <param name="item">The item.</param>
    /// <param name="reason">What the server says.</param>
    /// <param name="skipSame">Sending the same bytes again is of no use.</param>
    /// <param name="refused">Items refused by the same answer.</param>
    public void Refuse(ref BulkItem item, string reason, bool skipSame, int refused)
    {
        item.Reason ??= reason;
        item.Form = item.Form == ItemForm.Original && skipSame ? ItemForm.Plain : item.Form + 1;
        item.Alone = item.Form == ItemForm.Again && refused <= AloneMax;
        var document = DocumentOf(item).Span;
        switch (item.Form)
        {
            case ItemForm.Again:
                break;
            case ItemForm.Plain:
                item.Replacement = PlainDocument.Rewrite(document, item.Reason);
                break;
            case ItemForm.Bare:
                item.Replacement = PlainDocument.Rewrite(document, null);
                break;
            default:
                Bury(ref item, reason);
                break;
        }
    }

    /// <summary>No form of the document will do.</summary>
    public void Bury(ref BulkItem item, string reason)
    {
        item.Reason ??= reason;
        item.State = ItemState.Dead;
        DeadCount++;
    }

    /// <summary>The letters of all items that wait for the dead-letter file.</summary>
    public List<DeadLetter> Letters()
    {
        var letters = new List<DeadLetter>(DeadCount);
        foreach (ref var item in Items.AsSpan())
        {
            if (item.State == ItemState.Dead)
            {
                var id = Encoding.UTF8.GetString(BulkItem.IdOf(ActionOf(item)));
                letters.Add(new DeadLetter(IndexOf(item), id, SourceOf(item), item.Reason ?? "", DocumentOf(item)));
            }
        }

        return letters;
    }

    /// <summary>The letters are on disk.</summary>
    public void CompleteDead()
    {
        foreach (ref var item in Items.AsSpan())
        {
            if (item.State == ItemState.Dead)
            {
                item.State = ItemState.Done;
            }
        }

        DeadCount = 0;
    }

    public ReadOnlySpan<byte> IndexBytesOf(in BulkItem item) => BulkItem.IndexOf(ActionOf(item));

    public string IndexOf(in BulkItem item)
    {
        var name = IndexBytesOf(item);
        if (name.Length != _lastIndex.Length || !Ascii.Equals(name, _lastIndex))
        {
            _lastIndex = Encoding.UTF8.GetString(name);
        }

        return _lastIndex;
    }

    /// <summary>The file that an item came from.</summary>
    public string SourceOf(in BulkItem item)
    {
        var index = Array.BinarySearch(Items, item, ByStart);
        foreach (ref var range in batch.Ranges)
        {
            if (index < range.Items)
            {
                return range.Range.File.Path;
            }

            index -= range.Items;
        }

        return "";
    }

    /// <summary>Gives every range its outcome, as far as its items have one.</summary>
    public void Settle()
    {
        var position = 0;
        foreach (ref var range in batch.Ranges)
        {
            var items = _items is null ? [] : _items.AsSpan(position, range.Items);
            position += range.Items;
            if (_items is null)
            {
                range.Outcome = _delivered || range.Items == 0 ? RangeOutcome.Delivered : RangeOutcome.Pending;
                continue;
            }

            range.HoldFor = TimeSpan.Zero;
            range.Outcome = RangeOutcome.Delivered;
            foreach (ref var item in items)
            {
                if (item.State is ItemState.Waiting or ItemState.Dead)
                {
                    range.Outcome = RangeOutcome.Pending;
                    break;
                }

                if (item.State == ItemState.Held)
                {
                    range.Outcome = RangeOutcome.Held;
                    range.HoldFor = item.HoldFor > range.HoldFor ? item.HoldFor : range.HoldFor;
                }
            }
        }
    }

    private BulkItem[] Items => _items ?? throw new InvalidOperationException("The items were not looked for.");

    private ReadOnlySpan<byte> ActionOf(in BulkItem item) => batch.Content.Span[item.Start..(item.Document - 1)];

    private ReadOnlyMemory<byte> DocumentOf(in BulkItem item) => batch.Content[item.Document..(item.End - 1)];

    private void Take(int index, ref BulkItem item)
    {
        var follows = _selected.Count > 0 && Items[_selected[^1]] is { Replacement: null } last && last.End == item.Start;
        _selected.Add(index);
        Bytes += item.Length;
        if (item.Replacement is { } replacement)
        {
            Pieces.Add(batch.Content[item.Start..item.Document]);
            Pieces.Add(replacement);
        }
        else if (follows)
        {
            // Neighbours are one piece of memory.
            var start = item.Start - Pieces[^1].Length;
            Pieces[^1] = batch.Content[start..item.End];
        }
        else
        {
            Pieces.Add(batch.Content[item.Start..item.End]);
        }
    }
}
