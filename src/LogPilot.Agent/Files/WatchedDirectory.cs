using System.Diagnostics.CodeAnalysis;
using System.Text;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Files;

/// <summary>One directory in which files or further directories are awaited, and the files in it that are being read.</summary>
internal sealed class WatchedDirectory(int structureWatch)
{
    private readonly Dictionary<byte[], List<TailedFile>> _files = new(NameComparer.Instance);

    /// <summary>The number of its watch for names that come and go; negative if the kernel refused one.</summary>
    public int StructureWatch { get; } = structureWatch;

    /// <summary>The number of its watch for files that grow; negative if it has no files of interest or the kernel refused one.</summary>
    public int GrowthWatch { get; set; } = -1;

    public List<DirectoryInterest> Interests { get; } = [];

    public IEnumerable<TailedFile> Files => _files.Values.SelectMany(files => files);

    public bool Wants(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name);
        return Interests.Exists(interest => interest.IsAnyDirectories || interest.Wants(text, out _));
    }

    public bool TryGetFiles(ReadOnlySpan<byte> name, [NotNullWhen(true)] out List<TailedFile>? files) =>
        _files.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out files);

    /// <summary>Replaces what is known of the names with the result of a scan.</summary>
    public void SetFiles(List<(string Name, TailedFile File)> found)
    {
        _files.Clear();
        foreach (var (name, file) in found)
        {
            var key = Encoding.UTF8.GetBytes(name);
            if (!_files.TryGetValue(key, out var files))
            {
                _files.Add(key, files = []);
            }

            files.Add(file);
        }
    }

    /// <summary>Compares names as the kernel gives them, so that an event makes no string.</summary>
    private sealed class NameComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly NameComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] name) => GetHashCode(name.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> name) => name.ToArray();

        public bool Equals(ReadOnlySpan<byte> name, byte[] other) => name.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> name)
        {
            var hash = default(HashCode);
            hash.AddBytes(name);
            return hash.ToHashCode();
        }
    }
}

/// <summary>That a source awaits, in some directory, names that match one part of its pattern.</summary>
/// <param name="Path">The directory below the pattern's root; empty for the root itself.</param>
/// <param name="Part">Index into <see cref="FilePattern.Parts"/>.</param>
/// <param name="Depth">Directories that <c>**</c> has passed already.</param>
internal readonly record struct DirectoryInterest(FileSource Source, string Path, int Part, int Depth)
{
    // Kubelet compresses a log into a file of such a name, and renames it when it is whole.
    private const string UnfinishedCopy = ".tmp";

    public string PatternPart => Source.Pattern.Parts[Part];

    /// <summary>Whether the part matches a name, or the name from which a file was rotated away to this one.</summary>
    public bool Wants(string name, out RotatedName rotation)
    {
        rotation = RotatedName.Parse(name);
        if (Source.IsOfRuntime && name.EndsWith(UnfinishedCopy, StringComparison.Ordinal))
        {
            return false;
        }

        return Wildcard.IsMatch(PatternPart, name) || (IsLast && !rotation.IsLive && Wildcard.IsMatch(PatternPart, rotation.Base));
    }

    public bool IsAnyDirectories => PatternPart == FilePattern.AnyDirectories;

    public bool IsLast => Part == Source.Pattern.Parts.Count - 1;

    /// <summary>Files, and not only further directories, may be found here.</summary>
    public bool MayHoldFiles => IsLast || IsAnyDirectories;
}
