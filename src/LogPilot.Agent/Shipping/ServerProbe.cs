using System.Text.Json;

namespace LogPilot.Agent.Shipping;

/// <summary>Finds out what documents the server wants.</summary>
/// <remarks>
/// <c>GET /</c> tells the version, but needs the cluster privilege <c>monitor</c>, which a user that may only write lacks, and
/// a proxy may let nothing through but <c>_bulk</c>. Then the bulk API itself is asked: an item without <c>_type</c> for an
/// index that cannot exist. Elasticsearch 5 and 6 refuse the request ("type is missing"), all others refuse the item,
/// and nothing is written anywhere. No version is ever assumed: a wrong guess would have every document refused.
/// </remarks>
internal sealed class ServerProbe(ElasticsearchClient client)
{
    private const string TypeBefore7 = "doc";

    // All of 5.6 to 9.2 detect nine digits as a date by themselves and find the document by range; before 8 the index keeps
    // the milliseconds and the source all nine.
    private const int TimeDigits = 9;

    // Index names are lower-case in every version.
    private static readonly byte[] Question = "{\"create\":{\"_index\":\"LOGPILOT-PROBE\",\"_id\":\"1\"}}\n{}\n"u8.ToArray();

    /// <summary>One attempt: the target, or null and why not.</summary>
    public async Task<(DocumentTarget? Target, string Text)> AskAsync(CancellationToken stopping)
    {
        var answer = await client.AskAsync(HttpMethod.Get, "", null, stopping);
        return answer.Status switch
        {
            200 => ReadVersion(answer),
            403 or 404 or 405 => await AskBulkAsync(answer, stopping),
            _ => (null, Refusal(answer)),
        };
    }

    private static (DocumentTarget? Target, string Text) ReadVersion(SmallAnswer answer)
    {
        var (number, distribution) = ReadNames(answer.Body);
        var dot = number.IndexOf('.', StringComparison.Ordinal);
        if (!int.TryParse(dot < 0 ? number : number[..dot], out var major))
        {
            return (null, $"what answers at {answer.Host} is not Elasticsearch: check ELASTICSEARCH_HOSTS and ELASTICSEARCH_PATH");
        }

        var isOpenSearch = distribution == "opensearch";
        var type = major < 7 && !isOpenSearch ? TypeBefore7 : null;
        return (new DocumentTarget(true, type, TimeDigits), $"{(isOpenSearch ? "OpenSearch" : "Elasticsearch")} {number} at {answer.Host}");
    }

    private async Task<(DocumentTarget? Target, string Text)> AskBulkAsync(SmallAnswer version, CancellationToken stopping)
    {
        var answer = await client.AskAsync(HttpMethod.Post, "_bulk?filter_path=error,errors,items.*.status", Question, stopping);
        var error = ServerError.Read(answer.Body);
        if (answer.Status == 400 && error.Reason.Contains("type is missing", StringComparison.Ordinal))
        {
            return (new DocumentTarget(true, TypeBefore7, TimeDigits), $"Elasticsearch 5 or 6 at {answer.Host} (it does not tell its version: {version.Status})");
        }

        // The item is refused for its index name, or for a missing privilege: either way the request was understood.
        if (answer.Status == 200 && answer.Body.AsSpan().IndexOf("\"items\""u8) >= 0)
        {
            return (new DocumentTarget(true, null, TimeDigits), $"Elasticsearch 7 or newer, or OpenSearch, at {answer.Host} (it does not tell its version: {version.Status})");
        }

        return (null, Refusal(answer));
    }

    private static string Refusal(SmallAnswer answer) => answer.Status == 0
        ? answer.Failure
        : RequestAnswer.Judge(answer.Host, answer.Status, ServerError.Read(answer.Body)).Text is { Length: > 0 } text
            ? text
            : $"{answer.Host} answers {answer.Status}";

    /// <summary><c>{"version":{"number":"9.2.0","distribution":"opensearch"}}</c>; empty where it is anything else.</summary>
    private static (string Number, string Distribution) ReadNames(ReadOnlySpan<byte> body)
    {
        var number = "";
        var distribution = "";
        try
        {
            var reader = new Utf8JsonReader(body);
            var inVersion = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                inVersion = reader.CurrentDepth == 1 ? reader.ValueTextEquals("version"u8) : inVersion;
                if (inVersion && reader.CurrentDepth == 2)
                {
                    var isNumber = reader.ValueTextEquals("number"u8);
                    var isDistribution = reader.ValueTextEquals("distribution"u8);
                    reader.Read();
                    number = isNumber && reader.TokenType == JsonTokenType.String ? reader.GetString()! : number;
                    distribution = isDistribution && reader.TokenType == JsonTokenType.String ? reader.GetString()! : distribution;
                }
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The latter says that a name or a value is no text: what answers is no server either way.
            return ("", "");
        }

        return (number, distribution);
    }
}
