using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace LogPilot.Agent.Tests.Support;

/// <summary>
/// A small HTTP server on loopback that keeps documents by index and id as the bulk API does, and whose answers a test can
/// script: the next requests as a whole by <see cref="Next"/>, single items by <see cref="Item"/>.
/// </summary>
internal sealed class FakeElasticsearch : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    private readonly X509Certificate2? _certificate;

    /// <param name="certificate">With one, it speaks TLS and asks for a client's certificate.</param>
    public FakeElasticsearch(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        Address = new Uri($"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The body of <c>GET /</c>.</summary>
    public string Version { get; set; } = """{"version":{"number":"9.2.0"}}""";

    /// <summary>The status of <c>GET /</c>.</summary>
    public int VersionStatus { get; set; } = 200;

    /// <summary>Whether it says that a body is wanted to who asks before sending it; some proxies do not know the question.</summary>
    public bool KnowsQuestion { get; set; } = true;

    /// <summary>Answers for the next bulk requests, before the normal ones.</summary>
    public ConcurrentQueue<FakeReply> Next { get; } = [];

    /// <summary>What an item gets; null for what the bulk API would say.</summary>
    public Func<FakeItem, FakeError?> Item { get; set; } = _ => null;

    /// <summary>What a bulk request gets before its items are looked at; null to go on.</summary>
    public Func<FakeRequest, FakeReply?> Request { get; set; } = _ => null;

    /// <summary>What comes before a bulk request is looked at; until it ends the request is in flight.</summary>
    public Func<FakeRequest, Task> Work { get; set; } = _ => Task.CompletedTask;

    /// <summary>The subject of the last client's certificate.</summary>
    public string? ClientSubject { get; private set; }

    /// <summary>Every bulk request, in the order of arrival.</summary>
    public ConcurrentQueue<FakeRequest> Bulks { get; } = [];

    /// <summary>Documents by <c>index/id</c>.</summary>
    public ConcurrentDictionary<string, string> Documents { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using var owned = socket;
        await using var network = new NetworkStream(socket);
        await using var secured = _certificate is null ? null : new SslStream(network);
        Stream connection = secured is null ? network : secured;
        try
        {
            if (secured is not null)
            {
                await secured.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = _certificate,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, client, _, _) => Remember(client),
                    },
                    _stop.Token);
            }

            await using var stream = new BufferedStream(connection);
            while (await ReadHeadAsync(stream) is { } request)
            {
                var early = request.IsBulk && Next.TryPeek(out var next) && next.Kind == ReplyKind.Early;
                if (!early && request.Asks && KnowsQuestion)
                {
                    await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
                }

                request = early ? request : request with { Body = await ReadBodyAsync(stream, request) };
                await (request.IsBulk ? Work(request) : Task.CompletedTask).WaitAsync(_stop.Token);
                var answer = Judge(request);
                if (!await WriteAsync(socket, connection, answer))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException)
        {
            // The client went away, or the test ends.
        }
    }

    private bool Remember(X509Certificate? client)
    {
        ClientSubject = client?.Subject;
        return true;
    }

    private FakeReply Judge(FakeRequest request)
    {
        if (!request.IsBulk)
        {
            return request.Path.EndsWith('/') && request.Method == "GET"
                ? FakeReply.Json(VersionStatus, Version)
                : FakeReply.Json(404, "{}");
        }

        Bulks.Enqueue(request);
        if (Next.TryDequeue(out var scripted))
        {
            if (scripted.Kind is ReplyKind.AppliedThenReset or ReplyKind.AppliedThenSilence)
            {
                Apply(request);
            }

            return scripted;
        }

        return Request(request) ?? FakeReply.Json(200, Apply(request));
    }

    private string Apply(FakeRequest request)
    {
        var answers = new List<string>();
        var errors = false;
        foreach (var item in request.Items)
        {
            var error = Item(item);
            var stored = error is null && Documents.TryAdd(item.Key, item.Document);
            error ??= stored ? null : new FakeError(409, "version_conflict_engine_exception", "document already exists");
            errors |= error is not null;

            // Some versions write the error first, some the status.
            answers.Add(error is null
                ? """{"create":{"status":201}}"""
                : $$$"""{"create":{"error":{"type":"{{{error.Type}}}","reason":"{{{error.Reason}}}"},"status":{{{error.Status}}}}}""");
        }

        return $$"""{"errors":{{(errors ? "true" : "false")}},"items":[{{string.Join(',', answers)}}]}""";
    }

    private async Task<bool> WriteAsync(Socket socket, Stream stream, FakeReply answer)
    {
        if (answer.Kind is ReplyKind.Silence or ReplyKind.AppliedThenSilence)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }

        if (answer.Kind is ReplyKind.Reset or ReplyKind.AppliedThenReset)
        {
            socket.LingerState = new LingerOption(true, 0);
            return false;
        }

        var body = Encoding.UTF8.GetBytes(answer.Body);
        var length = answer.Kind == ReplyKind.Half ? body.Length * 2 : body.Length;
        var location = answer.Status is >= 300 and < 400 ? "Location: /elsewhere\r\n" : "";
        var head = $"HTTP/1.1 {answer.Status} Status\r\nContent-Type: application/json\r\n{location}Content-Length: {length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
        await stream.WriteAsync(body, _stop.Token);
        if (answer.Kind == ReplyKind.Early)
        {
            // The body stays unread: the client is stuck in writing it until it gives the request up.
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }

        return answer.Kind == ReplyKind.Whole;
    }

    private async Task<FakeRequest?> ReadHeadAsync(Stream stream)
    {
        var line = await ReadLineAsync(stream);
        if (line.Length == 0)
        {
            return null;
        }

        var words = line.Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while ((line = await ReadLineAsync(stream)).Length > 0)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new FakeRequest(words[0], words[1], headers, []);
    }

    private async Task<byte[]> ReadBodyAsync(Stream stream, FakeRequest request)
    {
        var body = new MemoryStream();
        if (request.Headers.TryGetValue("Content-Length", out var length))
        {
            await CopyAsync(stream, body, int.Parse(length, null));
        }
        else if (request.Headers.ContainsKey("Transfer-Encoding"))
        {
            int size;
            while ((size = Convert.ToInt32(await ReadLineAsync(stream), 16)) > 0)
            {
                await CopyAsync(stream, body, size);
                await ReadLineAsync(stream);
            }

            await ReadLineAsync(stream);
        }

        body.Position = 0;
        if (!request.Headers.ContainsKey("Content-Encoding"))
        {
            return body.ToArray();
        }

        var plain = new MemoryStream();
        await using var gzip = new GZipStream(body, CompressionMode.Decompress);
        await gzip.CopyToAsync(plain, _stop.Token);
        return plain.ToArray();
    }

    private async Task CopyAsync(Stream from, MemoryStream to, int bytes)
    {
        var buffer = new byte[bytes];
        await from.ReadExactlyAsync(buffer, _stop.Token);
        to.Write(buffer);
    }

    private async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) > 0 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }
}

