using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>One open file that is being read for one source. Owned by the <see cref="Tailer"/>.</summary>
internal sealed class TailedFile : IDisposable
{
    public TailedFile(FileSource source, FileIdentity identity, string path, FileContent? content = null)
    {
        Source = source;
        Identity = identity;
        Path = path;
        Content = content ?? new FileContent(new SafeFileHandle());
        Rotation = RotatedName.Parse(System.IO.Path.GetFileName(path));
    }

    public FileSource Source { get; }

    public FileIdentity Identity { get; }

    /// <summary>The path by which it was found, host root included: the field <c>source</c>.</summary>
    public string Path { get; }

    /// <inheritdoc cref="FoundFile.MadeAt"/>
    public long MadeAt { get; set; }

    /// <summary>What its present name says, or its last one.</summary>
    public RotatedName Rotation { get; set; }

    /// <summary>The source's pattern matches its present name; otherwise it only follows from the pattern.</summary>
    public bool IsMatch { get; set; }

    /// <summary>The files that its log was written to before and behind it. Set once, directly after it was opened.</summary>
    public FileChain Chain { get; set; } = null!;

    public FileContent Content { get; }

    /// <summary>Set once, directly after it was opened.</summary>
    public IFileReader Reader { get; set; } = null!;

    public CutState CutState { get; private set; }

    /// <summary>What was read from it is not in it any more.</summary>
    public bool IsCut => CutState != CutState.Whole;

    /// <summary>It was rotated away with text that was not read yet, which comes before that of the files behind it.</summary>
    public bool HasBacklog { get; set; }

    /// <summary>The end at which it was quiet when it was read last, while its successor waits for it; -1 before.</summary>
    public long QuietAt { get; set; } = -1;

    /// <summary>What stood in it before its log was followed.</summary>
    public long SkippedBytes { get; set; }

    /// <summary>A line that is open at its end may go on at the start of the next file of its chain.</summary>
    public bool MayGoOn => !IsCutOff && (Source.IsOfRuntime || Reader.CutFrom is not null);

    /// <summary>What followed its last line is known to be gone.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Counts the times that reading was taken back to an earlier position.</summary>
    public uint Epoch { get; set; }

    /// <summary>The size when it was last read; smaller than the position after a truncation.</summary>
    public long Size { get; set; }

    /// <summary>Where the search for the end of the line at the reader's position goes on.</summary>
    public long ScannedTo { get; set; }

    /// <summary>When it last had new bytes, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long GrownAt { get; set; }

    /// <summary>Since when it has had text that is not read, by <see cref="TimeProvider.GetTimestamp"/>; zero if it has none.</summary>
    public long UnreadSince { get; set; }

    /// <summary>It waits in the queue of files to read.</summary>
    public bool Queued { get; set; }

    /// <summary>It waits among the files that are to be read at a time.</summary>
    public bool HasDue { get; set; }

    /// <summary>Not to be read before, by <see cref="TimeProvider.GetTimestamp"/>: the cluster does not take its index.</summary>
    public long RestsUntil { get; set; }

    /// <summary>The directory in which it was found last.</summary>
    public WatchedDirectory? Home { get; set; }

    /// <summary>No name that is looked for leads to it any more: deleted or moved away.</summary>
    public bool Orphaned { get; set; }

    /// <summary>The last scan did not see it, although its chain was there: it has lost its name, or is being renamed.</summary>
    public bool IsUnseen { get; set; }

    /// <summary>As far as anybody has looked.</summary>
    public bool HasNoName => Orphaned || IsUnseen;

    /// <summary>It was let go; a directory may still know it from its last scan.</summary>
    public bool IsClosed => Content.Handle.IsClosed;

    /// <summary>At least so much is known of what became of what it held.</summary>
    public void KnowCut(CutState state) => CutState = state > CutState ? state : CutState;

    /// <summary>It is read from its start, as what it is now.</summary>
    public void StartAnew()
    {
        CutState = CutState.Whole;
        IsCutOff = false;
        ScannedTo = 0;
        Size = 0;
    }

    public void Dispose() => Content.Dispose();
}
