namespace LogPilot.Aot.Tests.Support;

/// <summary>The stage of one test on a node of Kubernetes: containerd, an empty server, agents, and the deletion of the pods.</summary>
internal sealed class PodScenario : AgentStage
{
    private readonly List<Pod> _pods = [];

    private PodScenario(Containerd containerd, RealElasticsearch server)
        : base(server)
    {
        Containerd = containerd;
        AgentEnvironment["LOGPILOT_RUNTIMES"] = "containerd";
        AgentEnvironment["CONTAINER_RUNTIME_ENDPOINT"] = containerd.Endpoint;
    }

    public Containerd Containerd { get; }

    public static async Task<PodScenario> StartAsync(TestMachine machine)
    {
        _ = AgentProcess.Executable();
        return new PodScenario(await machine.ContainerdAsync(), await machine.EmptyServerAsync(TestMachine.NewestServer));
    }

    /// <summary>Runs a pod without containers.</summary>
    public async Task<Pod> RunPodAsync(string name = "pod-0")
    {
        var pod = await Pod.RunAsync(Containerd, name);
        _pods.Add(pod);
        return pod;
    }

    /// <summary>Runs a pod with one container.</summary>
    public async Task<(Pod Pod, PodContainer Container)> RunAsync(PodContainerRequest request)
    {
        var pod = await RunPodAsync();
        return (pod, await pod.RunAsync(request));
    }

    protected override async Task RemoveContainersAsync()
    {
        await Containerd.EnsureRunningAsync();
        foreach (var pod in _pods)
        {
            await pod.DeleteAsync();
        }
    }
}
