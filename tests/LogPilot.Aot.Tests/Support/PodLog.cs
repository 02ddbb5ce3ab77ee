using System.Globalization;
using System.IO.Compression;

namespace LogPilot.Aot.Tests.Support;

/// <summary>
/// The log of a container as kubelet rotates it: <c>0.log</c> becomes <c>0.log.YYYYMMDD-HHMMSS</c> by rename, and what was rotated
/// before becomes <c>0.log.YYYYMMDD-HHMMSS.gz</c>. The time is that of the node's zone.
/// </summary>
internal sealed class PodLog(string path, Func<Task> reopen)
{
    private const string CompressedSuffix = ".gz";

    private DateTime _rotated = DateTime.Now - TimeSpan.FromDays(1);

    /// <summary>The rotated files, the oldest first; the compressed ones among them.</summary>
    public IReadOnlyList<string> Rotated => Files().Where(file => file.Length > path.Length).ToList();

    /// <summary>What was logged so far, from the oldest file that is left to the newest.</summary>
    public IReadOnlyList<string> ReadAllLines() => Rotated.Append(path).SelectMany(ReadLines).ToList();

    /// <summary>The lines of the log or of a file rotated from it.</summary>
    public static IReadOnlyList<string> ReadLines(string file)
    {
        var content = File.OpenRead(file);
        using Stream plain = file.EndsWith(CompressedSuffix, StringComparison.Ordinal)
            ? new GZipStream(content, CompressionMode.Decompress)
            : content;
        using var reader = new StreamReader(plain);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>
    /// One round of kubelet's: what is too much is removed, what was rotated before is compressed, the log is renamed, and the runtime
    /// opens a new one. The oldest go before the newest is renamed, so that <paramref name="filesMax"/> counts the new log, too; it is
    /// 5 unless a node is told otherwise.
    /// </summary>
    /// <param name="compresses">Kubelet does; a node's own rotation may leave files as they are.</param>
    public async Task RotateAsync(int filesMax = 5, bool compresses = true)
    {
        var rotated = Rotated;
        foreach (var old in rotated.Take(rotated.Count - (filesMax - 2)))
        {
            File.Delete(old);
        }

        foreach (var name in Rotated.Where(name => compresses && !name.EndsWith(CompressedSuffix, StringComparison.Ordinal)))
        {
            Compress(name);
        }

        Rename();
        await reopen();
    }

    /// <summary>The rename alone: the runtime writes on in the renamed file, and there is no log until it opens a new one.</summary>
    public void Rename() => File.Move(path, $"{path}.{NextTime().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}");

    public Task ReopenAsync() => reopen();

    /// <summary>Removes the log and everything rotated from it.</summary>
    public void Remove()
    {
        foreach (var file in Files())
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// Kubelet looks every ten seconds, so that no two names are equal. Tests rotate faster: each name is a second after the one before,
    /// from yesterday on, so that none is of the future.
    /// </summary>
    private DateTime NextTime() => _rotated += TimeSpan.FromSeconds(1);

    /// <summary>Not by pattern: <c>0.log.*</c> matches <c>0.log</c> itself, too.</summary>
    private List<string> Files()
    {
        var directory = Path.GetDirectoryName(path)!;
        return !Directory.Exists(directory) ? [] : Directory.EnumerateFiles(directory)
            .Where(file => file.StartsWith(path, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
    }

    private static void Compress(string name)
    {
        var unfinished = name + ".tmp";
        using (var compressed = new GZipStream(File.Create(unfinished), CompressionLevel.Optimal))
        using (var plain = File.OpenRead(name))
        {
            plain.CopyTo(compressed);
        }

        File.Move(unfinished, name + CompressedSuffix);
        File.Delete(name);
    }
}
