using System.Collections;

namespace LogPilot.Agent.Files;

/// <summary>The files that were rotated away or lost their names, and when each of them may be let go.</summary>
internal sealed class EndingFiles(TimeProvider time) : IReadOnlyList<TailedFile>
{
    // A program that was told to reopen its log may go on with the old one for a while. First its last line counts as one, even
    // without a newline; much later the file is let go.
    private static readonly TimeSpan LastLineGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LetGoGrace = TimeSpan.FromSeconds(60);

    private readonly List<TailedFile> _files = [];

    public int Count => _files.Count;

    public TailedFile this[int index] => _files[index];

    /// <summary>The graces count from now, and anew from each growth.</summary>
    public void Add(TailedFile file)
    {
        if (!_files.Contains(file))
        {
            file.GrownAt = time.GetTimestamp();
            _files.Add(file);
        }
    }

    public void Remove(TailedFile file) => _files.Remove(file);

    /// <summary>Forgets those that were found again under the name of a file that is written now.</summary>
    public void RemoveFound() => _files.RemoveAll(file => !IsEnding(file));

    /// <summary>Whether what a file holds is all that it will hold, so that a last line without a newline is a line.</summary>
    public bool IsFinal(TailedFile file) =>
        file.Source.Ended || IsEndingFor(file, LastLineGrace) || (file.Content.IsFinal && !file.Source.IsOfRuntime);

    /// <summary>Whether a file has nothing to read any more and will not have.</summary>
    public bool IsOver(TailedFile file) => IsDrained(file)
        && (file.Source.Ended || file.Content.IsFinal || IsEndingFor(file, LetGoGrace)

            // The Docker Engine never writes again to a file that it has rotated away. Behind the CRI the new file may come first.
            || (file.Source.Layout == FileLayout.JsonFile && file.Chain.After(file) is not null));

    /// <summary>Nothing is to be read in it, nor may an older file that is read again need it for the rest of a line.</summary>
    public static bool IsDrained(TailedFile file) =>
        (file.Chain.Before(file) is not { } before || file.Chain.NextOf(before) != file)
        && file.UnreadSince == 0 && file.RestsUntil == 0 && file.Reader.Position >= file.Size && !file.Reader.HasOpenLine
        && file.Reader.IsSettled;

    public IEnumerator<TailedFile> GetEnumerator() => _files.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsEnding(TailedFile file) => file.Orphaned || file.Chain.IsRotated(file);

    private bool IsEndingFor(TailedFile file, TimeSpan grace) =>
        IsEnding(file) && time.GetElapsedTime(file.GrownAt) >= grace;
}
