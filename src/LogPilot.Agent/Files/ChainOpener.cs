using Microsoft.Extensions.Logging;

namespace LogPilot.Agent.Files;

/// <summary>Decides which files of a chain are read: each text once, under whatever name and in whatever form it is found.</summary>
/// <remarks>
/// <list type="number">
/// <item>A file that is known by its identity goes on where it was left, whatever its name is by now.</item>
/// <item>One with the name of a rotated file may be a copy of a file that was read: compressed, or made before the original was
/// cut. It takes the original's place when that one is gone or cut, and is not read before.</item>
/// <item>Anything else is new. What the pattern matches is read. A rotated file that only follows from the pattern is read if it
/// was written while its log was being followed, so that the past of a log from before the agent stays out. A container's own
/// log is read with all its past.</item>
/// </list>
/// </remarks>
/// <param name="opened">Called for each file that is read from now on.</param>
/// <param name="restart">Called for each file that was cut, when what saved the rest of it has been found or is not there.</param>
internal sealed class ChainOpener(
    TailOptions options, IFileReaders readers, Action<TailedFile> opened, Action<TailedFile> restart, ILogger log)
{
    /// <summary>Opens what is to be read of a chain and is not open yet.</summary>
    /// <returns>The files that are open, with the names that lead to them.</returns>
    public IReadOnlyList<(string Name, TailedFile File)> Open(FoundChain found, FileChain chain, TailedSource source)
    {
        var gone = chain.Keep(found.Files);
        var filesBefore = source.Files.Count;
        var isFirst = chain.Files.Count == 0;
        var scan = new Scan(found, chain, source);
        var places = Newest(found.Files).Select(one => new Place(one)).ToList();
        foreach (var file in chain.Files)
        {
            file.IsUnseen = true;
        }

        foreach (var place in places)
        {
            Recognise(place, scan);
        }

        // The file that is written now comes before those that may be copies of it.
        foreach (var place in places.Where(place => !place.IsFollowed && place.Found.Rotation.IsLive))
        {
            Judge(place, isWanted: true, scan);
        }

        var mayBeCut = places.Select(place => place.File).OfType<TailedFile>().Union(chain.Files).ToList();
        if (places.Exists(IsUnknownRotated))
        {
            // What was written now to a file that was cut is known only when it is read, which may be later.
            NoteCuts(mayBeCut);
            CompareAll(places, scan);

            // A copy makes the scan that its original is cut beside. What was held against it then was a copy of nothing any more.
            if (NoteCuts(mayBeCut))
            {
                CompareAll(places, scan);
            }
        }

        // A copy may have been made since the scan, and then it is seen by the one that looks for it.
        var isLate = mayBeCut.Exists(file => file.CutState == CutState.Cut);
        foreach (var cut in mayBeCut.Where(file => file.CutState > CutState.Cut))
        {
            // Newer ones may be copies of what it holds since.
            restart(cut);
            CompareAll(places, scan);
        }

        if (found.Source.IsOfRuntime)
        {
            // The engine deletes the oldest ones, and no copy has taken their places. Files of programs may have been moved.
            gone.ForEach(one => readers.Forget(found.Source, one));
        }

        var followedFrom = FollowedFrom(places, chain);
        for (var i = 0; i < places.Count; i++)
        {
            // What is older than the log was followed is passed over now: later, a name may be lost that tells so.
            var isWanted = IsWanted(places[i].Found, scan) || i >= followedFrom;
            if (places[i] is { File: null, IsFollowed: false, Waits: false } && !(isLate && isWanted))
            {
                Judge(places[i], isWanted, scan);
            }
        }

        PassOverCopies(places, chain);
        chain.Arrange(FilesOf(places, chain));
        if (!found.Source.IsOfRuntime && source.Files.Count != filesBefore)
        {
            KnowCutCopies(places, scan);
        }

        if (isFirst)
        {
            OpenNeeded(places, scan);
        }

        // A file that has lost its name comes behind all its copies, which are known now.
        chain.Arrange(FilesOf(places, chain));
        var files = places.Select(place => place.File).OfType<TailedFile>();
        return [.. found.Files.Join(files, one => one.Identity, file => file.Identity, (one, file) => (one.Name, file))];
    }

    private static List<TailedFile> FilesOf(List<Place> places, FileChain chain) =>
        [.. places.Select(place => place.File).OfType<TailedFile>().Where(file => file.Chain == chain)];

    // By its identity.
    private void Recognise(Place place, in Scan scan)
    {
        var one = place.Found;
        if (scan.Source.Files.TryGetValue(one.Identity, out var open))
        {
            open.Rotation = one.Rotation;
            open.IsMatch = one.IsMatch;
            open.IsUnseen = false;
            place.File = open;
            place.IsFollowed = true;
            return;
        }

        var trace = readers.TraceOf(scan.Found.Source, one.Identity);
        place.IsFollowed = trace.IsKnown;
        var isDrained = scan.Chain.IsPassedOver(one)
            || (!one.Rotation.IsLive && !one.Rotation.IsCompressed && trace.ResumeFrom == one.Stat.Size);
        if (trace.IsKnown && !isDrained)
        {
            place.File = Make(one, scan) is { } file ? Start(file, one, scan) : null;
        }
    }

    // At a start, a line that is open at the end of a file goes on in the next one, even if all that is in that one is delivered.
    // Later, that one is open still.
    private void OpenNeeded(List<Place> places, in Scan scan)
    {
        TailedFile? before = null;
        foreach (var place in places)
        {
            if (place is { IsFollowed: true, File: null } && before is { MayGoOn: true })
            {
                place.File = Make(place.Found, scan) is { } file ? Start(file, place.Found, scan) : null;
            }

            // What is empty, or may be a copy of a file beside it, holds nothing of the line.
            before = place.File ?? (place.Waits || place.Found.Stat.Size == 0 ? before : null);
        }
    }

    private static bool NoteCuts(List<TailedFile> files)
    {
        var isNew = false;
        foreach (var file in files)
        {
            if (file is { IsCut: false, Rotation.IsLive: true, Reader.BeginsAsRead: false })
            {
                file.KnowCut(CutState.Cut);
                isNew = true;
            }
        }

        return isNew;
    }

    private void CompareAll(List<Place> places, in Scan scan)
    {
        foreach (var place in places)
        {
            if (IsUnknownRotated(place))
            {
                Compare(place, scan);
            }
        }
    }

    // By its content.
    private void Compare(Place place, in Scan scan)
    {
        var one = place.Found;
        if (one.HasOriginal)
        {
            // It may not be whole yet.
            place.Waits = true;
            scan.Chain.Await(one.Identity, original: null);
            return;
        }

        if (scan.Chain.IsPassedOver(one) || !IsReadable(one) || Make(one, scan) is not { } file)
        {
            return;
        }

        var original = scan.Chain.OriginalOf(one.Identity);
        var outcome = readers.TryTakePlace(file, scan.Found.Directory, ref original);
        place.IsFollowed = outcome == CopyOutcome.Taken;
        place.Waits = outcome == CopyOutcome.Waits;
        if (place.Waits)
        {
            scan.Chain.Await(one.Identity, original);
        }
        else
        {
            scan.Chain.AwaitNoMore(one.Identity);
        }

        if (place.IsFollowed && !EndsWhereLeft(file))
        {
            place.File = Start(file, one, scan);
            return;
        }

        file.Dispose();
        if (place.IsFollowed)
        {
            scan.Chain.PassOver(one);
        }
    }

    private bool EndsWhereLeft(TailedFile copy) =>
        copy.Content is GzipContent gzip && gzip.EndsAt(readers.TraceOf(copy.Source, copy.Identity).ResumeFrom);

    // As something new.
    private void Judge(Place place, bool isWanted, in Scan scan)
    {
        var one = place.Found;
        if (scan.Chain.IsPassedOver(one))
        {
            return;
        }

        if (isWanted && IsReadable(one))
        {
            place.File = Make(one, scan) is { } file ? Start(file, one, scan) : null;
            return;
        }

        scan.Chain.PassOver(one);
        if (isWanted)
        {
            log.CannotUnpack(one.Path, scan.Found.Source.OwnerName, one.Rotation.Compression);
        }
        else if (!one.Rotation.IsCompressed)
        {
            Skip(one, scan);
        }
    }

    // Whatever stands before and behind it.
    private static bool IsWanted(FoundFile one, in Scan scan) => scan.Found.Source.IsOfRuntime
        || (one.IsMatch && !one.Rotation.IsCompressed) || one.WasWrittenAfter(scan.Chain.FollowedSince);

    // What comes to it later is of interest, also to the next agent.
    private void Skip(FoundFile one, in Scan scan)
    {
        if (Make(one, scan) is { } file)
        {
            file.SkippedBytes = one.Stat.Size;
            file.Chain = scan.Chain;
            readers.Open(file, scan.Found.Directory)?.Close(gone: false);
            file.Dispose();
        }
    }

    // What came beside a file that is copied and cut is a copy of it; what came before, and behind another such copy, is one like that.
    private void KnowCutCopies(List<Place> places, in Scan scan)
    {
        var live = places.Find(place => place.Found.Rotation.IsLive)?.File;
        uint? mark = null;
        foreach (var place in places)
        {
            // What was read as a file of its own stays one.
            if (place is { IsFollowed: false, File: { Rotation.IsLive: false, Reader.CutFrom: null } file })
            {
                mark = MarkBehind(scan.Chain.Before(file)) ?? mark;
                if (live is not null && file.MadeAt >= live.MadeAt)
                {
                    mark = mark is not null || live.Reader.WasCopied ? live.Reader.Mark : null;
                }

                if (mark is { } known)
                {
                    file.Reader.KnowCutFrom(known);
                }
            }

            mark = place.Waits ? mark
                : place.File is { } open ? open.Reader.CutFrom
                : readers.TraceOf(scan.Found.Source, place.Found.Identity).CutFrom;
        }
    }

    private static uint? MarkBehind(TailedFile? before) =>
        before?.Reader.CutFrom ?? (before is { IsUnseen: true, Reader.WasCopied: true } ? before.Reader.Mark : null);

    // What is newer than a file that is known comes behind it; a file that lost its name is older than all that a scan can see.
    private static int FollowedFrom(List<Place> places, FileChain chain)
    {
        var open = places.Select(place => place.File).ToHashSet();
        var followed = places.FindIndex(place => place.IsFollowed);
        return chain.Files.Any(file => !open.Contains(file)) ? 0
            : followed >= 0 ? followed
            : places.Count;
    }

    private static bool IsUnknownRotated(Place place) =>
        place is { IsFollowed: false, Waits: false } && !place.Found.Rotation.IsLive;

    private TailedFile? Make(FoundFile one, in Scan scan)
    {
        var source = scan.Found.Source;
        if (scan.Source.Files.Count >= options.FilesPerDeclarationMax)
        {
            if (!source.IsCrowded)
            {
                source.IsCrowded = true;
                log.TooManyFiles(source.Declaration.Name, source.OwnerName, options.FilesPerDeclarationMax, one.Path);
            }

            return null;
        }

        return one.TryOpen() is { } handle
            ? new TailedFile(source, one.Identity, one.Path, one.Rotation.IsCompressed ? new GzipContent(handle) : new FileContent(handle))
            {
                MadeAt = one.MadeAt,
            }
            : null;
    }

    private TailedFile? Start(TailedFile file, FoundFile one, in Scan scan)
    {
        file.Chain = scan.Chain;
        if (readers.Open(file, scan.Found.Directory) is not { } reader)
        {
            file.Dispose();
            return null;
        }

        file.Reader = reader;
        file.Size = file.IsCut ? file.Size : file.Content.Measure();

        // Its head was looked at; its turn comes later, and few may be unpacked at a time.
        file.Content.Rest();
        file.IsMatch = one.IsMatch;
        scan.Source.Files.Add(file.Identity, file);
        log.Opened(file.Path, file.Source.OwnerName, file.Source.Declaration.Name, reader.Position);
        opened(file);
        return file;
    }

    // Of two names of one file the one counts under which it is written now.
    private static IEnumerable<FoundFile> Newest(IReadOnlyList<FoundFile> oldestFirst) =>
        oldestFirst.Reverse().DistinctBy(one => one.Identity).Reverse();

    // The file that a compressed one was made from.
    private static FoundFile? OriginalOf(FoundFile one, IEnumerable<FoundFile> found) => one.Rotation.IsCompressed
        ? found.FirstOrDefault(other => other.Rotation == one.Rotation with { Compression = "" })
        : null;

    // What is not read is not read either when it has been compressed.
    private static void PassOverCopies(List<Place> places, FileChain chain)
    {
        foreach (var place in places)
        {
            var original = OriginalOf(place.Found, places.Where(one => !one.IsFollowed).Select(one => one.Found));
            if (original is not null && chain.IsPassedOver(original))
            {
                chain.PassOverForever(place.Found.Identity);
            }
        }
    }

    private static bool IsReadable(FoundFile one) => one.Rotation.Compression is "" or ".gz";

    private readonly record struct Scan(FoundChain Found, FileChain Chain, TailedSource Source);

    /// <summary>A file of a scan, and what was found out about it.</summary>
    private sealed class Place(FoundFile found)
    {
        public FoundFile Found => found;

        public TailedFile? File { get; set; }

        /// <summary>It was read before, under whatever name.</summary>
        public bool IsFollowed { get; set; }

        /// <summary>What it is shows later.</summary>
        public bool Waits { get; set; }
    }
}
