using System.Text.Json;
using LogPilot.Load.Servers;
using LogPilot.Load.Stores;

namespace LogPilot.Load.Faults;

/// <summary>An Elasticsearch that remembers which ids it has stored, and that fails as the weather says.</summary>
internal sealed class FaultServer : IStore
{
    private const int LateMillisecondsMax = 800;

    // The longest line fits even if each of its characters takes two bytes: only a request of several can be too large.
    private const int RequestBytesMax = 128 * 1024;

    private readonly HttpServer _http;
    private readonly FaultWeather _weather;
    private readonly StoredLines _stored = new();

    public FaultServer(FaultWeather weather)
    {
        _weather = weather;
        _http = new HttpServer(HttpServer.AnyLoopbackPort, Answer);
    }

    public Uri Address => _http.Address;

    /// <summary>The shortest that the agent takes, since each request without an answer costs so long.</summary>
    public string RequestTimeout => "1s";

    public bool KnowsOrder => true;

    public string Troubles => _weather.Counts;

    public int CountOf(char log) => _stored.CountOf(log);

    public int Through(char log) => _stored.Through(log);

    /// <summary>The highest number of a line of a log that is stored.</summary>
    public int NewestOf(char log) => _stored.NewestOf(log);

    public void CalmDown() => _weather.End();

    /// <summary>Stores nothing until <see cref="ComeBack"/>.</summary>
    /// <param name="refuses">Whether connections are refused; otherwise something in front of the cluster takes them.</param>
    public void GoAway(bool refuses)
    {
        _weather.GoAway();
        if (refuses)
        {
            _http.Close();
        }
        else
        {
            _http.Open();
        }
    }

    /// <summary>Serves, and fails no more.</summary>
    public void ComeBack()
    {
        _weather.End();
        _http.Open();
    }

    public StoredLines Collect() => _stored;

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
                connection.Answer(429, FaultAnswers.TooMany);
                return true;
            case Fault.Unavailable:
                connection.Answer(503, FaultAnswers.Unavailable);
                return true;
            case Fault.ProxyPage:
                connection.Answer(_weather.Draw(2) == 0 ? 502 : 200, FaultAnswers.ProxyPage);
                return true;
            case Fault.Silence:
                connection.WaitForEnd();
                return false;
            case Fault.TooLarge when body.Length > RequestBytesMax:
                connection.Answer(413, FaultAnswers.TooLarge);
                return true;
            default:
                return AnswerWhole(connection, fault, Reply(connection, body, fault));
        }
    }

    private byte[] Reply(HttpConnection connection, byte[] body, Fault fault) => connection.Method == "POST"
        ? BulkAnswers.PerItem(Store(body, fault))
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
            case Fault.EmptyAnswer:
                connection.Answer(200, []);
                return true;
            case Fault.NoAnswer:
                connection.WaitForEnd();
                return false;
            case Fault.Late:
                Thread.Sleep(_weather.Draw(LateMillisecondsMax));
                break;
        }

        connection.Answer(200, reply);
        return true;
    }

    /// <summary>Stores the items of a request that the fault does not hit; what is said about each.</summary>
    private List<ItemAnswer> Store(ReadOnlySpan<byte> body, Fault fault)
    {
        var refusal = FaultAnswers.Item(fault);
        var indexes = new Dictionary<string, bool>();
        var answers = new List<ItemAnswer>();
        while (!body.IsEmpty)
        {
            var action = TakeLine(ref body);
            var document = TakeLine(ref body);
            answers.Add(
                refusal is not null && Hits(fault, action, indexes) ? refusal
                : _stored.TryStore(action, MessageOf(document)) ? ItemAnswer.Created
                : ItemAnswer.Conflict);
        }

        return answers;
    }

    /// <summary>Whether an item is hit: by lot, and an index as a whole where the fault is about that.</summary>
    private bool Hits(Fault fault, ReadOnlySpan<byte> action, Dictionary<string, bool> indexes)
    {
        if (!FaultAnswers.IsAboutIndex(fault))
        {
            return _weather.Draw(2) == 0;
        }

        var index = IndexOf(action);
        if (!indexes.TryGetValue(index, out var isHit))
        {
            indexes[index] = isHit = _weather.Draw(2) == 0;
        }

        return isHit;
    }

    // A request that was cut never comes this far, so every line has its end.
    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> body)
    {
        var length = body.IndexOf((byte)'\n');
        var line = body[..length];
        body = body[(length + 1)..];
        return line;
    }

    private static string IndexOf(ReadOnlySpan<byte> action)
    {
        var reader = new Utf8JsonReader(action);
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.GetProperty("create").GetProperty("_index").GetString()!;
    }

    private static string MessageOf(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.GetProperty("message").GetString()!;
    }
}
