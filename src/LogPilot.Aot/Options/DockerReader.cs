using System.Globalization;
using LogPilot.Agent.Containers.Docker;

namespace LogPilot.Aot.Options;

/// <summary>Reads how the Docker Engine is reached.</summary>
internal static class DockerReader
{
    /// <summary>The port that Docker reserves for its API without TLS.</summary>
    private const int DefaultPort = 2375;

    public static DockerOptions Read(VariableReader reader)
    {
        CheckRuntimes(reader);
        if (reader.Flag("DOCKER_TLS_VERIFY"))
        {
            reader.Reject("DOCKER_TLS_VERIFY", reader.Text("DOCKER_TLS_VERIFY")!,
                "asks for TLS to the Docker Engine, which is not supported yet; remove it and use the socket unix:///var/run/docker.sock");
        }

        var options = new DockerOptions { ReconcileInterval = reader.Duration("LOGPILOT_RECONCILE_INTERVAL") };
        return options with
        {
            Host = ReadHost(reader) ?? options.Host,
            ApiVersionMax = ReadApiVersion(reader),
        };
    }

    private static Uri? ReadHost(VariableReader reader)
    {
        if (reader.Text("DOCKER_HOST") is not { } text)
        {
            return null;
        }

        const StringComparison ignoreCase = StringComparison.OrdinalIgnoreCase;
        if (text.StartsWith("unix:///", ignoreCase) && text.Length > "unix:///".Length
            && Uri.TryCreate(text, UriKind.Absolute, out var socket))
        {
            return socket;
        }

        if (text.StartsWith("tcp://", ignoreCase) && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Host.Length > 0 && address.AbsolutePath is "" or "/" && address.UserInfo.Length == 0)
        {
            return address.Port > 0 ? address : new UriBuilder(address) { Port = DefaultPort }.Uri;
        }

        var known = text.StartsWith("unix:", ignoreCase) || text.StartsWith("tcp:", ignoreCase);
        reader.Reject("DOCKER_HOST", HostAddress.WithoutCredentials(text), known
            ? "is incomplete; write unix:///var/run/docker.sock or tcp://host:2375"
            : "has a scheme that is not supported; use unix:///var/run/docker.sock or tcp://host:2375");
        return null;
    }

    private static Version? ReadApiVersion(VariableReader reader)
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

    private static void CheckRuntimes(VariableReader reader)
    {
        if (reader.Text("LOGPILOT_RUNTIMES") is not { } list)
        {
            return;
        }

        foreach (var runtime in list.Split(',', StringSplitOptions.TrimEntries))
        {
            var known = runtime.ToLowerInvariant() is "cri" or "containerd" or "crio" or "cri-o" or "podman";
            if (!runtime.Equals("docker", StringComparison.OrdinalIgnoreCase))
            {
                reader.Reject("LOGPILOT_RUNTIMES", runtime, known
                    ? "is not supported yet; use docker"
                    : "is no container runtime; use docker");
            }
        }
    }
}
