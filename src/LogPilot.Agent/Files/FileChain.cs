namespace LogPilot.Agent.Files;

/// <summary>The open files to which one log was written, one after the other, and what is known of the others.</summary>
/// <param name="followedSince">What was written later was written while the log was being followed.</param>
/// <param name="time">Tells how long a file was not seen.</param>
internal sealed class FileChain(DateTimeOffset followedSince, TimeProvider time)
{
    private const long AnySize = -1;

    // A rotation renames one file after the other, so a scan beside it may see a file under neither of its names. It takes
    // milliseconds; a file that is not seen for longer is gone.
    private static readonly TimeSpan UnseenMax = TimeSpan.FromSeconds(10);

    private readonly List<TailedFile> _files = [];
    private readonly Dictionary<FileIdentity, long> _passedOver = [];
    private readonly Dictionary<FileIdentity, UInt128?> _awaiting = [];
    private readonly Dictionary<FileIdentity, long> _unseenSince = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<TailedFile> Files => _files;

    /// <summary>Whether files that may be copies wait for the end of those they were made from.</summary>
    public bool HasAwaiting => _awaiting.Count > 0;

    public DateTimeOffset FollowedSince => followedSince;

    /// <summary>The last full scan that saw a name of it.</summary>
    public int SeenInScan { get; set; }

    public TailedFile? After(TailedFile file) => At(_files.IndexOf(file) + 1);

    public TailedFile? Before(TailedFile file) => At(_files.IndexOf(file) - 1);

    /// <summary>Whether a newer file has taken its place.</summary>
    /// <remarks>A number counts as an age only beside the file that is written now: <c>worker.1</c> may be a name.</remarks>
    public bool IsRotated(TailedFile file) =>
        !file.IsMatch || file.Rotation.IsCompressed
        || (file.Rotation.IsNumbered ? _files.Exists(one => one.Rotation.IsLive) : !file.Rotation.IsLive && After(file) is not null);

    /// <summary>The file at the start of which a line goes on that is open at the end of this one; null if there is none.</summary>
    /// <remarks>
    /// The engine cuts records so, and copytruncate lines: they go on in the next copy of the same file, or in that file itself. A program
    /// that opens a new file begins a new line.
    /// </remarks>
    public TailedFile? NextOf(TailedFile file) => file.MayGoOn && After(file) is { } next
        && (file.Source.IsOfRuntime || IsOf(file.Reader.CutFrom!.Value, next))
            ? next
            : null;

    /// <summary>
    /// Takes the order from a scan. Files that it did not see have lost their names; they stay behind those that they followed, and behind
    /// copies of what they held before.
    /// </summary>
    public void Arrange(IReadOnlyList<TailedFile> found)
    {
        var arranged = found.ToList();
        for (var i = 0; i < _files.Count; i++)
        {
            if (!found.Contains(_files[i]))
            {
                var file = _files[i];
                arranged.Insert(Math.Max(LastCopyOf(file, arranged), i == 0 ? -1 : arranged.IndexOf(_files[i - 1])) + 1, file);
            }
        }

        _files.Clear();
        _files.AddRange(arranged);
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

    /// <summary>Whatever becomes of it, it is not read.</summary>
    public void PassOverForever(FileIdentity identity) => _passedOver[identity] = AnySize;

    public bool IsPassedOver(FoundFile file) =>
        _passedOver.TryGetValue(file.Identity, out var size) && (size == file.Stat.Size || size == AnySize);

    /// <summary>It may be a copy, which shows when the file is cut or gone that it may have been made from.</summary>
    /// <param name="original">The key of that file's checkpoint, if it is known.</param>
    public void Await(FileIdentity copy, UInt128? original) => _awaiting[copy] = original ?? OriginalOf(copy);

    public void AwaitNoMore(FileIdentity copy) => _awaiting.Remove(copy);

    /// <summary>The key of the file that a waiting copy may have been made from.</summary>
    public UInt128? OriginalOf(FileIdentity copy) => _awaiting.GetValueOrDefault(copy);

    /// <summary>Forgets the files that scans have not seen for a while.</summary>
    /// <returns>Those among them that there was nothing to read in.</returns>
    public List<FileIdentity> Keep(IReadOnlyList<FoundFile> seen)
    {
        List<FileIdentity> gone = [];
        if (_passedOver.Count == 0 && _awaiting.Count == 0)
        {
            return gone;
        }

        var identities = seen.Select(one => one.Identity).ToHashSet();
        foreach (var one in _passedOver.Keys.Union(_awaiting.Keys).ToList())
        {
            if (IsGone(one, identities))
            {
                _unseenSince.Remove(one);
                _awaiting.Remove(one);
                if (_passedOver.Remove(one))
                {
                    gone.Add(one);
                }
            }
        }

        return gone;
    }

    private bool IsGone(FileIdentity one, HashSet<FileIdentity> seen)
    {
        if (seen.Contains(one))
        {
            _unseenSince.Remove(one);
            return false;
        }

        return !_unseenSince.TryAdd(one, time.GetTimestamp()) && time.GetElapsedTime(_unseenSince[one]) >= UnseenMax;
    }

    // A copy has the mark of its original, too.
    private static int LastCopyOf(TailedFile file, List<TailedFile> files) => file.Reader.CutFrom is null
        ? files.FindLastIndex(one => one.Reader.CutFrom is > 0 and var mark && mark == file.Reader.Mark)
        : -1;

    // A checkpoint from before the mark was kept has none.
    private static bool IsOf(uint mark, TailedFile next) =>
        mark == 0 || (next.Reader.CutFrom ?? next.Reader.Mark) is var other && (other == 0 || other == mark);

    private TailedFile? At(int index) => index >= 0 && index < _files.Count ? _files[index] : null;
}
