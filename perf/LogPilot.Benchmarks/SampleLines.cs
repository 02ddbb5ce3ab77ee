namespace LogPilot.Benchmarks;

/// <summary>Lines as they are usual: an access log's, with the quotes escaped where it stands in JSON.</summary>
internal static class SampleLines
{
    public const string Time = "2026-01-01T12:34:56.123456789Z";

    public const string AccessLog =
        """10.0.17.231 - - [01/Jan/2026:12:34:56 +0000] \"GET /api/v1/orders HTTP/1.1\" 200 52311 \"Mozilla/5.0 (X11; Linux x86_64)\" 1048576""";

    /// <summary>As nginx and Apache write it: the format that is called combined.</summary>
    public const string CombinedLog =
        """203.0.113.9 - alice [01/Jan/2026:12:34:56 +0000] "GET /api/v1/orders?page=2 HTTP/1.1" 200 52311 "https://shop.example.com/orders" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36""" + "\"";
}
