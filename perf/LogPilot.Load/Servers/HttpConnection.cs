using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LogPilot.Load.Servers;

/// <summary>One connection of an HTTP/1.1 client, read and written by one thread with blocking calls, since those cost the least.</summary>
internal sealed class HttpConnection(Socket socket) : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _bodyRest;

    public string Method { get; private set; } = "";

    /// <summary>The request's path without its query.</summary>
    public string Path { get; private set; } = "";

    public long ContentLength { get; private set; }

    /// <summary>Waits for the next request, whose body has to be read before it is answered; false once the client has gone.</summary>
    public bool TryReadHead()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                ParseHead(Encoding.ASCII.GetString(_buffer, _start, length));
                _start += length + 4;
                return true;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            var read = socket.Receive(_buffer.AsSpan(_end));
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }
    }

    /// <summary>The next piece of the body, valid until the next call; empty at its end.</summary>
    public ReadOnlySpan<byte> ReadBody()
    {
        if (_bodyRest == 0)
        {
            return [];
        }

        if (_start == _end)
        {
            _start = 0;
            _end = socket.Receive(_buffer);
            if (_end == 0)
            {
                throw new IOException("The client closed the connection within a request.");
            }
        }

        var piece = _buffer.AsSpan(_start, (int)Math.Min(_end - _start, _bodyRest));
        _start += piece.Length;
        _bodyRest -= piece.Length;
        return piece;
    }

    public byte[] ReadWholeBody()
    {
        var body = new byte[ContentLength];
        var length = 0;
        for (var piece = ReadBody(); !piece.IsEmpty; piece = ReadBody())
        {
            piece.CopyTo(body.AsSpan(length));
            length += piece.Length;
        }

        return body;
    }

    public void Answer(int status, ReadOnlySpan<byte> body) => Send(Response(status, body));

    /// <summary>Half of an answer, and then the end of the connection.</summary>
    public void AnswerHalf(int status, ReadOnlySpan<byte> body)
    {
        var whole = Response(status, body);
        Send(whole.AsSpan(0, whole.Length - (body.Length / 2) - 1));
        socket.Shutdown(SocketShutdown.Both);
    }

    /// <summary>Begins an answer without an end, as an event stream is one, and returns when the client has gone.</summary>
    public void HoldOpen()
    {
        Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"u8);
        WaitForEnd();
    }

    /// <summary>Says nothing more, and returns when the client has gone.</summary>
    public void WaitForEnd()
    {
        while (socket.Receive(_buffer) > 0)
        {
            // Whatever it says is not heard.
        }
    }

    /// <summary>Ends the connection by a reset, as a crash or a firewall does.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose() => socket.Dispose();

    private static byte[] Response(int status, ReadOnlySpan<byte> body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private void ParseHead(string head)
    {
        var lines = head.Split("\r\n");
        var request = lines[0].Split(' ');
        Method = request[0];
        Path = request[1].Split('?')[0];
        ContentLength = 0;
        foreach (var line in lines)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                ContentLength = long.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase))
            {
                throw new NotSupportedException("Bodies without a length are not read: run the agent without LOGPILOT_GZIP.");
            }
        }

        _bodyRest = ContentLength;
    }
}
