using System.Text;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>The requests of the Container Runtime Interface that the agent makes, as protobuf messages.</summary>
internal static class CriRequest
{
    /// <summary>The ids of runtimes have 64 characters; this many have a length of one byte.</summary>
    public const int IdBytesMax = 127;

    /// <summary><c>VersionRequest</c>, <c>ListContainersRequest</c> without a filter.</summary>
    public static byte[] Empty { get; } = [];

    /// <summary><c>ContainerStatusRequest { string container_id = 1; bool verbose = 2; }</c></summary>
    public static byte[] ContainerStatus(string id)
    {
        const byte containerId = (1 << 3) | 2, verbose = 2 << 3;
        var text = Encoding.UTF8.GetBytes(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, IdBytesMax);
        return [containerId, (byte)text.Length, .. text, verbose, 1];
    }
}
