using System.Net.Sockets;
using System.Text.Json;

namespace LogPilot.Agent.Containers.Watch;

/// <summary>Why a runtime could not be asked.</summary>
internal enum RuntimeFault
{
    NoSocket,
    AccessDenied,
    Refused,
    Unreachable,
    TimedOut,

    /// <summary>What answers is something else.</summary>
    NotARuntime,

    /// <summary>It answers, but not to what the agent asks of a runtime.</summary>
    NotServed,

    /// <summary>It answered with a refusal.</summary>
    Rejected,
    Interrupted,
}

/// <summary>A runtime could not be asked; the message names the address, the cause and the fix.</summary>
internal sealed class RuntimeException(RuntimeFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public RuntimeFault Fault => fault;

    /// <summary>What an exception of the HTTP client means, if it means that the runtime cannot be asked now; null for a bug.</summary>
    public static RuntimeFault? FaultOf(Exception exception, Uri host) => exception switch
    {
        TimeoutException => RuntimeFault.TimedOut,
        JsonException or InvalidDataException => RuntimeFault.NotARuntime,
        HttpRequestException { InnerException: SocketException socket } => FaultOf(socket, host),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => RuntimeFault.NotARuntime,
        SocketException { SocketErrorCode: var error } => (error, host.Scheme) switch
        {
            // What .NET makes of ENOENT.
            (SocketError.AddressNotAvailable, "unix") => RuntimeFault.NoSocket,
            (SocketError.AccessDenied, _) => RuntimeFault.AccessDenied,
            (SocketError.ConnectionRefused, _) => RuntimeFault.Refused,
            _ => RuntimeFault.Unreachable,
        },
        HttpRequestException or IOException => RuntimeFault.Interrupted,
        _ => null,
    };
}
