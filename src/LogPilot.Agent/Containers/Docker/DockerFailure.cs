using System.Net;
using System.Text.Json;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Docker;

/// <summary>Says why the Docker Engine could not be asked, and what to do.</summary>
internal static class DockerFailure
{
    /// <summary>The engine answered, but with a refusal.</summary>
    public static RuntimeException Rejected(Uri host, string call, HttpStatusCode status, string said) => new(
        RuntimeFault.Rejected,
        $"The Docker Engine at {Address(host)} refused {call} with status {(int)status}: "
            + $"{(said.Length == 0 ? "no reason given" : said)}. Check that DOCKER_HOST names the engine itself, without TLS, "
            + "or a proxy that allows this call.");

    /// <summary>The engine closed its event stream, as it does when it stops.</summary>
    public static RuntimeException StreamEnded(Uri host) => new(
        RuntimeFault.Interrupted,
        $"The Docker Engine at {Address(host)} ended its event stream. "
            + "It is being stopped or restarted; nothing needs to be done if it comes back.");

    /// <summary>
    /// Whether an exception of the HTTP client means that the engine cannot be asked now, rather than a
    /// bug.
    /// </summary>
    public static bool TryFrom(Uri host, Exception exception, out RuntimeException translated)
    {
        translated = RuntimeException.FaultOf(exception, host) is { } fault
            ? new RuntimeException(
                fault, $"The Docker Engine cannot be reached at {Address(host)}: {Explain(fault, host, exception)}", exception)
            : null!;
        return translated is not null;
    }

    /// <summary>
    /// Not <see cref="Uri.ToString"/>, which would show <c>unix:///a</c> but escape what was not escaped.
    /// </summary>
    private static string Address(Uri host) => host.OriginalString;

    private static string Explain(RuntimeFault fault, Uri host, Exception exception) => fault switch
    {
        RuntimeFault.TimedOut => $"{exception.Message} It hangs or is overloaded; look at its log (journalctl -u docker).",
        RuntimeFault.NotARuntime when exception is JsonException =>
            $"the answer is not what an engine says ({exception.Message}) Check that DOCKER_HOST names a Docker Engine.",
        RuntimeFault.NotARuntime => "what listens there does not speak HTTP. Check that DOCKER_HOST names a Docker Engine.",
        RuntimeFault.NoSocket => "there is no such socket. Start Docker (systemctl start docker), "
            + "mount the socket if the agent runs in a container "
            + $"(-v {host.LocalPath}:{host.LocalPath}), or set DOCKER_HOST.",
        RuntimeFault.AccessDenied => "permission denied. Run the agent as root, or in the group that owns the socket.",
        RuntimeFault.Refused when host.Scheme == "unix" =>
            "nobody listens on the socket. Start Docker (systemctl start docker); if it runs, the socket was made anew "
                + "after it was mounted here: restart the agent's container, or mount the socket's directory instead.",
        RuntimeFault.Refused => "nobody listens there. Start Docker, let it listen on that address, or correct DOCKER_HOST.",
        RuntimeFault.Unreachable => $"{(exception.InnerException ?? exception).Message}. Check DOCKER_HOST and the network.",
        _ => $"the connection broke ({exception.Message}) "
            + "The engine may be stopping or restarting; nothing needs to be done if it comes back.",
    };
}
