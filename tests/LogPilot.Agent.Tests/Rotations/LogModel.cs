using System.Text.RegularExpressions;

namespace LogPilot.Agent.Tests.Rotations;

/// <summary>
/// Knows every line that was written, where it can still be read, and so what has to be stored: each line
/// once, unless it was gone before the agent could read it.
/// </summary>
/// <param name="isMet">Whether an agent that looks meets a file by this name.</param>
internal sealed partial class LogModel(RecordingStore store, bool hasEqualLines, Func<string, bool> isMet)
{
    private readonly List<ExpectedLine> _lines = [];
    private readonly List<LogFile> _files = [];

    public IReadOnlyList<LogFile> Files => _files;

    public ExpectedLine Begin()
    {
        var line = new ExpectedLine();
        _lines.Add(line);
        return line;
    }

    public void Made(LogFile file) => _files.Add(file);

    /// <summary>A file holds a piece of a line.</summary>
    public void Written(LogFile file, Fragment fragment)
    {
        file.Fragments.Add(fragment);

        // What was compressed is shorter than what is read, and no agent that starts later can compare the two.
        file.IsUnlikeItsCopy |= file.IsReplaced && file.IsHeld;
        fragment.Places.Add(file);
        fragment.MayBeLost |= file.IsIgnored;
        Recheck(fragment);
    }

    /// <summary>Names lead elsewhere than before.</summary>
    public void Renamed(LogFile file)
    {
        Recheck(file);
        DoubtCopiesOf(file);
    }

    public void Emptied(LogFile file)
    {
        foreach (var fragment in file.Fragments)
        {
            fragment.Places.Remove(file);

            // Only an agent that knew the file before can know that this line goes on in it.
            fragment.Line.MayBeSplit |= !fragment.Line.IsComplete && !file.IsKnown;
        }

        Recheck(file);
        file.IsRemembered |= file.IsKnown;
        file.IsKnown = false;
        file.Fragments.Clear();
    }

    /// <summary>A file is in another form now, and an agent that was not there has its text only to know it by.</summary>
    public static void Compressed(LogFile file)
    {
        // The end of a line has no time of day, by which it would differ from all others.
        file.IsUnlikeItsCopy = !file.Fragments.Exists(fragment => fragment.Line.Fragments[0] == fragment);
        file.IsReplaced = true;
        if (!file.IsHeld)
        {
            DoubtIsOnce(file);
        }
    }

    /// <summary>The agent has looked: what it met is open, and cannot go away while it runs.</summary>
    /// <param name="hasRead">It has read, too. One that starts finds out then what has become of a file that was cut meanwhile.</param>
    public void Looked(bool hasRead)
    {
        foreach (var file in _files)
        {
            // Copies are opened when it is known what became of their originals.
            file.IsHeld |= !file.IsCompressed && IsReachable(file) && !IsBesideOriginal(file) && (hasRead || file.Original is null);
            file.WasMet |= file.IsHeld;
            file.IsRemembered &= !(file.IsHeld && hasRead);
            file.IsKnown |= file is { IsHeld: true, IsRemembered: false } && file.Fragments.Exists(fragment => fragment.Line.IsComplete);
        }
    }

    public void WentDown()
    {
        foreach (var file in _files)
        {
            file.IsHeld = false;
            DoubtIsOnce(file);
        }

        _files.ForEach(Recheck);
        _files.ForEach(DoubtCopiesOf);
    }

    /// <summary>What is in these files alone need not be read, now or later.</summary>
    /// <param name="isForbidden">It must not.</param>
    public void Ignore(Predicate<LogFile> files, bool isForbidden)
    {
        foreach (var file in _files.FindAll(files))
        {
            file.IsIgnored = true;
        }

        foreach (var fragment in _files.FindAll(files).SelectMany(file => file.Fragments))
        {
            if (fragment.Places.TrueForAll(place => files(place) || !IsReadable(place)))
            {
                fragment.MayBeLost = true;
                fragment.IsForbidden |= isForbidden;
            }
        }
    }

