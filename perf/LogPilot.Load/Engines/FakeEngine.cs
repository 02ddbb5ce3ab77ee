using System.Net.Sockets;
using System.Text;
using LogPilot.Load.Servers;

namespace LogPilot.Load.Engines;

/// <summary>As much of a Docker Engine as the agent sees: containers that run and never change, so that no engine is needed.</summary>
internal sealed class FakeEngine : IDisposable
{
    private readonly HttpServer _http;
    private readonly string _directory;
    private readonly IReadOnlyDictionary<string, FakeContainer> _containers;

    /// <param name="directory">Holds the socket and, as an engine's data directory does, the containers' logs.</param>
    /// <param name="containers">What runs.</param>
    public FakeEngine(string directory, IEnumerable<FakeContainer> containers)
    {
        _directory = directory;
        _containers = containers.ToDictionary(container => container.Id);
        SocketPath = Path.Combine(directory, "docker.sock");
        _http = new HttpServer(new UnixDomainSocketEndPoint(SocketPath), Answer);
    }

    public string SocketPath { get; }

    public void Dispose() => _http.Dispose();

    private bool Answer(HttpConnection connection)
    {
        var path = connection.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is [var version, ..] && version.StartsWith("v1.", StringComparison.Ordinal))
        {
            path = path[1..];
        }

        switch (path)
        {
            case ["version"]:
                return Say(connection, 200, """{"Version":"28.0.0","ApiVersion":"1.48","MinAPIVersion":"1.24"}""");
            case ["info"]:
                return Say(connection, 200, $$"""{"DockerRootDir":"{{_directory}}"}""");
            case ["containers", "json"]:
                return Say(connection, 200, "[" + string.Join(',', _containers.Values.Select(one => one.Listed())) + "]");
            case ["containers", var id, "json"] when _containers.TryGetValue(id, out var container):
                return Say(connection, 200, container.Inspected());
            case ["events"]:
                connection.HoldOpen();
                return false;
            default:
                return Say(connection, 404, """{"message":"there is no such thing"}""");
        }
    }

    private static bool Say(HttpConnection connection, int status, string body)
    {
        connection.Answer(status, Encoding.UTF8.GetBytes(body));
        return true;
    }
}
