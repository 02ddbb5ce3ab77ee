using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace LogPilot.Agent.Tests.Support;

/// <summary>
/// A Docker Engine in miniature: real HTTP over a real Unix socket, with containers that a test makes and
/// answers that it scripts. It remembers its events, as the engine does.
/// </summary>
internal sealed class FakeDocker : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fake-docker-").FullName;
    private readonly ConcurrentDictionary<string, string> _inspections = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<FakeAnswer>> _scripts = new();
    private readonly List<string> _events = [];
    private readonly List<ChannelWriter<string>> _streams = [];
    private readonly ConcurrentBag<Socket> _connections = [];
    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>();
    private readonly Lock _gate = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _clock = 1_700_000_000_000_000_000;

    public FakeDocker() => Start();

    public string SocketPath => Path.Combine(_directory, "d.sock");

    public Uri Host => new("unix://" + SocketPath);

    public string Version { get; set; } = """{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"}""";

    public string Info { get; set; } = """{"DockerRootDir":"/var/lib/docker"}""";

    /// <summary>Makes a container exist, or look different; the state is a status word of the engine.</summary>
    public void Put(
        string id, string state = "running", string name = "web", string started = "1", string finished = "0", string? logPath = null)
    {
        _inspections[id] = $$$"""
            {"Id":"{{{id}}}","Name":"/{{{name}}}","LogPath":"{{{logPath ?? $"/logs/{id}"}}}",
            "State":{"Status":"{{{state}}}","StartedAt":"{{{started}}}","FinishedAt":"{{{finished}}}"},
            "Config":{"Image":"busybox","Env":["A=1"],"Labels":{"l":"v"}},"HostConfig":{"LogConfig":{"Type":"json-file"}},
            "Mounts":[{"Type":"bind","Source":"/s","Destination":"/d"}]}
            """;
    }

    /// <summary>Makes a container answer an inspection with exactly this.</summary>
    public void PutRaw(string id, string inspection) => _inspections[id] = inspection;

    public void Drop(string id) => _inspections.TryRemove(id, out _);

    /// <summary>
    /// Answers the next calls whose path ends so, without version and query, with these instead; then as
    /// usual again.
    /// </summary>
    public void Script(string path, params FakeAnswer[] answers)
    {
        var queue = _scripts.GetOrAdd(path, _ => new ConcurrentQueue<FakeAnswer>());
        foreach (var answer in answers)
        {
            queue.Enqueue(answer);
        }
    }

    /// <summary>
    /// Says that something happened, to whoever listens now and to whoever asks for it later.
    /// </summary>
    public void Emit(string action, string id)
    {
        lock (_gate)
        {
            var nano = (_clock += 1_000_000).ToString(CultureInfo.InvariantCulture);
            SendRaw($$$"""{"Type":"container","Action":"{{{action}}}","Actor":{"ID":"{{{id}}}"},"timeNano":{{{nano}}}}""" + "\n");
        }
    }

    /// <summary>Writes bytes as they are into the event stream.</summary>
    public void SendRaw(string text)
    {
        lock (_gate)
        {
            _events.Add(text);
            foreach (var stream in _streams)
            {
                stream.TryWrite(text);
            }
        }
    }

    /// <summary>Forgets past events, as an engine does that was restarted.</summary>
    public void ForgetEvents()
    {
        lock (_gate)
        {
            _events.Clear();
        }
    }

    /// <summary>Ends every open event stream properly.</summary>
    public void EndStreams()
    {
        lock (_gate)
        {
            foreach (var stream in _streams)
            {
                stream.TryComplete();
            }

            _streams.Clear();
        }
    }

    /// <summary>Goes away like a killed engine: connections break, and the socket file stays behind.</summary>
    public async Task KillAsync()
    {
        // Closing a listener of .NET deletes its file, if it is where it was bound.
        var aside = SocketPath + ".aside";
        if (File.Exists(SocketPath))
        {
            File.Move(SocketPath, aside);
            _listener?.Dispose();
            File.Move(aside, SocketPath);
        }

        await _accepting;
        EndStreams();
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    /// <summary>Listens, again if need be.</summary>
    public void Start()
    {
        File.Delete(SocketPath);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen(64);
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>
    /// Waits for the next call, in order, whose path contains a text; returns its whole path.
    /// </summary>
    public async Task<string> RequestedAsync(string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            var request = await _requests.Reader.ReadAsync(deadline.Token);
            if (request.Contains(text, StringComparison.Ordinal))
            {
                return request;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AcceptAsync(Socket listener)
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await listener.AcceptAsync();
                _connections.Add(connection);
                serving.Add(ServeAsync(connection));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed: that is how it ends.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            while (await reader.ReadLineAsync() is { Length: > 0 } request)
            {
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // Nothing in the head matters here.
                }

                var target = request.Split(' ')[1];
                _requests.Writer.TryWrite(target);
                if (!await AnswerAsync(stream, target))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            // The client has gone, or the test has killed the engine.
        }
    }

    /// <summary>Returns whether the connection can be used again.</summary>
    private async Task<bool> AnswerAsync(NetworkStream stream, string target)
    {
        var path = target.Split('?')[0];
        path = path.StartsWith("/v1.", StringComparison.Ordinal) ? path[path.IndexOf('/', 1)..] : path;
        if (_scripts.TryGetValue(path, out var script) && script.TryDequeue(out var scripted))
        {
            await scripted.Gate;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(scripted.Text));
            return scripted.KeepsConnection;
        }

        if (path == "/events")
        {
            await StreamEventsAsync(stream);
            return false;
        }

        var answer = path switch
        {
            "/version" => FakeAnswer.Ok(Version),
            "/info" => FakeAnswer.Ok(Info),
            "/containers/json" => FakeAnswer.Ok(List()),
            _ when path.Split('/') is [_, "containers", var id, "json"]
                && _inspections.TryGetValue(id, out var inspection) => FakeAnswer.Ok(inspection),
            _ => FakeAnswer.Of(404, """{"message":"No such container"}"""),
        };
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.Text));
        return true;
    }

    private string List()
    {
        var lines = _inspections.Select(pair =>
        {
            using var json = System.Text.Json.JsonDocument.Parse(pair.Value);
            var name = json.RootElement.GetProperty("Name").GetString();
            var state = json.RootElement.GetProperty("State").GetProperty("Status").GetString();
            return $$"""{"Id":"{{pair.Key}}","Names":["{{name}}"],"State":"{{state}}","Labels":null}""";
        });
        return "[" + string.Join(',', lines) + "]";
    }

    private async Task StreamEventsAsync(NetworkStream stream)
    {
        var events = Channel.CreateUnbounded<string>();
        lock (_gate)
        {
            foreach (var past in _events)
            {
                events.Writer.TryWrite(past);
            }

            _streams.Add(events.Writer);
        }

        await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        await foreach (var text in events.Reader.ReadAllAsync())
        {
            var length = Encoding.UTF8.GetByteCount(text);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{length:x}\r\n{text}\r\n"));
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
    }
}

/// <summary>What a fake engine writes, byte for byte, once its gate opens.</summary>
internal sealed record FakeAnswer(string Text, bool KeepsConnection, Task Gate)
{
    public static FakeAnswer Ok(string body) => Of(200, body);

    public static FakeAnswer Of(int status, string body) => new(
        $"HTTP/1.1 {status} Said\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}",
        KeepsConnection: true,
        Task.CompletedTask);

    /// <summary>An answer whose connection breaks in the middle of its body.</summary>
    public static FakeAnswer Cut(string body)
    {
        var whole = Ok(body).Text;
        return new FakeAnswer(whole[..^(body.Length / 2)], KeepsConnection: false, Task.CompletedTask);
    }

    /// <summary>Bytes that need not be HTTP.</summary>
    public static FakeAnswer Raw(string text) => new(text, KeepsConnection: false, Task.CompletedTask);

    /// <summary>The same answer, once a test lets it go.</summary>
    public FakeAnswer After(Task gate) => this with { Gate = gate };
}
