using LogPilot.Agent.Containers.Cri;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Aot.Options;

/// <summary>Reads which container runtimes are watched, and how they are reached.</summary>
/// <param name="hostRoot">A mount of the host's root directory has the sockets, too.</param>
internal sealed class RuntimesReader(VariableReader reader, WellKnownPaths paths, string hostRoot)
{
    private const string Runtimes = "LOGPILOT_RUNTIMES";
    private const string DockerHost = "DOCKER_HOST";
    private const string CriEndpoint = "CONTAINER_RUNTIME_ENDPOINT";

    /// <summary>The port that Docker reserves for its API without TLS.</summary>
    private const int DefaultPort = 2375;

    private readonly TimeSpan _reconcileInterval = reader.Duration("LOGPILOT_RECONCILE_INTERVAL");

    /// <returns>At least one.</returns>
    public IReadOnlyList<RuntimeOptions> Read()
    {
        var docker = ReadDocker();
        var endpoint = ReadCriEndpoint();
        if (reader.Text(Runtimes) is not { } list)
        {
            return Existing(docker, endpoint);
        }

        var runtimes = new List<RuntimeOptions>();
        foreach (var name in list.Split(',', StringSplitOptions.TrimEntries))
        {
            switch (name.ToLowerInvariant())
            {
                case "docker":
                    runtimes.Add(docker);
                    break;
                case "containerd":
                    runtimes.Add(Cri(endpoint ?? SocketOf([.. paths.ContainerdSockets, .. paths.K3sSockets])));
                    break;
                case "cri-o" or "crio":
                    runtimes.Add(Cri(endpoint ?? SocketOf(paths.CrioSockets)));
                    break;
                case "podman":
                    reader.Reject(Runtimes, name, $"speaks Docker's API; use docker, and set {DockerHost} to its socket");
                    break;
                default:
                    reader.Reject(Runtimes, name, "is no container runtime; use docker, containerd or cri-o");
                    break;
            }
        }

        if (endpoint is not null && !runtimes.Exists(one => one is CriOptions))
        {
            reader.Warnings.Add($"{CriEndpoint} is not used: {Runtimes} names neither containerd nor cri-o");
        }

        return [.. runtimes.Distinct()];
    }

    private List<RuntimeOptions> Existing(DockerOptions docker, Uri? endpoint)
    {
        var runtimes = new List<RuntimeOptions>();
        if (reader.Text(DockerHost) is not null || File.Exists(docker.Host.LocalPath))
        {
            runtimes.Add(docker);
        }

        if (endpoint is not null)
        {
            runtimes.Add(Cri(endpoint));
        }
        else
        {
            // Docker's own containerd is there, too, and does not always serve kubelet.
            IReadOnlyList<string>[] kinds = [paths.ContainerdSockets, paths.K3sSockets, paths.CrioSockets];
            runtimes.AddRange(kinds.Select(Find).OfType<Uri>().Select(socket => Cri(socket) with { IsOptional = true }));
        }

        // What is not there may come.
        return runtimes.Count > 0 ? runtimes : [docker];
    }

    private CriOptions Cri(Uri host) => new() { Host = host, ReconcileInterval = _reconcileInterval };

    private Uri SocketOf(IReadOnlyList<string> places) => Find(places) ?? UriOf(places[0]);

    private Uri? Find(IReadOnlyList<string> places) => places.Select(Find).FirstOrDefault(found => found is not null);

    private Uri? Find(string socket) =>
        File.Exists(socket) ? UriOf(socket)
        : File.Exists(hostRoot.TrimEnd('/') + socket) ? UriOf(hostRoot.TrimEnd('/') + socket)
        : null;

    private static Uri UriOf(string socket) => new($"unix://{socket}");

    private Uri? ReadCriEndpoint()
    {
        if (reader.Text(CriEndpoint) is not { } text)
        {
            return null;
        }

        // A path alone is what crictl takes, too.
        var address = text.StartsWith('/') ? $"unix://{text}" : text;
        if (address.StartsWith("unix:///", StringComparison.OrdinalIgnoreCase) && address.Length > "unix:///".Length
            && Uri.TryCreate(address, UriKind.Absolute, out var socket) && RuntimeHttp.EndPointOf(socket) is not null)
        {
            return socket;
        }

        reader.Reject(CriEndpoint, text, $"is no socket; write it as unix:///run/containerd/containerd.sock, with at most {RuntimeHttp.UnixPathBytesMax} bytes");
        return null;
    }

    private DockerOptions ReadDocker()
    {
        if (reader.Flag("DOCKER_TLS_VERIFY"))
        {
            reader.Reject("DOCKER_TLS_VERIFY", reader.Text("DOCKER_TLS_VERIFY")!,
                "asks for TLS to the Docker Engine, which is not supported yet; remove it and use the socket unix:///var/run/docker.sock");
        }

        var options = new DockerOptions { ReconcileInterval = _reconcileInterval };
        return options with
        {
            Host = ReadDockerHost() ?? SocketOf(paths.DockerSockets),
            ApiVersionMax = ReadDockerApiVersion(),
        };
    }

    private Uri? ReadDockerHost()
    {
        if (reader.Text(DockerHost) is not { } text)
        {
            return null;
        }

        const StringComparison ignoreCase = StringComparison.OrdinalIgnoreCase;
        if (text.StartsWith("unix:///", ignoreCase) && text.Length > "unix:///".Length
            && Uri.TryCreate(text, UriKind.Absolute, out var socket) && RuntimeHttp.EndPointOf(socket) is not null)
        {
            return socket;
        }

        if (text.StartsWith("tcp://", ignoreCase) && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Host.Length > 0 && address.AbsolutePath is "" or "/" && address.UserInfo.Length == 0)
        {
            return address.Port > 0 ? address : new UriBuilder(address) { Port = DefaultPort }.Uri;
        }

        var known = text.StartsWith("unix:", ignoreCase) || text.StartsWith("tcp:", ignoreCase);
        reader.Reject(DockerHost, HostAddress.WithoutCredentials(text), known
            ? "is incomplete; write unix:///var/run/docker.sock or tcp://host:2375"
            : "has a scheme that is not supported; use unix:///var/run/docker.sock or tcp://host:2375");
        return null;
    }

    private Version? ReadDockerApiVersion()
    {
        if (reader.Text("DOCKER_API_VERSION") is not { } text)
        {
            return null;
        }

        var digits = text.TrimStart('v');
        if (digits.Count(character => character == '.') == 1
            && Version.TryParse(digits, out var version) && version is { Major: 1, Minor: > 0 })
        {
            return version;
        }

        reader.Reject("DOCKER_API_VERSION", text, "is not a version of the Docker API; write it as 1.44, or remove it");
        return null;
    }
}
