namespace LogPilot.Agent.Files;

/// <summary>The open files of one source, and the chains that they form.</summary>
/// <param name="lastRead">When its log was read last in a directory; null if never.</param>
internal sealed class TailedSource(Func<string, DateTimeOffset?> lastRead, TimeProvider time)
{
    private readonly DateTimeOffset _added = time.GetUtcNow();
    private readonly Dictionary<(string Directory, string Base), FileChain> _chains = [];

    public Dictionary<FileIdentity, TailedFile> Files { get; } = [];

    public FileChain ChainOf(FoundChain found)
    {
        if (!_chains.TryGetValue((found.Directory, found.Base), out var chain))
        {
            _chains.Add((found.Directory, found.Base), chain = new FileChain(lastRead(found.Directory) ?? _added, time));
        }

        return chain;
    }

    public void Remove(TailedFile file)
    {
        Files.Remove(file.Identity);
        file.Chain.Remove(file);
    }

    /// <summary>Forgets chains of which a full scan has seen nothing and no file is open.</summary>
    public void Prune(int scan)
    {
        foreach (var (key, chain) in _chains)
        {
            if (chain.SeenInScan < scan && chain.Files.Count == 0)
            {
                _chains.Remove(key);
            }
        }
    }
}
