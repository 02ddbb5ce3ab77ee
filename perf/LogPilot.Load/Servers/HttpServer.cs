using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LogPilot.Load.Servers;

/// <summary>Accepts connections and gives each a thread, on which every request is answered by one function.</summary>
internal sealed class HttpServer : IDisposable
{
    private readonly Socket _listener;
    private readonly Func<HttpConnection, bool> _answer;
    private readonly ConcurrentDictionary<Socket, bool> _connections = [];

    /// <param name="endPoint">Where to listen; port 0 takes a free one.</param>
    /// <param name="answer">Answers one request; false if the connection is to be closed.</param>
    public HttpServer(EndPoint endPoint, Func<HttpConnection, bool> answer)
    {
        _answer = answer;
        var protocol = endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol);
        _listener.Bind(endPoint);
        _listener.Listen(64);
        StartThread(Accept);
    }

    public static IPEndPoint AnyLoopbackPort => new(IPAddress.Loopback, 0);

    /// <summary>Where a server on a TCP port is reached.</summary>
    public Uri Address => new($"http://{_listener.LocalEndPoint}");

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    private static void StartThread(Action work) => new Thread(() => work()) { IsBackground = true }.Start();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                _connections.TryAdd(socket, true);
                StartThread(() => Serve(socket));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed: that is how it ends.
        }
    }

    private void Serve(Socket socket)
    {
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }

        using var connection = new HttpConnection(socket);
        try
        {
            while (connection.TryReadHead() && _answer(connection))
            {
                // The next request comes on the same connection.
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // The client has gone: it was killed, or has given up.
        }

        _connections.TryRemove(socket, out _);
    }
}
