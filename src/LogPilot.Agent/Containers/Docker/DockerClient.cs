using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>
/// The calls of the Docker Engine's API that the agent needs. Each throws <see cref="DockerException"/> if
/// the engine cannot be asked, and may simply be called again. Safe for concurrent use.
/// </summary>
internal sealed class DockerClient : IDisposable
{
    /// <summary>How much of a refusal is quoted.</summary>
    private const int ErrorBytesMax = 4096;

    /// <summary>Inspections in parallel, a list and the event stream.</summary>
    private const int ConnectionsMax = 16;

    private readonly DockerOptions _options;
    private readonly EndPoint _endPoint;
    private readonly HttpClient _http;
    private volatile DockerEngine? _engine;

    /// <summary>
    /// Throws <see cref="ArgumentException"/> for an address that is neither <c>unix://PATH</c> nor
    /// <c>tcp://HOST:PORT</c>.
    /// </summary>
    public DockerClient(DockerOptions options)
    {
        _options = options;
        _endPoint = EndPointOf(options.Host);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = DialAsync,
            MaxConnectionsPerServer = ConnectionsMax,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        })
        {
            // The address inside the requests is only a name: DialAsync knows where to go.
            BaseAddress = new Uri("http://docker/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Uri Host => _options.Host;

    /// <summary>
    /// Learns the engine's version and data directory; to be called again when the engine may have been
    /// replaced.
    /// </summary>
    public async Task<DockerEngine> ConnectAsync(CancellationToken stopping)
    {
        var version = await GetAsync("version", DockerJson.Default.VersionMessage, stopping);
        if (!Version.TryParse(version?.ApiVersion, out var offered))
        {
            throw Translate(new JsonException("/version names no ApiVersion."));
        }

        var minimum = Version.TryParse(version.MinApiVersion, out var parsed) ? parsed : null;
        var chosen = DockerApiVersion.Choose(offered, minimum, _options.ApiVersionMax);
        var engine = new DockerEngine(version.Version ?? "", chosen, RootDir: "");
        _engine = engine;
        try
        {
            engine = engine with { RootDir = await DockerRootDirAsync(stopping) };
        }
        catch (DockerException exception)
            when (exception.Fault is DockerFault.Rejected or DockerFault.NotDocker or DockerFault.TimedOut)
        {
            // A proxy in front of the socket may forbid /info, and a plug-in that hangs can block it. Then
            // containers tell their log path only once they run.
        }

        _engine = engine;
        return engine;
    }

    /// <summary>
    /// Returns once the engine has answered anything at all, be it a refusal: what costs it nothing, and needs no lock.
    /// </summary>
    public Task PingAsync(CancellationToken stopping) => WithinDeadlineAsync("_ping", _options.PingDeadline, async deadline =>
    {
        try
        {
            using var response = await SendAsync("_ping", deadline);
            return true;
        }
        catch (DockerException exception) when (exception.Fault == DockerFault.Rejected)
        {
            return true;
        }
    }, stopping);

    /// <summary>All containers, those that have ended too.</summary>
    public async Task<IReadOnlyList<DockerListing>> ListAsync(CancellationToken stopping)
    {
        var messages = await GetAsync("containers/json?all=true", DockerJson.Default.ListListedMessage, stopping);
        var listings = new List<DockerListing>(messages?.Count ?? 0);
        foreach (var message in messages ?? throw Missing("containers/json"))
        {
            if (DockerListing.From(message) is { } listing)
            {
                listings.Add(listing);
            }
        }

        return listings;
    }

    /// <summary>
    /// One container as it is now; null if the engine does not have it any more, which is final.
    /// </summary>
    public async Task<DockerInspection?> InspectAsync(string containerId, CancellationToken stopping)
    {
        var call = $"containers/{Uri.EscapeDataString(containerId)}/json";
        var message = await GetAsync(call, DockerJson.Default.InspectMessage, stopping);
        try
        {
            return message is null ? null : DockerInspection.From(message, _engine?.RootDir ?? "");
        }
        catch (JsonException exception)
        {
            throw Translate(exception);
        }
    }

    /// <summary>The engine's data directory on the host; empty if it does not say.</summary>
    public async Task<string> DockerRootDirAsync(CancellationToken stopping) =>
        (await GetAsync("info", DockerJson.Default.InfoMessage, stopping) ?? throw Missing("info")).DockerRootDir ?? "";

    /// <summary>
    /// Opens the stream of container events, beginning with those the engine remembers since
    /// <paramref name="sinceNano"/>, nanoseconds since 1970. The caller disposes of the stream.
    /// </summary>
    public async Task<DockerEventStream> OpenEventsAsync(long sinceNano, CancellationToken stopping)
    {
        var (seconds, nanos) = Math.DivRem(Math.Max(0, sinceNano), 1_000_000_000);
        var since = string.Create(CultureInfo.InvariantCulture, $"{seconds}.{nanos:D9}");
        var call = $"events?since={since}&filters={Uri.EscapeDataString(DockerEvent.Filters)}";
        return await WithinDeadlineAsync(call, _options.CallDeadline, async deadline =>
        {
            var response = await SendAsync(call, deadline);
            return response is null
                ? throw Missing("events")
                : new DockerEventStream(_options.Host, response, await response.Content.ReadAsStreamAsync(deadline));
        }, stopping);
    }

    public void Dispose() => _http.Dispose();

    private static EndPoint EndPointOf(Uri host)
    {
        // sockaddr_un holds 108 bytes, the closing NUL among them.
        const int UnixPathBytesMax = 107;
        return host.Scheme switch
        {
            "unix" when Encoding.UTF8.GetByteCount(host.LocalPath) is > 1 and <= UnixPathBytesMax =>
                new UnixDomainSocketEndPoint(host.LocalPath),
            "tcp" when host.Host.Length > 0 && host.Port > 0 => new DnsEndPoint(host.Host, host.Port),
            _ => throw new ArgumentException(
                $"DOCKER_HOST={host.OriginalString}: write unix://PATH, with a path of at most {UnixPathBytesMax} bytes, "
                    + "or tcp://HOST:PORT.",
                nameof(host)),
        };
    }

    private async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken stopping)
    {
        var socket = _endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_endPoint, stopping);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks and reads the answer; null for 404.</summary>
    private Task<T?> GetAsync<T>(string call, JsonTypeInfo<T> type, CancellationToken stopping)
        where T : class => WithinDeadlineAsync(call, _options.CallDeadline, async deadline =>
        {
            using var response = await SendAsync(call, deadline);
            if (response is null)
            {
                return null;
            }

            await using var body = await response.Content.ReadAsStreamAsync(deadline);
            return await JsonSerializer.DeserializeAsync(body, type, deadline) ?? throw new JsonException("it is null.");
        }, stopping);

    /// <summary>
    /// Sends a request and returns once the answer's head is there; null for 404, and the caller disposes.
    /// </summary>
    private async Task<HttpResponseMessage?> SendAsync(string call, CancellationToken deadline)
    {
        // Only /version is asked without a version, in order to learn which to ask with.
        var path = _engine is { } engine && call != "version" ? $"v{engine.ApiVersion}/{call}" : call;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            var reason = await ReasonAsync(response, deadline);
            throw DockerException.Rejected(Host, "/" + path, response.StatusCode, reason);
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken deadline)
    {
        var bytes = new byte[ErrorBytesMax];
        await using var body = await response.Content.ReadAsStreamAsync(deadline);
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, deadline);
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length)).Trim();
        try
        {
            return JsonSerializer.Deserialize(text, DockerJson.Default.ErrorMessage)?.Message ?? text;
        }
        catch (JsonException)
        {
            // Engines say some refusals in plain text.
            return text;
        }
    }

    private async Task<T> WithinDeadlineAsync<T>(
        string call, TimeSpan answerMax, Func<CancellationToken, Task<T>> ask, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(answerMax);
        try
        {
            return await ask(deadline.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw Translate(new TimeoutException(
                $"no answer to /{call.Split('?')[0]} within {answerMax.TotalSeconds:0.###} s."));
        }
        catch (Exception exception) when (DockerException.TryFrom(Host, exception, out var translated))
        {
            throw translated;
        }
    }

    private DockerException Missing(string call) => Translate(new JsonException($"/{call} does not exist."));

    private DockerException Translate(Exception exception) =>
        DockerException.TryFrom(Host, exception, out var translated) ? translated : throw exception;
}
