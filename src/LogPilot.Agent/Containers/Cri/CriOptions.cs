using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>How a runtime is reached and watched that kubelet drives by the Container Runtime Interface: containerd, CRI-O.</summary>
internal sealed record CriOptions : RuntimeOptions
{
    /// <summary>containerd's own default.</summary>
    public override Uri Host { get; init; } = new("unix:///run/containerd/containerd.sock");
}
