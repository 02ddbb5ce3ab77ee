using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>The calls of the Container Runtime Interface, version 1, that the agent needs.</summary>
/// <remarks>
/// https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto. Its stream of events is not used: containerd 1.7 gives
/// each event to one listener only, and kubelet may be that one.
/// </remarks>
internal sealed class CriClient : IRuntimeClient
{
    private readonly CriOptions _options;
    private readonly HttpClient _http;
    private readonly CriListings _listings = new();

    /// <summary>Throws <see cref="ArgumentException"/> for an address that is not <c>unix://PATH</c>.</summary>
    public CriClient(CriOptions options)
    {
        _options = options;
        _http = RuntimeHttp.ClientOf(RuntimeHttp.EndPointOf(options.Host) ?? throw new ArgumentException(
            $"CONTAINER_RUNTIME_ENDPOINT={options.Host.OriginalString}: write unix://PATH, with a path of at most "
                + $"{RuntimeHttp.UnixPathBytesMax} bytes.",
            nameof(options)));
    }

    public Uri Host => _options.Host;

    public Task PingAsync(CancellationToken stopping) =>
        AskAsync("Version", CriRequest.Empty, _options.PingDeadline, static _ => true, stopping);

    public Task<RuntimeInfo> ConnectAsync(CancellationToken stopping) =>
        AskAsync("Version", CriRequest.Empty, _options.CallDeadline, ReadVersion, stopping);

    public Task<IContainerEvents?> OpenEventsAsync(long sinceNano, CancellationToken stopping) =>
        Task.FromResult<IContainerEvents?>(null);

    /// <remarks>One at a time.</remarks>
    public Task<IReadOnlyList<ContainerListing>> ListAsync(CancellationToken stopping) =>
        AskAsync("ListContainers", CriRequest.Empty, _options.CallDeadline, _listings.Read, stopping);

    public async Task<ContainerInspection?> InspectAsync(string containerId, CancellationToken stopping)
    {
        try
        {
            return await AskAsync(
                "ContainerStatus", CriRequest.ContainerStatus(containerId), _options.CallDeadline, CriContainer.Read, stopping);
        }
        catch (RuntimeException gone) when (gone.InnerException is GrpcException { Status: GrpcStatus.NotFound })
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    // VersionResponse { string runtime_name = 2; string runtime_version = 3; string runtime_api_version = 4; }
    private static RuntimeInfo ReadVersion(ReadOnlySpan<byte> message)
    {
        var (name, version, api) = ("", "", "");
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case 2:
                    name = fields.Text;
                    break;
                case 3:
                    version = fields.Text;
                    break;
                case 4:
                    api = fields.Text;
                    break;
            }
        }

        return new RuntimeInfo($"{name} {version}", $"CRI {api}");
    }

    private async Task<T> AskAsync<T>(
        string call, byte[] request, TimeSpan answerMax, Func<ReadOnlySpan<byte>, T> read, CancellationToken stopping)
    {
        try
        {
            return await RuntimeHttp.WithinAsync(
                call,
                answerMax,
                deadline => GrpcCall.AskAsync(_http, $"runtime.v1.RuntimeService/{call}", request, read, deadline),
                stopping);
        }
        catch (Exception exception) when (CriFailure.TryFrom(Host, exception, out var translated))
        {
            throw translated;
        }
    }
}
