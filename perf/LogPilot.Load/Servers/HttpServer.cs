using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LogPilot.Load.Servers;

/// <summary>Accepts connections and gives each a thread, on which every request is answered by one function.</summary>
internal sealed class HttpServer : IDisposable
{
    private const int Backlog = 64;

    private readonly Func<HttpConnection, bool> _answer;
    private readonly ConcurrentDictionary<Socket, bool> _connections = [];
    private Socket _listener;
    private bool _isOpen;

    /// <param name="endPoint">Where to listen; port 0 takes a free one.</param>
    /// <param name="answer">Answers one request; false if the connection is to be closed.</param>
    public HttpServer(EndPoint endPoint, Func<HttpConnection, bool> answer)
    {
        _answer = answer;
        _listener = Bind(endPoint);
        Open();
    }

    public static IPEndPoint AnyLoopbackPort => new(IPAddress.Loopback, 0);

    /// <summary>Where a server on a TCP port is reached.</summary>
    public Uri Address => new($"http://{_listener.LocalEndPoint}");

    /// <summary>Takes connections, if it does not yet.</summary>
    public void Open()
    {
        if (!_isOpen)
        {
            _isOpen = true;
            var listener = _listener;
            listener.Listen(Backlog);
            StartThread(() => Accept(listener));
        }
    }

    /// <summary>Ends all connections and refuses new ones.</summary>
    public void Close()
    {
        if (_isOpen)
        {
            _isOpen = false;
            var endPoint = _listener.LocalEndPoint!;
            Dispose();

            // Nobody listens to it, and yet nobody else gets the port, not even a client as its own.
            _listener = Bind(endPoint);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    private static Socket Bind(EndPoint endPoint)
    {
        var protocol = endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol);
        socket.Bind(endPoint);
        return socket;
    }

    private static void StartThread(Action work) => new Thread(() => work()) { IsBackground = true }.Start();

    private void Accept(Socket listener)
    {
        try
        {
            while (true)
            {
                var socket = listener.Accept();
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
