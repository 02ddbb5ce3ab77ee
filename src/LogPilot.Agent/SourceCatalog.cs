using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using Microsoft.Extensions.Logging;

namespace LogPilot.Agent;

/// <summary>Turns what the runtimes tell of containers into sources to read. Called from the watches of the runtimes.</summary>
internal sealed class SourceCatalog(AgentOptions options, Action<Action<Tailer>> post, ILogger log) : IContainerObserver
{
    private readonly DeclarationReader _declarations = new(options.Declarations);
    private readonly Dictionary<string, KnownContainer> _containers = [];

    /// <summary>Adds the logs that the agent's own environment declares.</summary>
    public void AddHost()
    {
        var declared = _declarations.ReadHost(options.HostEnv);
        Report("the agent's own environment", declared);
        foreach (var log in declared.Logs)
        {
            var source = FileSourceOf(null, log);
            post(tailer => tailer.Add(source));
        }
    }

    public void Seen(ContainerSnapshot container)
    {
        lock (_containers)
        {
            Note(container);
        }
    }

    public void Removed(string containerId)
    {
        lock (_containers)
        {
            if (_containers.Remove(containerId, out var known))
            {
                ForEach(known, (tailer, source) => tailer.Remove(source));
            }
        }
    }

    private void Note(ContainerSnapshot container)
    {
        if (_containers.TryGetValue(container.Id, out var known))
        {
            Update(known, container);
            return;
        }

        known = new KnownContainer(container, Sources(container));
        _containers.Add(container.Id, known);
        foreach (var source in known.Sources)
        {
            post(tailer => tailer.Add(source));
        }

        if (container.State == ContainerState.Ended)
        {
            ForEach(known, (tailer, source) => tailer.End(source));
        }
    }

    private void Update(KnownContainer known, ContainerSnapshot container)
    {
        var before = known.Snapshot;
        known.Snapshot = container;
        if (before.Name != container.Name)
        {
            ForEach(known, (tailer, source) => tailer.Rename(source, container));
        }

        if (before.State != ContainerState.Ended && container.State == ContainerState.Ended)
        {
            ForEach(known, (tailer, source) => tailer.End(source));
        }
        else if (before.State == ContainerState.Ended && container.State != ContainerState.Ended)
        {
            ForEach(known, (tailer, source) => tailer.Resume(source));
        }
    }

    private void ForEach(KnownContainer known, Action<Tailer, FileSource> change)
    {
        foreach (var source in known.Sources)
        {
            post(tailer => change(tailer, source));
        }
    }

    private List<FileSource> Sources(ContainerSnapshot container)
    {
        // What the agent writes about a line must not become a line itself.
        if (options.Declarations.DefaultIndex is not null && OwnContainer.Is(container))
        {
            return [];
        }

        var declared = _declarations.Read(container);
        Report($"container {container.Name}", declared);
        var sources = new List<FileSource>();
        foreach (var declaration in declared.Logs)
        {
            if (declaration.Path is not null)
            {
                sources.Add(FileSourceOf(container, declaration));
            }
            else if (FileSource.StdoutLayoutOf(container) is { } layout)
            {
                sources.Add(StdoutSourceOf(container, declaration, layout));
            }
            else
            {
                log.DriverHasNoFile(container.Name, declaration.Name, container.LogDriver);
            }
        }

        return sources;
    }

    private static FileSource FileSourceOf(ContainerSnapshot? container, LogDeclaration declaration) => new()
    {
        Container = container,
        Declaration = declaration,
        Layout = FileLayout.Raw,
        Pattern = new FilePattern(declaration.Path!.Root, declaration.Path.Pattern),
    };

    // Rotated logs stand beside the current one, as ID-json.log.1 or 0.log.20261124-120000.
    private static FileSource StdoutSourceOf(ContainerSnapshot container, LogDeclaration declaration, FileLayout layout) => new()
    {
        Container = container,
        Declaration = declaration,
        Layout = layout,
        Pattern = new FilePattern(
            Path.GetDirectoryName(container.LogPath)!, Wildcard.Escape(Path.GetFileName(container.LogPath)) + "*"),
    };

    private void Report(string owner, DeclarationSet declared)
    {
        foreach (var error in declared.Errors)
        {
            log.DeclarationRejected(owner, error.Text, error.Fix);
        }

        foreach (var notice in declared.Notices)
        {
            log.DeclarationNotice(owner, notice);
        }
    }

    private sealed class KnownContainer(ContainerSnapshot snapshot, IReadOnlyList<FileSource> sources)
    {
        public ContainerSnapshot Snapshot { get; set; } = snapshot;

        public IReadOnlyList<FileSource> Sources { get; } = sources;
    }
}
