using System.Diagnostics;
using LogPilot.Agent.Containers.Cri;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Aot.Commands;

/// <summary>Makes the client of each kind of runtime.</summary>
internal static class RuntimeClients
{
    /// <exception cref="ArgumentException">The address is none that leads to such a runtime.</exception>
    public static IRuntimeClient Create(RuntimeOptions options) => options switch
    {
        DockerOptions docker => new DockerClient(docker),
        CriOptions cri => new CriClient(cri),
        _ => throw new UnreachableException($"{options.GetType().Name} has no client."),
    };
}
