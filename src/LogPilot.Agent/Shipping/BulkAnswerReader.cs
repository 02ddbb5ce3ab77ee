using System.Buffers;
using System.Text.Json;

namespace LogPilot.Agent.Shipping;

/// <summary>What an answer with status 200 turned out to be.</summary>
internal enum BulkAnswerOutcome
{
    /// <summary>Every item is stored.</summary>
    AllStored,

    /// <summary>Look at the verdicts: there is one an item.</summary>
    PerItem,

    /// <summary>No JSON, cut, or answers for another number of items: nothing is known.</summary>
    Unreadable,
}

/// <summary>Reads the body of a bulk answer through a pooled buffer.</summary>
internal static class BulkAnswerReader
{
    private const int BufferBytes = 16 * 1024;

    // A single text of an answer, such as a reason that quotes the document, must fit.
    private const int BufferBytesMax = 4 * 1024 * 1024;

    // "errors" is the first or second member in every version.
    private const int HeadBytes = 64;

    private static ReadOnlySpan<byte> ItemMark => "\"create\":{"u8;

    /// <summary>Reads to the end; <paramref name="expected"/> is how many items were sent.</summary>
    public static async Task<BulkAnswerOutcome> ReadAsync(
        Stream body, int expected, BulkVerdicts verdicts, CancellationToken cancellationToken)
    {
        verdicts.Clear();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var length = await body.ReadAtLeastAsync(buffer, HeadBytes, throwOnEndOfStream: false, cancellationToken);
            if (buffer.AsSpan(0, Math.Min(length, HeadBytes)).IndexOf("\"errors\":false"u8) >= 0)
            {
                return await CountAsync(body, buffer, length, expected, cancellationToken);
            }

            var complete = await ParseAsync(body, buffer, length, verdicts, cancellationToken);
            return complete && verdicts.Count == expected ? BulkAnswerOutcome.PerItem : BulkAnswerOutcome.Unreadable;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Counts the items of an answer without errors. Costs microseconds, lets the connection be used again, and is the
    /// difference between believing a server and believing a proxy that passed on half of the request.
    /// </summary>
    private static async Task<BulkAnswerOutcome> CountAsync(
        Stream body, byte[] buffer, int length, int expected, CancellationToken cancellationToken)
    {
        var items = 0;
        var last = (byte)0;
        while (true)
        {
            items += buffer.AsSpan(0, length).Count(ItemMark);
            last = LastVisible(buffer.AsSpan(0, length), last);

            // A mark that the end of the buffer cuts is counted with the next piece; a whole one is not carried over.
            var carried = Math.Min(length, ItemMark.Length - 1);
            buffer.AsSpan(length - carried, carried).CopyTo(buffer);
            var read = await body.ReadAsync(buffer.AsMemory(carried), cancellationToken);
            if (read == 0)
            {
                break;
            }

            length = carried + read;
        }

        return items == expected && last == (byte)'}' ? BulkAnswerOutcome.AllStored : BulkAnswerOutcome.Unreadable;
    }

    private static byte LastVisible(ReadOnlySpan<byte> bytes, byte previous)
    {
        var end = bytes.LastIndexOfAnyExcept(" \r\n\t"u8);
        return end < 0 ? previous : bytes[end];
    }

    private static async Task<bool> ParseAsync(
        Stream body, byte[] buffer, int length, BulkVerdicts verdicts, CancellationToken cancellationToken)
    {
        var parser = new BulkAnswerParser(verdicts);
        var isFinal = length < HeadBytes;
        while (true)
        {
            int consumed;
            try
            {
                consumed = parser.Read(buffer.AsSpan(0, length), isFinal);
            }
            catch (Exception failure) when (failure is JsonException or InvalidOperationException)
            {
                // The latter says that a name has half of a surrogate pair and so cannot be compared.
                return false;
            }

            if (isFinal)
            {
                return parser.IsComplete;
            }

            buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
            length -= consumed;
            if (parser.IsComplete)
            {
                // What follows is white space; it is read so that the connection can be used again.
                length = 0;
            }
            else if (length == buffer.Length)
            {
                if (length >= BufferBytesMax)
                {
                    return false;
                }

                // The rented buffer stays the caller's to return.
                Array.Resize(ref buffer, length * 2);
            }

            var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            isFinal = read == 0;
        }
    }
}
