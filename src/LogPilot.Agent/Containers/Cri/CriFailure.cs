using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>Says why a runtime behind the Container Runtime Interface could not be asked, and what to do.</summary>
internal static class CriFailure
{
    private const string Variable = "CONTAINER_RUNTIME_ENDPOINT";

    /// <summary>Whether an exception of a call means that the runtime cannot be asked now, rather than a bug.</summary>
    public static bool TryFrom(Uri host, Exception exception, out RuntimeException translated)
    {
        translated = exception is GrpcException refusal
            ? Refused(host, refusal)
            : RuntimeException.FaultOf(exception, host) is { } fault
                ? new RuntimeException(
                    fault, $"The container runtime cannot be reached at {host.OriginalString}: {Explain(fault, host, exception)}", exception)
                : null!;
        return translated is not null;
    }

    private static RuntimeException Refused(Uri host, GrpcException refusal) => refusal.Status switch
    {
        GrpcStatus.Unimplemented => new RuntimeException(
            RuntimeFault.NotServed,
            $"What listens at {host.OriginalString} does not serve CRI v1 ({refusal.Message}). Update containerd to 1.6 or CRI-O to 1.23, and "
                + "remove \"cri\" from disabled_plugins in /etc/containerd/config.toml; if its containers are Docker's, set LOGPILOT_RUNTIMES=docker.",
            refusal),
        GrpcStatus.Unavailable => new RuntimeException(
            RuntimeFault.Interrupted,
            $"The container runtime at {host.OriginalString} is not ready ({refusal.Message}). It may be starting; nothing needs to be done "
                + "if it goes on.",
            refusal),
        _ => new RuntimeException(
            RuntimeFault.Rejected,
            $"The container runtime at {host.OriginalString} refused a call with status {(int)refusal.Status}: {refusal.Message}. Look at its log "
                + "(journalctl -u containerd).",
            refusal),
    };

    private static string Explain(RuntimeFault fault, Uri host, Exception exception) => fault switch
    {
        RuntimeFault.TimedOut => $"{exception.Message} It hangs or is overloaded; look at its log (journalctl -u containerd).",
        RuntimeFault.NotARuntime => $"{exception.Message} Check that {Variable} names the socket of containerd or CRI-O.",
        RuntimeFault.NoSocket => "there is no such socket. Start the runtime (systemctl start containerd), "
            + $"mount the directory of the socket if the agent runs in a container, or set {Variable}.",
        RuntimeFault.AccessDenied => "permission denied. Run the agent as root.",
        RuntimeFault.Refused => "nobody listens on the socket. Start the runtime (systemctl start containerd); if it runs, the socket was made "
            + "anew after it was mounted here: restart the agent's container, or mount the socket's directory instead.",
        RuntimeFault.Unreachable => $"{(exception.InnerException ?? exception).Message}. Check {Variable}.",
        _ => $"the connection broke ({exception.Message}) "
            + "The runtime may be stopping or restarting; nothing needs to be done if it comes back.",
    };
}