/// <summary>A request as it arrived.</summary>
internal sealed record FakeRequest(string Method, string Path, Dictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Whether the body comes only when the server wants it.</summary>
    public bool Asks => Headers.TryGetValue("Expect", out var expected) && expected == "100-continue";

    public bool IsBulk => Path.Contains("_bulk", StringComparison.Ordinal);

    public List<FakeItem> Items
    {
        get
        {
            var lines = Encoding.UTF8.GetString(Body).Split('\n');
            var items = new List<FakeItem>();
            for (var i = 0; i + 1 < lines.Length; i += 2)
            {
                using var action = JsonDocument.Parse(lines[i]);
                var create = action.RootElement.GetProperty("create");
                items.Add(new FakeItem(
                    create.GetProperty("_index").GetString()!, create.GetProperty("_id").GetString()!, lines[i + 1]));
            }

            return items;
        }
    }
}

/// <summary>One item of a bulk request.</summary>
internal sealed record FakeItem(string Index, string Id, string Document)
{
    public string Key => $"{Index}/{Id}";
}

/// <summary>What an item is refused with.</summary>
internal sealed record FakeError(int Status, string Type, string Reason);

/// <summary>How a scripted answer goes.</summary>
internal enum ReplyKind
{
    Whole,

    /// <summary>The connection ends in the middle of the body.</summary>
    Half,

    /// <summary>Before the request's body was read, which then is never read.</summary>
    Early,

    Reset,
    AppliedThenReset,
    Silence,
    AppliedThenSilence,
}

/// <summary>A scripted answer to a request as a whole.</summary>
internal sealed record FakeReply(ReplyKind Kind, int Status, string Body)
{
    public static FakeReply Json(int status, string body) => new(ReplyKind.Whole, status, body);

    public static FakeReply Error(int status, string type, string reason) =>
        Json(status, $$$"""{"error":{"root_cause":[{"type":"deeper","reason":"deeper"}],"type":"{{{type}}}","reason":"{{{reason}}}"},"status":{{{status}}}}""");

    public static FakeReply Of(ReplyKind kind, int status = 0, string body = "") => new(kind, status, body);
}
