namespace LogPilot.Agent.Files;

/// <summary>The open files to which one log was written, one after the other, and what is known of the others.</summary>
internal sealed class FileChain
{
    private readonly List<TailedFile> _files = [];
    private readonly Dictionary<FileIdentity, long> _passedOver = [];
    private readonly HashSet<FileIdentity> _awaiting = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<TailedFile> Files => _files;

    /// <summary>Whether files that may be copies wait for the end of those they were made from.</summary>
    public bool HasAwaiting => _awaiting.Count > 0;

    /// <summary>The last full scan that saw a name of it.</summary>
    public int SeenInScan { get; set; }

    public TailedFile? After(TailedFile file) => At(_files.IndexOf(file) + 1);

    public TailedFile? Before(TailedFile file) => At(_files.IndexOf(file) - 1);

    /// <summary>Whether a newer file has taken its place.</summary>
    /// <remarks>A number counts as an age only beside the file that is written now: <c>worker.1</c> may be a name.</remarks>
    public bool IsRotated(TailedFile file) =>
        file.Rotation.IsCompressed
        || (file.Rotation.IsNumbered ? _files.Exists(one => one.Rotation.IsLive) : !file.Rotation.IsLive && After(file) is not null);

    /// <summary>Takes the order from a scan. Files that it did not see have lost their names, so they are older than all it saw.</summary>
    public void Arrange(IReadOnlyList<TailedFile> found)
    {
        _files.RemoveAll(found.Contains);
        _files.AddRange(found);
    }

    /// <summary>A file has joined the chain: those before the newest are read up to their end before those behind them.</summary>
    public void ReadInOrder()
    {
        foreach (var file in _files.SkipLast(1))
        {
            file.HasBacklog = true;
        }
    }

    public void Remove(TailedFile file) => _files.Remove(file);

    /// <summary>There is nothing to read in the file for as long as it has its size.</summary>
    public void PassOver(FoundFile file) => _passedOver[file.Identity] = file.Stat.Size;

    /// <summary>Everything in the file is delivered, and nobody writes to it.</summary>
    public void PassOver(TailedFile file, long sizeOnDisk) => _passedOver[file.Identity] = sizeOnDisk;

    public bool IsPassedOver(FoundFile file) =>
        _passedOver.TryGetValue(file.Identity, out var size) && size == file.Stat.Size;

    /// <summary>It may be a copy, which shows when the file is cut or gone that it may have been made from.</summary>
    public void Await(FileIdentity copy, bool waits)
    {
        if (waits)
        {
            _awaiting.Add(copy);
        }
        else
        {
            _awaiting.Remove(copy);
        }
    }

    public bool IsAwaiting(FileIdentity copy) => _awaiting.Contains(copy);

    /// <summary>Forgets the files that a scan has not seen.</summary>
    /// <returns>Those among them that there was nothing to read in.</returns>
    public List<FileIdentity> Keep(IReadOnlyList<FoundFile> seen)
    {
        if (_passedOver.Count == 0 && _awaiting.Count == 0)
        {
            return [];
        }

        var identities = seen.Select(one => one.Identity).ToHashSet();
        _awaiting.IntersectWith(identities);
        var gone = _passedOver.Keys.Where(one => !identities.Contains(one)).ToList();
        gone.ForEach(one => _passedOver.Remove(one));
        return gone;
    }

    private TailedFile? At(int index) => index >= 0 && index < _files.Count ? _files[index] : null;
}
