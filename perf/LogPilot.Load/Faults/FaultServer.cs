using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using LogPilot.Load.Servers;

namespace LogPilot.Load.Faults;

/// <summary>An Elasticsearch that remembers which ids it has stored, and that fails as the weather says.</summary>
internal sealed class FaultServer : IDisposable
{
    private const int Created = 201;
    private const int Conflict = 409;
    private const int TooManyRequests = 429;
    private const int LateMillisecondsMax = 800;

    private readonly HttpServer _http;
    private readonly FaultWeather _weather;
    private readonly StoredLines _stored;

    public FaultServer(FaultWeather weather, StoredLines stored)
    {
        _weather = weather;
        _stored = stored;
        _http = new HttpServer(HttpServer.AnyLoopbackPort, Answer);
    }

    public Uri Address => _http.Address;

    public void Dispose() => _http.Dispose();

    private bool Answer(HttpConnection connection)
    {
        var fault = _weather.Next();
        if (fault == Fault.ResetBefore)
        {
            _ = connection.ReadBody();
            connection.Reset();
            return false;
        }

        var body = connection.ReadWholeBody();
        switch (fault)
        {
            case Fault.TooMany:
                connection.Answer(TooManyRequests, "{\"error\":{\"type\":\"es_rejected_execution_exception\",\"reason\":\"busy\"},\"status\":429}"u8);
                return true;
            case Fault.Unavailable:
                connection.Answer(503, "{\"error\":{\"type\":\"cluster_block_exception\",\"reason\":\"no master\"},\"status\":503}"u8);
                return true;
            case Fault.ProxyPage:
                connection.Answer(_weather.Draw(2) == 0 ? 502 : 200, "<html><body>Bad Gateway</body></html>"u8);
                return true;
            default:
                return AnswerWhole(connection, fault, Reply(connection, body, fault));
        }
    }

    private byte[] Reply(HttpConnection connection, byte[] body, Fault fault) => connection.Method == "POST"
        ? BulkAnswers.PerItem(Store(body, fault == Fault.SomeItems))
        : BulkAnswers.Version.ToArray();

    private bool AnswerWhole(HttpConnection connection, Fault fault, byte[] reply)
    {
        switch (fault)
        {
            case Fault.ResetBehind:
                connection.Reset();
                return false;
            case Fault.HalfAnswer:
                connection.AnswerHalf(200, reply);
                return false;
            case Fault.Late:
                Thread.Sleep(_weather.Draw(LateMillisecondsMax));
                break;
        }

        connection.Answer(200, reply);
        return true;
    }

    /// <summary>Stores the items of a request; their statuses.</summary>
    private List<int> Store(ReadOnlySpan<byte> body, bool refusesSome)
    {
        var statuses = new List<int>();
        while (!body.IsEmpty)
        {
            var action = TakeLine(ref body);
            var document = TakeLine(ref body);
            statuses.Add(
                refusesSome && _weather.Draw(2) == 0 ? TooManyRequests
                : _stored.TryStore(IdOf(action), MessageOf(document)) ? Created
                : Conflict);
        }

        return statuses;
    }

    // A request that was cut never comes this far, so every line has its end.
    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> body)
    {
        var length = body.IndexOf((byte)'\n');
        var line = body[..length];
        body = body[(length + 1)..];
        return line;
    }

    /// <summary>Index and id together, which is what has to be unique; a few bytes of a digest, since there are millions.</summary>
    private static UInt128 IdOf(ReadOnlySpan<byte> action) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(action));

    private static string MessageOf(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.GetProperty("message").GetString()!;
    }
}
