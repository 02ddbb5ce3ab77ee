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
internal sealed class ChainOpener(TailOptions options, IFileReaders readers, Action<TailedFile> opened, ILogger log)
{
    /// <summary>Opens what is to be read of a chain and is not open yet.</summary>
    /// <returns>The files that are open, with the names that lead to them.</returns>
    public IReadOnlyList<(string Name, TailedFile File)> Open(FoundChain found, FileChain chain, TailedSource source)
    {
        var gone = chain.Keep(found.Files);
        var scan = new Scan(found, chain, source);
        var places = found.Files.DistinctBy(one => one.Identity).Select(one => new Place(one)).ToList();
        foreach (var place in places)
        {
            Recognise(place, scan);
        }

        foreach (var place in places.Where(place => !place.IsFollowed && !place.Found.Rotation.IsLive))
        {
            Compare(place, scan);
        }

        if (found.Source.Layout == FileLayout.JsonFile)
        {
            // The engine deletes the oldest ones, and no copy has taken their places. Files of programs may have been moved.
            gone.ForEach(one => readers.Forget(found.Source, one));
        }

        var followedFrom = FollowedFrom(places, scan);
        for (var i = 0; i < places.Count; i++)
        {
            if (!places[i].IsFollowed && !places[i].Waits)
            {
                Judge(places[i], isFollowed: i >= followedFrom, scan);
            }
        }

        var files = places.Select(place => place.File).OfType<TailedFile>().ToList();
        chain.Arrange(files);
        return [.. found.Files.Join(files, one => one.Identity, file => file.Identity, (one, file) => (one.Name, file))];
    }

    // By its identity.
    private void Recognise(Place place, in Scan scan)
    {
        var one = place.Found;
        if (scan.Source.Files.TryGetValue(one.Identity, out var open))
        {
            open.Rotation = one.Rotation;
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
            place.File = Make(one, scan) is { } file ? Start(file, scan) : null;
        }
    }

    // By its content.
    private void Compare(Place place, in Scan scan)
    {
        var one = place.Found;
        place.Waits = one.Rotation.IsCompressed && HasOriginal(one, scan.Found);
        if (place.Waits || scan.Chain.IsPassedOver(one) || !IsReadable(one) || Make(one, scan) is not { } file)
        {
            return;
        }

        var outcome = readers.TryTakePlace(file, scan.Found.Directory, scan.Chain.IsAwaiting(one.Identity));
        place.IsFollowed = outcome == CopyOutcome.Taken;
        place.Waits = outcome == CopyOutcome.Waits;
        scan.Chain.Await(one.Identity, place.Waits);
        if (place.IsFollowed)
        {
            place.File = Start(file, scan);
        }
        else
        {
            file.Dispose();
        }
    }

    // As something new.
    private void Judge(Place place, bool isFollowed, in Scan scan)
    {
        var one = place.Found;
        if (scan.Chain.IsPassedOver(one))
        {
            return;
        }

        var source = scan.Found.Source;
        var isWanted = isFollowed || source.Layout == FileLayout.JsonFile || (one.IsMatch && !one.Rotation.IsCompressed);
        if (isWanted && IsReadable(one))
        {
            place.File = Make(one, scan) is { } file ? Start(file, scan) : null;
            return;
        }

        scan.Chain.PassOver(one);
        if (isWanted)
        {
            log.CannotUnpack(one.Path, source.OwnerName, one.Rotation.Compression);
        }
    }

    /// <summary>The first of the files that were written while their log was being followed.</summary>
    private int FollowedFrom(List<Place> places, in Scan scan)
    {
        // A file that lost its name is older than all that a scan can see.
        var open = places.Select(place => place.File).ToHashSet();
        if (scan.Chain.Files.Any(file => !open.Contains(file)))
        {
            return 0;
        }

        var followed = places.FindIndex(place => place.IsFollowed);
        if (followed >= 0)
        {
            return followed;
        }

        // None is left that an agent has read: what was written to since came behind it.
        return readers.LastRead(scan.Found.Source, scan.Found.Directory) is { } lastRead
            && places.FindIndex(place => place.Found.Stat.ModifyNanoseconds / 1_000_000 >= lastRead.ToUnixTimeMilliseconds()) is >= 0 and var first
            ? first
            : places.Count;
    }

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
            : null;
    }

    private TailedFile? Start(TailedFile file, in Scan scan)
    {
        if (readers.Open(file, scan.Found.Directory) is not { } reader)
        {
            file.Dispose();
            return null;
        }

        file.Reader = reader;
        file.Chain = scan.Chain;
        scan.Source.Files.Add(file.Identity, file);
        log.Opened(file.Path, file.Source.OwnerName, file.Source.Declaration.Name, reader.Position);
        opened(file);
        return file;
    }

    // A compressed file may not be whole while its original is there.
    private static bool HasOriginal(FoundFile one, FoundChain found) =>
        found.Files.Any(other => other.Rotation == one.Rotation with { Compression = "" });

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
