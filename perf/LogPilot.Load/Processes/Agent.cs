using System.Diagnostics;

namespace LogPilot.Load.Processes;

/// <summary>How the published executable is run here: with a state directory of its own and a server of the load's.</summary>
internal sealed class Agent
{
    private readonly string _executable;
    private readonly ScratchDirectory _scratch;

    /// <param name="executable">The program.</param>
    /// <param name="scratch">Takes its state and its log.</param>
    /// <param name="server">Where it sends to.</param>
    public Agent(string executable, ScratchDirectory scratch, Uri server)
    {
        _executable = executable;
        _scratch = scratch;
        Environment["LOGGING_OUTPUT"] = "elasticsearch";
        Environment["ELASTICSEARCH_HOSTS"] = server.GetLeftPart(UriPartial.Authority);
        Environment["LOGPILOT_HOST_ROOT"] = "/";
        Environment["LOGPILOT_STATE_DIR"] = scratch.CreateDirectory("state");
        Environment["DOCKER_HOST"] = "unix://" + scratch.PathOf("docker.sock");
    }

    public Dictionary<string, string> Environment { get; } = [];

    public string LogPath => _scratch.PathOf("agent.log");

    /// <summary>What another command of the executable prints, such as <c>status</c>; throws <see cref="LoadException"/> if it fails.</summary>
    public string Say(params string[] arguments)
    {
        var start = new ProcessStartInfo(_executable, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? said
            : throw new LoadException($"{string.Join(' ', arguments)} ended with {process.ExitCode}. It said:\n{said}");
    }

    public ChildProcess Start() => ChildProcess.Start(LogPath, Environment, _executable, "run");
}
