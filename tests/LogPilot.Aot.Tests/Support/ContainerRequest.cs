using Docker.DotNet.Models;

namespace LogPilot.Aot.Tests.Support;

/// <summary>What a test container declares and does.</summary>
internal sealed record ContainerRequest
{
    /// <summary>Run by the image's <c>sh -c</c>.</summary>
    public required string Script { get; init; }

    /// <summary>A name of its own where null.</summary>
    public string? Name { get; init; }

    /// <summary><c>KEY=VALUE</c> each.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary><c>SOURCE:DESTINATION</c> each; a source without a slash is a volume, created when missing.</summary>
    public IReadOnlyList<string> Binds { get; init; } = [];

    /// <summary>Removed by the engine at its end, together with its log, as by <c>docker run --rm</c>.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Options of the json-file driver, such as <c>max-size</c>.</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = new Dictionary<string, string>();

    public CreateContainerParameters ToParameters() => new()
    {
        Image = BusyboxImage.Name,
        Name = Name ?? $"test-{Guid.NewGuid():N}"[..17],
        Cmd = ["sh", "-c", Script],
        Env = [.. Env],
        Labels = new Dictionary<string, string>(Labels),
        // A shell as the first process of a container ignores SIGTERM, and each stop would wait its ten seconds.
        StopSignal = "SIGKILL",
        HostConfig = new HostConfig
        {
            AutoRemove = AutoRemove,
            Binds = [.. Binds],
            // There is no bridge, so that the engine needs neither iptables nor a name for its interface.
            NetworkMode = "none",
            LogConfig = new LogConfig { Type = "json-file", Config = new Dictionary<string, string>(LogOptions) },
        },
    };
}
