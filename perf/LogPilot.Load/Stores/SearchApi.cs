using System.Text;
using System.Text.Json;

namespace LogPilot.Load.Stores;

/// <summary>What is asked of a real server, in requests that Elasticsearch 6 to 9 understand.</summary>
internal sealed class SearchApi(Uri address) : IDisposable
{
    private const int PageDocuments = 2000;
    private const string Lenient = "ignore_unavailable=true&allow_no_indices=true";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public void Dispose() => _http.Dispose();

    /// <summary>Whether every index can be written to and searched; false while the server starts.</summary>
    public bool IsReady() =>
        TryAsk("/_cluster/health?wait_for_status=yellow&timeout=1s", out var health)
        && health.GetProperty("status").GetString() != "red";

    /// <summary>How many documents of some indices a search finds now; null while the server does not answer.</summary>
    public int? TryCount(string indices) =>
        TryAsk($"/{indices}/_count?{Lenient}", out var count) ? count.GetProperty("count").GetInt32() : null;

    /// <summary>Reads every document of some indices: index and id together, and the message.</summary>
    public void ReadAll(string indices, Action<string, string> read)
    {
        _ = Ask(HttpMethod.Post, $"/{indices}/_refresh?{Lenient}", null);
        var body = $$"""{"size":{{PageDocuments}},"sort":["_doc"],"_source":["message"]}""";
        var page = Ask(HttpMethod.Post, $"/{indices}/_search?scroll=1m&{Lenient}", body);
        while (page.GetProperty("hits").GetProperty("hits") is var hits && hits.GetArrayLength() > 0)
        {
            foreach (var hit in hits.EnumerateArray())
            {
                var id = $"{hit.GetProperty("_index").GetString()}/{hit.GetProperty("_id").GetString()}";
                read(id, hit.GetProperty("_source").GetProperty("message").GetString()!);
            }

            var scrollId = JsonSerializer.Serialize(page.GetProperty("_scroll_id").GetString());
            page = Ask(HttpMethod.Post, "/_search/scroll", $$"""{"scroll":"1m","scroll_id":{{scrollId}}}""");
        }
    }

    private bool TryAsk(string path, out JsonElement answer)
    {
        try
        {
            answer = Ask(HttpMethod.Get, path, null);
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            // It has been killed, or has not come up yet.
            answer = default;
            return false;
        }
    }

    private JsonElement Ask(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var answer = _http.Send(request);
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(answer.Content.ReadAsStream());
        return json.RootElement.Clone();
    }
}
