using System.Net;
using System.Net.Sockets;

namespace LogPilot.Aot.Tests.Support;

/// <summary>Ports on loopback that nobody listens on.</summary>
internal static class LoopbackPort
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
