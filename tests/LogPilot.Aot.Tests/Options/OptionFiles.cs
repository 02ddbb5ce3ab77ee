using LogPilot.Agent;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Aot.Options;

namespace LogPilot.Aot.Tests.Options;

/// <summary>A directory of its own for one test, which stands for every path that the configuration knows by itself.</summary>
internal sealed class OptionFiles : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("logpilot-options-");

    public WellKnownPaths Paths => new()
    {
        MountedHostRoot = PathOf("host"),
        StateDirectory = PathOf("state"),
        FilebeatStateDirectory = PathOf("filebeat"),
        CredentialFile = PathOf("es_credential"),
        DockerSockets = [PathOf("docker.sock")],
        ContainerdSockets = [PathOf("containerd.sock"), PathOf("link-to-containerd.sock")],
        K3sSockets = [PathOf("k3s.sock")],
        CrioSockets = [PathOf("crio.sock")],
    };

    public string PathOf(string name) => Path.Combine(_root.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public string CreateDirectory(string name) => _root.CreateSubdirectory(name).FullName;

    public OptionsOutcome Read(params (string Name, string Value)[] variables) =>
        OptionsReader.Read(variables.ToDictionary(item => item.Name, item => item.Value), Paths);

    /// <summary>The configuration of a valid environment; the errors of one that should be valid fail the test.</summary>
    public AgentOptions ReadValid(params (string Name, string Value)[] variables)
    {
        var outcome = Read(variables);
        Assert.Empty(outcome.Errors);
        return outcome.Options!;
    }

    /// <summary>The Docker Engine of an environment that names no other runtime.</summary>
    public DockerOptions ReadDocker(params (string Name, string Value)[] variables) =>
        Assert.IsType<DockerOptions>(Assert.Single(ReadValid(variables).Runtimes));

    /// <summary>The one error of an environment.</summary>
    public string ReadError(params (string Name, string Value)[] variables)
    {
        var outcome = Read(variables);
        Assert.Null(outcome.Options);
        return Assert.Single(outcome.Errors);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
