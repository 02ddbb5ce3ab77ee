namespace LogPilot.Agent.Tests.Support;

/// <summary>
/// A disk that loses its power: of each sector or page of one file it may then hold any version that was written since the
/// file was last forced to it, whatever it holds of the next one; and words of two, if it was written while a program stored.
/// </summary>
internal sealed class CutDisk(Random random)
{
    private const int SectorBytes = 512;
    private const int PageBytes = 4096;
    private const int WordBytes = 8;

    // Before the first version the file does not exist.
    private readonly List<byte[]> _versions = [[]];

    /// <summary>The file as a process sees it now.</summary>
    public void Write(byte[] content) => _versions.Add(content);

    /// <summary>The file was forced to disk as it is now.</summary>
    public void Sync(byte[] content)
    {
        _versions.Clear();
        _versions.Add(content);
    }

    /// <summary>What the disk holds, if the power goes now.</summary>
    public byte[] Cut()
    {
        var unitBytes = random.Next(2) == 0 ? SectorBytes : PageBytes;
        var isTorn = random.Next(2) == 0;
        var image = new byte[Any().Length];
        for (var start = 0; start < image.Length; start += unitBytes)
        {
            var unit = image.AsSpan(start, Math.Min(unitBytes, image.Length - start));
            Copy(Any(), start, unit);
            if (isTorn)
            {
                Mix(Any(), start, unit);
            }
        }

        return image;
    }

    private byte[] Any() => _versions[random.Next(_versions.Count)];

    private void Mix(byte[] version, int start, Span<byte> unit)
    {
        for (var word = 0; word + WordBytes <= unit.Length; word += WordBytes)
        {
            if (random.Next(2) == 0)
            {
                Copy(version, start + word, unit.Slice(word, WordBytes));
            }
        }
    }

    // Where a version was shorter the space is there, and empty.
    private static void Copy(byte[] version, int start, Span<byte> target)
    {
        target.Clear();
        if (start < version.Length)
        {
            version.AsSpan(start, Math.Min(target.Length, version.Length - start)).CopyTo(target);
        }
    }
}
