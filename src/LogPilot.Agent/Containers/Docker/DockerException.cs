using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>Why the engine could not be asked.</summary>
internal enum DockerFault
{
    NoSocket,
    AccessDenied,
    Refused,
    Unreachable,
    TimedOut,
    NotDocker,
    Rejected,
    Interrupted,
}

/// <summary>The engine could not be asked; the message names the address, the cause and the fix.</summary>
internal sealed class DockerException : Exception
{
    private DockerException(DockerFault fault, string message, Exception? inner)
        : base(message, inner) => Fault = fault;

    public DockerFault Fault { get; }

    /// <summary>The engine answered, but with a refusal.</summary>
    public static DockerException Rejected(Uri host, string call, HttpStatusCode status, string said) => new(
        DockerFault.Rejected,
        $"The Docker Engine at {Address(host)} refused {call} with status {(int)status}: "
            + $"{(said.Length == 0 ? "no reason given" : said)}. Check that DOCKER_HOST names the engine itself, without TLS, "
            + "or a proxy that allows this call.",
        inner: null);

    /// <summary>The engine closed its event stream, as it does when it stops.</summary>
    public static DockerException StreamEnded(Uri host) => new(
        DockerFault.Interrupted,
        $"The Docker Engine at {Address(host)} ended its event stream. "
            + "It is being stopped or restarted; nothing needs to be done if it comes back.",
        inner: null);

    /// <summary>
    /// Whether an exception of the HTTP client means that the engine cannot be asked now, rather than a
    /// bug.
    /// </summary>
    public static bool TryFrom(Uri host, Exception exception, out DockerException translated)
    {
        var explained = Explain(host, exception);
        translated = explained is var (fault, text)
            ? new DockerException(fault, $"The Docker Engine cannot be reached at {Address(host)}: {text}", exception)
            : null!;
        return explained is not null;
    }

    /// <summary>
    /// Not <see cref="Uri.ToString"/>, which would show <c>unix:///a</c> but escape what was not escaped.
    /// </summary>
    private static string Address(Uri host) => host.OriginalString;

    private static (DockerFault Fault, string Text)? Explain(Uri host, Exception exception) => exception switch
    {
        TimeoutException => (DockerFault.TimedOut,
            $"{exception.Message} It hangs or is overloaded; look at its log (journalctl -u docker)."),
        JsonException => (DockerFault.NotDocker,
            $"the answer is not what an engine says ({exception.Message}) Check that DOCKER_HOST names a Docker Engine."),
        HttpRequestException { InnerException: SocketException socket } => Explain(host, socket),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => (DockerFault.NotDocker,
            "what listens there does not speak HTTP. Check that DOCKER_HOST names a Docker Engine."),
        SocketException socket => Explain(host, socket),
        HttpRequestException or IOException => (DockerFault.Interrupted,
            $"the connection broke ({exception.Message}) "
                + "The engine may be stopping or restarting; nothing needs to be done if it comes back."),
        _ => null,
    };

    private static (DockerFault Fault, string Text) Explain(Uri host, SocketException exception)
    {
        var unix = host.Scheme == "unix";
        return exception.SocketErrorCode switch
        {
            // What .NET makes of ENOENT.
            SocketError.AddressNotAvailable when unix => (DockerFault.NoSocket,
                "there is no such socket. Start Docker (systemctl start docker), "
                    + "mount the socket if the agent runs in a container "
                    + $"(-v {host.LocalPath}:{host.LocalPath}), or set DOCKER_HOST."),
            SocketError.AccessDenied => (DockerFault.AccessDenied,
                "permission denied. Run the agent as root, or in the group that owns the socket."),
            SocketError.ConnectionRefused when unix => (DockerFault.Refused,
                "nobody listens on the socket. Start Docker (systemctl start docker); if it runs, the socket was made anew "
                    + "after it was mounted here: restart the agent's container, or mount the socket's directory instead."),
            SocketError.ConnectionRefused => (DockerFault.Refused,
                "nobody listens there. Start Docker, let it listen on that address, or correct DOCKER_HOST."),
            _ => (DockerFault.Unreachable, $"{exception.Message}. Check DOCKER_HOST and the network."),
        };
    }
}