    /// <summary>What is stored and should not be, and the other way round; empty if all is well.</summary>
    public List<string> Check()
    {
        var wrong = new List<string>();
        var expected = new Dictionary<string, (int Min, int Max)>();
        foreach (var line in _lines)
        {
            var isLost = line.Fragments.Exists(fragment => fragment.MayBeLost);
            if (line.Fragments.Count > 1 && (line.MayBeSplit || line.MayBeTwice || line.IsTorn || isLost))
            {
                CheckPieces(line, expected, wrong);
                continue;
            }

            var (min, max) = expected.GetValueOrDefault(line.Text);
            var isForbidden = !line.IsComplete || line.Fragments.Exists(fragment => fragment.IsForbidden);
            expected[line.Text] = (isForbidden || isLost ? min : min + 1, isForbidden ? max : line.MayBeTwice ? max + 2 : max + 1);
        }

        // Where a whole file is gone, nothing tells that what follows does not go on with the record before.
        var altered = store.Counts.Keys.Where(text => !expected.ContainsKey(text)).ToList();
        var torn = _lines.FindAll(line => line.IsTorn || line.MayGoOn).SelectMany(line => line.Fragments).ToList();
        var glued = altered.FindAll(text => torn.Exists(piece => text.StartsWith(piece.Text, StringComparison.Ordinal)));
        var goingOn = _lines.FindAll(line => line.MayGoOn).Select(line => line.Text).ToHashSet();
        foreach (var (text, (min, max)) in expected)
        {
            var count = store.Counts.GetValueOrDefault(text);
            if (count + glued.Count(one => one.EndsWith(text, StringComparison.Ordinal)
                || (goingOn.Contains(text) && one.StartsWith(text, StringComparison.Ordinal))) < min)
            {
                wrong.Add($"missing: {Shown(text)} ({count} of {min})");
            }
            else if (count > max)
            {
                wrong.Add(max == 0
                    ? $"stored, though it is no whole line or is older than the agent: {Shown(text)}"
                    : $"duplicate: {Shown(text)} ({count} for {max})");
            }
        }

        return [.. wrong, .. altered.Except(glued).Select(text => $"altered: {Shown(text)}")];
    }

    // Short enough to read.
    private static string Shown(string text) =>
        Repeated().Replace(text.Replace("\0", "NUL", StringComparison.Ordinal), "$1…");

    // What is left of a line of which a piece may be lost may be stored in one or in several.
    private void CheckPieces(
        ExpectedLine line, Dictionary<string, (int Min, int Max)> expected, List<string> wrong)
    {
        var stored = new int[line.Fragments.Count];
        for (var start = 0; start < stored.Length; start++)
        {
            for (var end = start + 1; end <= stored.Length; end++)
            {
                var text = ExpectedLine.TextOf(line.Fragments[start..end]);
                var count = store.Counts.GetValueOrDefault(text);
                expected.TryAdd(text, (0, int.MaxValue));
                for (var i = start; i < end; i++)
                {
                    stored[i] += count;
                }
            }
        }

        for (var i = 0; i < stored.Length; i++)
        {
            if (stored[i] > 1 && !line.IsTorn && !line.MayBeTwice)
            {
                wrong.Add($"duplicate: {Shown(line.Fragments[i].Text)} of {Shown(line.Text)}");
            }
            else if (stored[i] == 0 && line.IsComplete && !line.Fragments[i].MayBeLost
                && !((line.IsTorn || line.MayGoOn) && store.Holds(line.Fragments[i].Text)))
            {
                wrong.Add($"missing: {Shown(line.Fragments[i].Text)} of {Shown(line.Text)}");
            }
        }
    }

    [GeneratedRegex(@"(NUL|x)\1+")]
    private static partial Regex Repeated();

    // Where the original is gone that an agent never saw cut, a copy may as well be the original under another name.
    private void DoubtCopiesOf(LogFile file)
    {
        if (file.Names.Count == 0 && !file.IsHeld)
        {
            foreach (var copy in _files.FindAll(one => one.Original == file))
            {
                copy.Fragments.ForEach(fragment => fragment.Line.MayBeSplit |= !IsWholeIn(copy, fragment.Line));
            }

            DoubtEndBefore(file);
        }
    }

    // A log that came and went between two looks is nowhere but in its copies: they may as well be later ones of the log before, and then
    // a half line in its last copy goes on in them.
    private void DoubtEndBefore(LogFile file)
    {
        var first = _files.FindIndex(one => one.Original == file);
        var before = first < 0 || file.WasMet ? null : _files[..first].FindLast(one => one is { Original: not null, Fragments.Count: > 0 });
        if (before is { Fragments: [.., var last] } && (last.Line.IsGivenUp || !IsWholeIn(before, last.Line)))
        {
            last.Line.MayGoOn = true;
            last.Line.MayBeSplit = true;
        }
    }

    private static bool IsWholeIn(LogFile file, ExpectedLine line) =>
        line.IsComplete && line.Fragments.TrueForAll(file.Fragments.Contains);

    private static void DoubtIsOnce(LogFile file)
    {
        if (file.IsUnlikeItsCopy)
        {
            file.Fragments.ForEach(fragment => fragment.Line.MayBeTwice = true);
        }
    }

    // Only one of two files with the same text is open: the one that is written.
    private static bool IsBesideOriginal(LogFile file) =>
        file.Original is { IsHeld: true } original && file.Fragments.TrueForAll(original.Fragments.Contains);

    private bool IsReachable(LogFile file) => file.Names.Any(isMet);

    private bool IsReadable(LogFile file) => file.IsHeld || IsReachable(file);

    private void Recheck(LogFile file)
    {
        foreach (var fragment in file.Fragments)
        {
            Recheck(fragment);
        }
    }

    private void Recheck(Fragment fragment)
    {
        if (!fragment.MayBeLost && !fragment.Places.Exists(IsReadable))
        {
            // Which one of equal lines is stored cannot be told.
            fragment.MayBeLost = hasEqualLines || !store.Holds(fragment.Text);
            fragment.Line.IsTorn = true;
        }
    }
}
