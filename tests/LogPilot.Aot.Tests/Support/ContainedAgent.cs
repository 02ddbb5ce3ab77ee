namespace LogPilot.Aot.Tests.Support;

/// <summary>The agent in a container of its image, with the mounts and the environment of log-pilot's DaemonSet and nothing else.</summary>
internal sealed class ContainedAgent : IDisposable
{
    /// <summary>Where the DaemonSet mounts the root of the host.</summary>
    public const string HostRoot = "/host";

    /// <summary>What log-pilot's manifest grants.</summary>
    public static readonly string[] AsLogPilot = ["--cap-add", "SYS_ADMIN"];

    /// <summary>What the agent's own manifest grants.</summary>
    public static readonly string[] Restricted =
        ["--read-only", "--cap-drop", "ALL", "--cap-add", "DAC_READ_SEARCH", "--security-opt", "no-new-privileges"];

    private readonly DockerEngine _engine;
    private readonly string _id;

    private ContainedAgent(DockerEngine engine, string id)
    {
        _engine = engine;
        _id = id;
    }

    /// <param name="stateDirectory">The directory of the host that the agent finds as <c>/var/lib/filebeat</c>.</param>
    public static ContainedAgent Start(Scenario scenario, AgentImage image, string stateDirectory, string[] rights)
    {
        string[] arguments =
        [
            "run", "--detach", "--network", "host", .. rights,
            "--volume", $"{scenario.Engine.SocketPath}:/var/run/docker.sock",
            "--volume", $"/:{HostRoot}:ro",
            "--volume", $"{stateDirectory}:/var/lib/filebeat",
            "--volume", $"{scenario.Scratch.CreateDirectory("log")}:/var/log/filebeat",
            "--volume", "/etc/localtime:/etc/localtime:ro",
            "--env", "NODE_NAME=node-1",
            "--env", "LOGGING_OUTPUT=elasticsearch",
            "--env", $"ELASTICSEARCH_HOSTS={scenario.Server.Address.Authority}",
            "--env", "ELASTICSEARCH_USER=elastic",
            "--env", "ELASTICSEARCH_PASSWORD=a:password",
            image.Name,
        ];
        var started = scenario.Engine.RunClient(arguments);
        Assert.True(started.ExitCode == 0, started.Everything);
        return new ContainedAgent(scenario.Engine, started.Output.Trim());
    }

    public string Log => _engine.RunClient("logs", _id).Everything;

    /// <summary>What the kubelet does to probe the agent, or a user to ask it.</summary>
    public CommandResult Execute(params string[] command) => _engine.RunClient(["exec", _id, .. command]);

    /// <summary>SIGTERM and the wait for the end; the exit code.</summary>
    public int Stop()
    {
        _engine.RunClient("stop", "--time", "30", _id);
        return int.Parse(_engine.RunClient("inspect", "--format", "{{.State.ExitCode}}", _id).Output, null);
    }

    public void Dispose()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"The contained agent logged:\n{Log}");
        _engine.RunClient("rm", "--force", "--volumes", _id);
    }
}
