using System.Buffers.Text;
using System.Diagnostics;

namespace LogPilot.Load.Servers;

/// <summary>Takes every document and notes how long ago its line was written: each line says so itself.</summary>
internal sealed class StampServer : IDisposable
{
    private readonly HttpServer _http;
    private readonly Lock _gate = new();
    private readonly List<long> _ages = [];

    public StampServer() => _http = new HttpServer(HttpServer.AnyLoopbackPort, Answer);

    public Uri Address => _http.Address;

    /// <summary>The ages of all documents so far when they were accepted, in ticks of <see cref="Stopwatch"/>.</summary>
    public IReadOnlyList<long> Ages
    {
        get
        {
            lock (_gate)
            {
                return [.. _ages];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ages.Count;
            }
        }
    }

    private static ReadOnlySpan<byte> Mark => "\"message\":\"stamp "u8;

    /// <summary>A line that says when it was written.</summary>
    public static string Stamp() => $"stamp {Stopwatch.GetTimestamp()} of a line as long as lines of an application's log usually are, with a few words more";

    public void Dispose() => _http.Dispose();

    private bool Answer(HttpConnection connection)
    {
        var body = connection.ReadWholeBody();
        if (connection.Method != "POST")
        {
            connection.Answer(200, BulkAnswers.Version);
            return true;
        }

        var now = Stopwatch.GetTimestamp();
        var documents = 0;
        lock (_gate)
        {
            var rest = body.AsSpan();
            for (var at = rest.IndexOf(Mark); at >= 0; at = rest.IndexOf(Mark))
            {
                rest = rest[(at + Mark.Length)..];
                _ = Utf8Parser.TryParse(rest, out long written, out _);
                _ages.Add(now - written);
                documents++;
            }
        }

        connection.Answer(200, BulkAnswers.AllCreated(documents));
        return true;
    }
}
