using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using LogPilot.Aot.Tests.Support.Cri;

namespace LogPilot.Aot.Tests.Support;

/// <summary>What kubelet asks a runtime, over the runtime's Unix socket; every call has a deadline.</summary>
internal sealed class CriClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly SocketsHttpHandler _handler;
    private readonly GrpcChannel _channel;
    private readonly RuntimeService.RuntimeServiceClient _runtime;
    private readonly ImageService.ImageServiceClient _images;

    public CriClient(string socketPath)
    {
        _handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = _handler });
        _runtime = new RuntimeService.RuntimeServiceClient(_channel);
        _images = new ImageService.ImageServiceClient(_channel);
    }

    private static CallOptions Options => new(deadline: DateTime.UtcNow + Deadline);

    public async Task<VersionResponse> VersionAsync() => await _runtime.VersionAsync(new VersionRequest(), Options);

    public async Task<bool> HasImageAsync(string name)
    {
        var images = await _images.ListImagesAsync(new Empty(), Options);
        return images.Images.Any(image => image.RepoTags.Any(tag => tag.EndsWith(name, StringComparison.Ordinal)));
    }

    /// <summary>Makes and starts a sandbox; its id.</summary>
    public async Task<string> RunPodSandboxAsync(PodSandboxConfig config) =>
        (await _runtime.RunPodSandboxAsync(new RunPodSandboxRequest { Config = config }, Options)).PodSandboxId;

    public async Task<IReadOnlyList<string>> ListPodSandboxesAsync() =>
        (await _runtime.ListPodSandboxAsync(new Empty(), Options)).Items.Select(sandbox => sandbox.Id).ToList();

    /// <summary>Ends every process of the sandbox; one that has stopped or gone is no error.</summary>
    public Task StopPodSandboxAsync(string sandboxId) =>
        IgnoreNotFoundAsync(_runtime.StopPodSandboxAsync(new PodSandboxRequest { PodSandboxId = sandboxId }, Options));

    /// <summary>Removes the sandbox with its containers; one that has gone is no error.</summary>
    public async Task RemovePodSandboxAsync(string sandboxId) =>
        await _runtime.RemovePodSandboxAsync(new PodSandboxRequest { PodSandboxId = sandboxId }, Options);

    /// <summary>Makes a container; its id.</summary>
    public async Task<string> CreateContainerAsync(string sandboxId, ContainerConfig config, PodSandboxConfig sandbox)
    {
        var request = new CreateContainerRequest { PodSandboxId = sandboxId, Config = config, SandboxConfig = sandbox };
        return (await _runtime.CreateContainerAsync(request, Options)).ContainerId;
    }

    public async Task StartContainerAsync(string containerId) =>
        await _runtime.StartContainerAsync(new Cri.ContainerRequest { ContainerId = containerId }, Options);

    /// <summary>SIGTERM, and SIGKILL after the grace; one that has ended or gone is no error.</summary>
    public Task StopContainerAsync(string containerId, TimeSpan grace) =>
        IgnoreNotFoundAsync(_runtime.StopContainerAsync(
            new StopContainerRequest { ContainerId = containerId, Timeout = (long)grace.TotalSeconds }, Options));

    /// <summary>Removes a container, also one that runs; one that has gone is no error. Its log stays: that is kubelet's.</summary>
    public async Task RemoveContainerAsync(string containerId) =>
        await _runtime.RemoveContainerAsync(new Cri.ContainerRequest { ContainerId = containerId }, Options);

    /// <summary>The runtime creates the log anew where it was renamed or removed; an error where the container does not run.</summary>
    public async Task ReopenContainerLogAsync(string containerId) =>
        await _runtime.ReopenContainerLogAsync(new Cri.ContainerRequest { ContainerId = containerId }, Options);

    public async Task<IReadOnlyList<Container>> ListContainersAsync() =>
        (await _runtime.ListContainersAsync(new Empty(), Options)).Containers;

    public async Task<ContainerStatusResponse> ContainerStatusAsync(string containerId, bool verbose = false) =>
        await _runtime.ContainerStatusAsync(new ContainerStatusRequest { ContainerId = containerId, Verbose = verbose }, Options);

    /// <summary>How the stream of events ends: with a status other than OK where the runtime has none.</summary>
    public async Task<StatusCode> ProbeContainerEventsAsync()
    {
        using var call = _runtime.GetContainerEvents(new Empty(), Options);
        try
        {
            await call.ResponseStream.MoveNext(CancellationToken.None);
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _handler.Dispose();
    }

    /// <summary>The interface says that to stop what has gone is no error; containerd 1.6 says NotFound.</summary>
    private static async Task IgnoreNotFoundAsync(AsyncUnaryCall<Empty> call)
    {
        try
        {
            await call;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
        }
    }
}
