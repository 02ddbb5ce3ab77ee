using System.Text.Json;

namespace LogPilot.Agent.Shipping;

/// <summary>Where an item of a batch stands.</summary>
internal enum ItemState
{
    /// <summary>To be sent, or sent again.</summary>
    Waiting,

    /// <summary>Refused in every form: to be written to the dead-letter file.</summary>
    Dead,

    Done,
    Held,
}

/// <summary>In which form an item is sent; each refusal takes it to the next.</summary>
internal enum ItemForm
{
    Original,

    /// <summary>The same document once more, alone where possible.</summary>
    Again,

    /// <summary>The line as text with the reason.</summary>
    Plain,

    /// <summary>The line as text and nothing that the index may not know.</summary>
    Bare,
}

/// <summary>One document of a batch, found only when an answer is about single items.</summary>
internal struct BulkItem
{
    /// <summary>Where its action line begins, its document begins, and where it ends behind the LF.</summary>
    public int Start, Document, End;

    public ItemState State;
    public ItemForm Form;

    /// <summary>Send it in a request of its own.</summary>
    public bool Alone;

    /// <summary><c>document LF</c> to send instead of the batch's.</summary>
    public byte[]? Replacement;

    /// <summary>Why its original was refused.</summary>
    public string? Reason;

    /// <summary>When it was sent and not taken for the first time, by <see cref="TimeProvider.GetTimestamp"/>; zero if never.</summary>
    public long WaitsSince;

    public TimeSpan HoldFor;

    public readonly int Length => Document - Start + (Replacement?.Length ?? End - Document);

    /// <summary>Finds the items of a batch.</summary>
    public static BulkItem[] Find(Batch batch)
    {
        var items = new BulkItem[batch.Items];
        var content = batch.Content.Span;
        var position = 0;
        for (var i = 0; i < items.Length; i++)
        {
            items[i].Start = position;
            position += content[position..].IndexOf((byte)'\n') + 1;
            items[i].Document = position;
            position += content[position..].IndexOf((byte)'\n') + 1;
            items[i].End = position;
        }

        return position == content.Length
            ? items
            : throw new InvalidOperationException($"A batch of {items.Length} items and {content.Length} bytes ends at byte {position}.");
    }

    /// <summary>The <c>_index</c> of an action line, <c>{"create":{"_index":"…",…}}</c>. It needs no unescaping: index names hold no quotes.</summary>
    public static ReadOnlySpan<byte> IndexOf(ReadOnlySpan<byte> action) => MemberOf(action, "_index"u8);

    /// <summary>The <c>_id</c> of an action line. It needs no unescaping either.</summary>
    public static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> action) => MemberOf(action, "_id"u8);

    private static ReadOnlySpan<byte> MemberOf(ReadOnlySpan<byte> action, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(action);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name))
            {
                reader.Read();
                return reader.ValueSpan;
            }
        }

        throw new InvalidOperationException("An action line without _index or _id.");
    }
}
