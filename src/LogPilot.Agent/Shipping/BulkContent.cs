using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace LogPilot.Agent.Shipping;

/// <summary>The body of a bulk request: pieces of a batch's buffer, written to the connection as they are, or compressed on the way.</summary>
/// <remarks>
/// The handler may answer before it has written everything (an early 413 is such a case) and goes on writing behind the
/// caller's back. The buffer must not be filled anew by then, or the server would store one document under the id of another:
/// whoever sends this waits for <see cref="ReleasedAsync"/> before giving the batch away.
/// </remarks>
internal sealed class BulkContent : HttpContent
{
    private const int NotStarted = 0;
    private const int Writing = 1;
    private const int Released = 2;

    private readonly List<ReadOnlyMemory<byte>> _pieces;
    private readonly bool _gzip;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public BulkContent(List<ReadOnlyMemory<byte>> pieces, bool gzip)
    {
        _pieces = pieces;
        _gzip = gzip;
        foreach (var piece in pieces)
        {
            Bytes += piece.Length;
        }

        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (gzip)
        {
            Headers.ContentEncoding.Add("gzip");
        }
    }

    /// <summary>Bytes before compression.</summary>
    public long Bytes { get; }

    /// <summary>Whether the buffer is still being read or may still be.</summary>
    public bool IsReleased => Volatile.Read(ref _state) == Released;

    /// <summary>Whether writing was begun and did not come to its end.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Ends when nobody reads the buffer any more. Cancel the request first, or this waits for the server.</summary>
    public Task ReleasedAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Released, NotStarted) == NotStarted)
        {
            _released.TrySetResult();
        }

        return _released.Task;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Writing, NotStarted) != NotStarted)
        {
            throw new IOException("The request was given up before its body was written.");
        }

        WasCut = true;
        try
        {
            if (_gzip)
            {
                await using var compressed = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
                await WritePiecesAsync(compressed, cancellationToken);
            }
            else
            {
                await WritePiecesAsync(stream, cancellationToken);
            }

            WasCut = false;
        }
        finally
        {
            Finish();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _gzip ? 0 : Bytes;
        return !_gzip;
    }

    private async Task WritePiecesAsync(Stream stream, CancellationToken cancellationToken)
    {
        foreach (var piece in _pieces)
        {
            await stream.WriteAsync(piece, cancellationToken);
        }
    }

    private void Finish()
    {
        Volatile.Write(ref _state, Released);
        _released.TrySetResult();
    }
}
