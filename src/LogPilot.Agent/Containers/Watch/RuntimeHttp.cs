using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LogPilot.Agent.Containers.Watch;

/// <summary>HTTP over the socket of a runtime.</summary>
internal static class RuntimeHttp
{
    /// <summary>Inspections in parallel, a list and the event stream.</summary>
    private const int ConnectionsMax = 16;

    /// <summary>sockaddr_un holds 108 bytes, the closing NUL among them.</summary>
    public const int UnixPathBytesMax = 107;

    /// <summary>Where an address leads; null if it is neither <c>unix://PATH</c> nor <c>tcp://HOST:PORT</c>.</summary>
    public static EndPoint? EndPointOf(Uri host) => host.Scheme switch
    {
        "unix" when Encoding.UTF8.GetByteCount(host.LocalPath) is > 1 and <= UnixPathBytesMax =>
            new UnixDomainSocketEndPoint(host.LocalPath),
        "tcp" when host.Host.Length > 0 && host.Port > 0 => new DnsEndPoint(host.Host, host.Port),
        _ => null,
    };

    /// <summary>A client whose every request goes to one place, whatever name stands in its address.</summary>
    public static HttpClient ClientOf(EndPoint endPoint) =>
        new(new SocketsHttpHandler
        {
            ConnectCallback = (_, stopping) => DialAsync(endPoint, stopping),
            MaxConnectionsPerServer = ConnectionsMax,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        })
        {
            BaseAddress = new Uri("http://localhost/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>Asks, and throws <see cref="TimeoutException"/> if the answer takes longer than it may.</summary>
    /// <param name="call">What is asked, for the message.</param>
    public static async Task<T> WithinAsync<T>(
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
            throw new TimeoutException($"no answer to {call} within {answerMax.TotalSeconds:0.###} s.");
        }
    }

    private static async ValueTask<Stream> DialAsync(EndPoint endPoint, CancellationToken stopping)
    {
        var socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, stopping);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
