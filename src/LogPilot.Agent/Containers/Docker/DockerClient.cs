using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>The calls of the Docker Engine's API that the agent needs.</summary>
internal sealed class DockerClient : IRuntimeClient
{
    /// <summary>How much of a refusal is quoted.</summary>
    private const int ErrorBytesMax = 4096;

    private readonly DockerOptions _options;
    private readonly HttpClient _http;
    private volatile Version? _apiVersion;

    /// <summary>
    /// Throws <see cref="ArgumentException"/> for an address that is neither <c>unix://PATH</c> nor
    /// <c>tcp://HOST:PORT</c>.
    /// </summary>
    public DockerClient(DockerOptions options)
    {
        _options = options;
        _http = RuntimeHttp.ClientOf(RuntimeHttp.EndPointOf(options.Host) ?? throw new ArgumentException(
            $"DOCKER_HOST={options.Host.OriginalString}: write unix://PATH, with a path of at most {RuntimeHttp.UnixPathBytesMax} bytes, "
                + "or tcp://HOST:PORT.",
            nameof(options)));
    }

    public Uri Host => _options.Host;

    /// <summary>Its data directory on the host; empty until it is known, and if the engine does not say.</summary>
    public string RootDir { get; private set; } = "";

    /// <summary>Learns the engine's version and data directory.</summary>
    public async Task<RuntimeInfo> ConnectAsync(CancellationToken stopping)
    {
        var version = await GetAsync("version", DockerJson.Default.VersionMessage, stopping);
        if (!Version.TryParse(version?.ApiVersion, out var offered))
        {
            throw Translate(new JsonException("/version names no ApiVersion."));
        }

        var minimum = Version.TryParse(version.MinApiVersion, out var parsed) ? parsed : null;
        _apiVersion = DockerApiVersion.Choose(offered, minimum, _options.ApiVersionMax);
        try
        {
            RootDir = await DockerRootDirAsync(stopping);
        }
        catch (RuntimeException exception)
            when (exception.Fault is RuntimeFault.Rejected or RuntimeFault.NotARuntime or RuntimeFault.TimedOut)
        {
            // A proxy in front of the socket may forbid /info, and a plug-in that hangs can block it. Then
            // containers tell their log path only once they run.
            RootDir = "";
        }

        var notice = _options.ApiVersionMax is { } wanted && wanted < _apiVersion
            ? $"DOCKER_API_VERSION={wanted} is older than the Docker Engine accepts; speaking {_apiVersion}. Unset it, or set it to at least that."
            : null;
        return new RuntimeInfo($"Docker Engine {version.Version}", _apiVersion.ToString(), notice);
    }

    /// <summary>Returns once the engine has answered, be it with a refusal.</summary>
    public Task PingAsync(CancellationToken stopping) => WithinDeadlineAsync("_ping", _options.PingDeadline, async deadline =>
    {
        try
        {
            using var response = await SendAsync("_ping", deadline);
            return true;
        }
        catch (RuntimeException exception) when (exception.Fault == RuntimeFault.Rejected)
        {
            return true;
        }
    }, stopping);

    public async Task<IReadOnlyList<ContainerListing>> ListAsync(CancellationToken stopping)
    {
        var messages = await GetAsync("containers/json?all=true", DockerJson.Default.ListListedMessage, stopping);
        var listings = new List<ContainerListing>(messages?.Count ?? 0);
        foreach (var message in messages ?? throw Missing("containers/json"))
        {
            if (DockerListing.From(message) is { } listing)
            {
                listings.Add(listing);
            }
        }

        return listings;
    }

    public async Task<ContainerInspection?> InspectAsync(string containerId, CancellationToken stopping)
    {
        var call = $"containers/{Uri.EscapeDataString(containerId)}/json";
        var message = await GetAsync(call, DockerJson.Default.InspectMessage, stopping);
        try
        {
            return message is null ? null : DockerInspection.From(message, RootDir);
        }
        catch (JsonException exception)
        {
            throw Translate(exception);
        }
    }

    /// <summary>The engine's data directory on the host; empty if it does not say.</summary>
    public async Task<string> DockerRootDirAsync(CancellationToken stopping) =>
        (await GetAsync("info", DockerJson.Default.InfoMessage, stopping) ?? throw Missing("info")).DockerRootDir ?? "";

    public async Task<IContainerEvents?> OpenEventsAsync(long sinceNano, CancellationToken stopping)
    {
        var (seconds, nanos) = Math.DivRem(Math.Max(0, sinceNano), 1_000_000_000);
        var since = string.Create(CultureInfo.InvariantCulture, $"{seconds}.{nanos:D9}");
        var call = $"events?since={since}&filters={Uri.EscapeDataString(DockerEventStream.Filters)}";
        return await WithinDeadlineAsync(call, _options.CallDeadline, async deadline =>
        {
            var response = await SendAsync(call, deadline);
            return response is null
                ? throw Missing("events")
                : new DockerEventStream(_options.Host, response, await response.Content.ReadAsStreamAsync(deadline));
        }, stopping);
    }

    public void Dispose() => _http.Dispose();

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
        var path = _apiVersion is { } spoken && call != "version" ? $"v{spoken}/{call}" : call;
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
            throw DockerFailure.Rejected(Host, "/" + path, response.StatusCode, reason);
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
        try
        {
            return await RuntimeHttp.WithinAsync($"/{call.Split('?')[0]}", answerMax, ask, stopping);
        }
        catch (Exception exception) when (DockerFailure.TryFrom(Host, exception, out var translated))
        {
            throw translated;
        }
    }

    private RuntimeException Missing(string call) => Translate(new JsonException($"/{call} does not exist."));

    private RuntimeException Translate(Exception exception) =>
        DockerFailure.TryFrom(Host, exception, out var translated) ? translated : throw exception;
}
