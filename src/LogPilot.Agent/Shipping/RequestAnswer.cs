using System.Text;
using System.Text.Json;

namespace LogPilot.Agent.Shipping;

/// <summary>What became of a bulk request as a whole.</summary>
internal enum RequestOutcome
{
    /// <summary>Every item is stored.</summary>
    AllStored,

    /// <summary>Each item has a verdict.</summary>
    PerItem,

    /// <summary>Nothing is known to be stored, and the cause lies with the host: the same again, on any host.</summary>
    NotNow,

    /// <summary>As <see cref="NotNow"/>, but it may be the size that the cluster cannot bear: if it lasts, less at a time.</summary>
    Overloaded,

    /// <summary>The request is larger than the server or a proxy takes.</summary>
    TooLarge,

    /// <summary>The server does not understand the request: some item of it, or all, is not what it wants.</summary>
    Malformed,
}

/// <summary>The outcome of a bulk request with words for an operator.</summary>
/// <param name="Outcome">What to do.</param>
/// <param name="Text">Cause and fix; empty where there is nothing to fix.</param>
internal readonly record struct RequestAnswer(RequestOutcome Outcome, string Text)
{
    /// <summary>What an answer other than a readable 200 means.</summary>
    public static RequestAnswer Judge(string host, int status, ServerError error) => status switch
    {
        401 => new(RequestOutcome.NotNow, $"Elasticsearch at {host} refuses the user or password (401): "
            + $"set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or ELASTICSEARCH_API_KEY{error.Quoted}"),
        403 when error.Type == "cluster_block_exception" => new(RequestOutcome.NotNow, $"the cluster at {host} is read-only "
            + $"(403): lift cluster.blocks.read_only, or make room on its disks{error.Quoted}"),
        403 => new(RequestOutcome.NotNow, $"Elasticsearch at {host} does not let this user write (403): "
            + $"its role needs the index privileges create_index and create_doc{error.Quoted}"),
        404 => new(RequestOutcome.NotNow,
            $"nothing at {host} answers to _bulk (404): check ELASTICSEARCH_PATH{error.Quoted}"),
        413 => new(RequestOutcome.TooLarge, $"{host} refuses a request for its size (413)"),
        429 => new(RequestOutcome.Overloaded, $"the cluster at {host} has no capacity for the request (429){error.Quoted}"),
        >= 300 and < 400 => new(RequestOutcome.NotNow,
            $"{host} redirects ({status}): give the address that it redirects to in ELASTICSEARCH_HOSTS"),

        // 5 and 6 say 500 where 7 says 400 to lines that are no JSON.
        500 when error.Type == "json_parse_exception" => new(RequestOutcome.Malformed, error.ToString()),

        // Only Elasticsearch's own words are about the request. A proxy that says 400, such as for plain HTTP on its TLS
        // port, says nothing about any document.
        400 when error.Type.Length > 0 => new(RequestOutcome.Malformed, error.ToString()),
        400 => new(RequestOutcome.NotNow,
            $"{host} answers 400, and not as Elasticsearch does: check the address, and http or https"),
        502 or 503 or 504 => new(RequestOutcome.Overloaded, $"{host} is not available ({status}){error.Quoted}"),
        _ => new(RequestOutcome.NotNow, $"{host} answers {status}{error.Quoted}"),
    };
}

/// <summary>The error of an answer about the request as a whole; empty where the body is none of Elasticsearch's.</summary>
internal readonly record struct ServerError(string Type, string Reason)
{
    private const string QuoteMark = "; it says: ";

    public string Quoted => Type.Length == 0 ? "" : $"{QuoteMark}{this}";

    /// <summary>A text without the server's own words, which often hold numbers that differ each time: the same for the same cause.</summary>
    public static string WithoutQuote(string text)
    {
        var mark = text.IndexOf(QuoteMark, StringComparison.Ordinal);
        return mark < 0 ? text : text[..mark];
    }

    public override string ToString() => Reason.Length == 0 ? Type : $"{Type}: {Reason}";

    /// <summary>Reads <c>{"error":{"type":…,"reason":…},"status":…}</c>, even if the end is missing.</summary>
    public static ServerError Read(ReadOnlySpan<byte> body)
    {
        var type = "";
        var reason = "";
        try
        {
            var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
            while (reader.Read())
            {
                // Depth 2 is inside "error"; the same names in "root_cause" and "caused_by" are deeper.
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 2)
                {
                    continue;
                }

                var isType = reader.ValueTextEquals("type"u8);
                var isReason = reader.ValueTextEquals("reason"u8);
                if (reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    type = isType ? Cut(reader.ValueSpan) : type;
                    reason = isReason ? Cut(reader.ValueSpan) : reason;
                }
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The latter says that a name cannot be compared. What was read until here is all there is.
        }

        return new ServerError(type, reason);
    }

    private static string Cut(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, 512)]);
}
