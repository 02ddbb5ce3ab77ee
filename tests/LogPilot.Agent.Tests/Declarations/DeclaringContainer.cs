using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

/// <summary>Builds a container from its labels, env and mounts, and reads its declarations.</summary>
internal sealed class DeclaringContainer
{
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly List<string> _env = [];
    private readonly List<ContainerMount> _mounts = [];

    /// <summary>A property of the log <c>a</c> by label: <c>""</c> for the log itself, <c>.tags</c>, …</summary>
    public static DeclaringContainer OfLogA(string value, params (string Property, string Value)[] properties)
    {
        var container = new DeclaringContainer().Label("aliyun.logs.a", value);
        foreach (var (property, propertyValue) in properties)
        {
            container.Label("aliyun.logs.a." + property, propertyValue);
        }

        return container;
    }

    public DeclaringContainer Label(string key, string value)
    {
        _labels[key] = value;
        return this;
    }

    public DeclaringContainer Env(params string[] entries)
    {
        _env.AddRange(entries);
        return this;
    }

    public DeclaringContainer Mount(string source, string destination, string type = "bind")
    {
        _mounts.Add(new ContainerMount(type, source, destination));
        return this;
    }

    public DeclarationSet Read(DeclarationOptions? options = null)
        => new DeclarationReader(options ?? new DeclarationOptions()).Read(new ContainerSnapshot
        {
            Id = new string('a', 64),
            Name = "app",
            Labels = _labels,
            Env = _env,
            Mounts = _mounts,
        });

    /// <summary>The only log, when nothing else was found.</summary>
    public LogDeclaration ReadLog(DeclarationOptions? options = null)
    {
        var set = Read(options);
        Assert.Empty(set.Errors);
        return Assert.Single(set.Logs);
    }

    /// <summary>The text of the only error, when no log is left.</summary>
    public string ReadError(DeclarationOptions? options = null)
    {
        var set = Read(options);
        Assert.Empty(set.Logs);
        var error = Assert.Single(set.Errors);
        Assert.NotEmpty(error.Fix);
        return error.Text;
    }
}
