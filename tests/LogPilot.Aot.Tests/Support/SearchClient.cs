using System.Text;
using System.Text.Json;

namespace LogPilot.Aot.Tests.Support;

/// <summary>A document as the server has it.</summary>
internal sealed record StoredDocument(string Index, string Id, JsonElement Source)
{
    public string Message => Text("message");

    public DateTimeOffset Timestamp => Source.GetProperty("@timestamp").GetDateTimeOffset();

    public long Offset => Source.GetProperty("offset").GetInt64();

    /// <summary>The value of a text field; the test fails where it is missing.</summary>
    public string Text(string field)
    {
        Assert.True(Source.TryGetProperty(field, out var value), $"The document has no field {field}: {Source}");
        return value.GetString()!;
    }

    public bool Has(string field) => Source.TryGetProperty(field, out _);
}

/// <summary>What the tests ask a server, in requests that Elasticsearch 5 to 9 and OpenSearch all understand.</summary>
internal sealed class SearchClient(Uri address) : IDisposable
{
    private const int PageDocuments = 2000;
    private const string Lenient = "ignore_unavailable=true&allow_no_indices=true";

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose() => _http.Dispose();

    /// <summary>False while the node starts.</summary>
    public async Task<bool> IsReadyAsync()
    {
        using var health = await GetAsync("/_cluster/health?wait_for_status=yellow&timeout=1s");
        return health is not null && health.RootElement.GetProperty("status").GetString() != "red";
    }

    public async Task RefreshAsync(string indexPattern)
    {
        using var refreshed = await SendAsync(HttpMethod.Post, $"/{indexPattern}/_refresh?{Lenient}", null);
    }

    /// <summary>Documents that a search finds now; null while the server does not answer.</summary>
    public async Task<long?> CountAsync(string indexPattern)
    {
        await RefreshAsync(indexPattern);
        using var count = await GetAsync($"/{indexPattern}/_count?{Lenient}");
        return count?.RootElement.GetProperty("count").GetInt64();
    }

    /// <summary>Waits until a search finds at least so many documents.</summary>
    public async Task WaitForCountAsync(string indexPattern, long documents, TimeSpan? deadline = null)
    {
        long? found = null;
        await Eventually.TrueAsync(
            async () => (found = await CountAsync(indexPattern)) >= documents,
            () => $"{documents} documents in {indexPattern}; found {found?.ToString() ?? "no server"}.",
            deadline);
    }

    /// <summary>Every document of the indices, however many, page by page.</summary>
    public async Task<IReadOnlyList<StoredDocument>> SearchAllAsync(string indexPattern)
    {
        await RefreshAsync(indexPattern);
        var documents = new List<StoredDocument>();
        var body = $$"""{"size":{{PageDocuments}},"sort":["_doc"]}""";
        var page = await RequiredAsync(HttpMethod.Post, $"/{indexPattern}/_search?scroll=1m&{Lenient}", body);
        while (true)
        {
            using (page)
            {
                var before = documents.Count;
                documents.AddRange(page.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray().Select(ToDocument));
                if (documents.Count == before)
                {
                    return documents;
                }

                var scrollId = JsonSerializer.Serialize(page.RootElement.GetProperty("_scroll_id").GetString());
                body = $$"""{"scroll":"1m","scroll_id":{{scrollId}}}""";
            }

            page = await RequiredAsync(HttpMethod.Post, "/_search/scroll", body);
        }
    }

    /// <summary>The mapped type of a root field in an index, whether the version groups mappings by <c>_type</c> or not.</summary>
    public async Task<string?> MappedTypeAsync(string index, string field)
    {
        using var answer = await RequiredAsync(HttpMethod.Get, $"/{index}/_mapping", null);
        var mappings = answer.RootElement.GetProperty(index).GetProperty("mappings");
        var properties = mappings.TryGetProperty("properties", out var found)
            ? found
            : mappings.EnumerateObject().First().Value.GetProperty("properties");
        return properties.TryGetProperty(field, out var mapped) ? mapped.GetProperty("type").GetString() : null;
    }

    /// <summary>Empties the server: by name, since wildcards in a deletion are refused from version 8 on.</summary>
    public async Task DeleteAllAsync()
    {
        foreach (var index in await IndicesAsync())
        {
            using var deleted = await RequiredAsync(HttpMethod.Delete, "/" + index, null);
        }
    }

    /// <summary>The names of the indices, the server's own left out.</summary>
    public async Task<IReadOnlyList<string>> IndicesAsync()
    {
        using var indices = await RequiredAsync(HttpMethod.Get, "/_cat/indices?format=json&h=index", null);
        return indices.RootElement.EnumerateArray()
            .Select(row => row.GetProperty("index").GetString()!)
            .Where(index => !index.StartsWith('.'))
            .ToList();
    }

    public Task<JsonDocument?> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <summary>Sends a request that has to succeed, such as a change of settings.</summary>
    public async Task<JsonDocument> RequiredAsync(HttpMethod method, string path, string? body)
    {
        using var answer = await _http.SendAsync(Request(method, path, body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text);
    }

    /// <summary>Null where the server cannot be reached or does not answer with a success.</summary>
    private async Task<JsonDocument?> SendAsync(HttpMethod method, string path, string? body)
    {
        try
        {
            using var answer = await _http.SendAsync(Request(method, path, body));
            return answer.IsSuccessStatusCode ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync()) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? body) => new(method, path)
    {
        Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
    };

    private static StoredDocument ToDocument(JsonElement hit) =>
        new(hit.GetProperty("_index").GetString()!, hit.GetProperty("_id").GetString()!, hit.GetProperty("_source").Clone());
}
