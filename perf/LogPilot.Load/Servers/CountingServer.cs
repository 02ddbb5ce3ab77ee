using System.Diagnostics;

namespace LogPilot.Load.Servers;

/// <summary>Takes every document and only counts them, so that it costs next to nothing beside the agent that it measures.</summary>
internal sealed class CountingServer : IDisposable
{
    private readonly HttpServer _http;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _reached = new();
    private long _documents;
    private long _bytes;
    private long _requests;
    private long _expected = long.MaxValue;

    public CountingServer() => _http = new HttpServer(HttpServer.AnyLoopbackPort, Answer);

    public Uri Address => _http.Address;

    public long Documents => Interlocked.Read(ref _documents);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>When as many documents as expected were there, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long ReachedTimestamp { get; private set; }

    /// <summary>The same moment by the wall clock, to compare it with times that others have written.</summary>
    public DateTime ReachedTime { get; private set; }

    /// <summary>Forgets what was counted, and counts up to a new number.</summary>
    public void Expect(long documents)
    {
        lock (_gate)
        {
            _documents = 0;
            _expected = documents;
            _reached.Reset();
        }
    }

    /// <summary>Whether the expected documents came within the time.</summary>
    public bool Wait(TimeSpan deadline) => _reached.Wait(deadline);

    public void Dispose()
    {
        _http.Dispose();
        _reached.Dispose();
    }

    private bool Answer(HttpConnection connection)
    {
        var newlines = 0;
        for (var piece = connection.ReadBody(); !piece.IsEmpty; piece = connection.ReadBody())
        {
            newlines += piece.Count((byte)'\n');
        }

        if (connection.Method != "POST")
        {
            connection.Answer(200, BulkAnswers.Version);
            return true;
        }

        // An action line and a document each.
        var documents = newlines / 2;
        Interlocked.Add(ref _bytes, connection.ContentLength);
        Interlocked.Increment(ref _requests);
        Add(documents);
        connection.Answer(200, BulkAnswers.AllCreated(documents));
        return true;
    }

    private void Add(int documents)
    {
        lock (_gate)
        {
            _documents += documents;
            if (_documents >= _expected && !_reached.IsSet)
            {
                ReachedTimestamp = Stopwatch.GetTimestamp();
                ReachedTime = DateTime.UtcNow;
                _reached.Set();
            }
        }
    }
}
