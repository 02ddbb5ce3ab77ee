using System.IO.Enumeration;
using LogPilot.Linux;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LogPilot.Agent.Files;

/// <summary>
/// Opens what lies below the root of a pattern, and nothing else: the root is resolved inside the host's root directory, the rest inside
/// that root, so that neither <c>..</c> nor a symbolic link in a container's volume leads to a file of the host.
/// </summary>
internal sealed class HostTree(string hostRoot, ILogger log) : IDisposable
{
    private const int RefusedPathsMax = 10_000;

    private readonly SafeFileHandle _hostRoot = LinuxFile.OpenRoot(hostRoot);
    private readonly string _hostRootPath = hostRoot.TrimEnd('/');
    private readonly HashSet<string> _refusedPaths = [];

    /// <returns>Null if it is not there, or may not be opened; the latter is said once.</returns>
    public SafeFileHandle? OpenDirectory(DirectoryInterest interest)
    {
        using var root = OpenRoot(interest.Source);
        return root is null
            ? null
            : LinuxFile.TryOpenInRoot(root, Below(interest.Path, "."), OpenKind.Directory, out var errno)
                ?? Refuse(PathOf(interest, ""), errno);
    }

    /// <summary>Opens a regular file; devices, FIFOs and sockets are refused.</summary>
    /// <returns>Null if it is not there, is no regular file, or may not be opened; the latter two are said once.</returns>
    public SafeFileHandle? OpenFile(DirectoryInterest interest, string name, out FileStat stat)
    {
        stat = default;
        using var root = OpenRoot(interest.Source);
        var path = PathOf(interest, name);
        var file = root is null
            ? null
            : LinuxFile.TryOpenInRoot(root, Below(interest.Path, name), OpenKind.Read, out var errno) ?? Refuse(path, errno);
        if (file is null)
        {
            return null;
        }

        try
        {
            stat = LinuxFile.Stat(file);
            if (stat.Kind == FileKind.Regular)
            {
                return file;
            }

            if (stat.Kind == FileKind.Other && IsNews(path))
            {
                log.NotARegularFile(path, interest.Source.OwnerName);
            }
        }
        catch (LinuxException failure)
        {
            // A file system that fails for one container must not stop the others.
            Refuse(path, failure.Errno);
        }

        file.Dispose();
        return null;
    }

    public bool Has(DirectoryInterest interest, string name)
    {
        using var directory = OpenDirectory(interest);
        return directory is not null && LinuxFile.TryStatEntry(directory, name, out _);
    }

    /// <summary>The path as the agent sees it, host root included.</summary>
    public string PathOf(DirectoryInterest interest, string name) =>
        $"{_hostRootPath}{interest.Source.Pattern.Root.TrimEnd('/')}/{Below(interest.Path, name)}";

    public static string Below(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";

    public static List<string> List(SafeFileHandle directory)
    {
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true };
        try
        {
            return [.. new FileSystemEnumerable<string>(
                LinuxFile.PathOf(directory), (ref entry) => entry.FileName.ToString(), options)];
        }
        catch (IOException)
        {
            // The directory went away while it was listed: it has no names.
            return [];
        }
    }

    public void Dispose() => _hostRoot.Dispose();

    private SafeFileHandle? OpenRoot(FileSource source) =>
        LinuxFile.TryOpenInRoot(_hostRoot, source.Pattern.Root, OpenKind.Root, out var errno)
            ?? Refuse(_hostRootPath + source.Pattern.Root, errno);

    private SafeFileHandle? Refuse(string path, Errno errno)
    {
        // What is not there yet, or no longer, is no failure; nor is a file where a pattern wants a directory.
        if (errno is not (Errno.ENOENT or Errno.ENOTDIR) && IsNews(path))
        {
            log.CannotOpen(path, errno);
        }

        return null;
    }

    // Each path is named once; a container that makes ever new ones cannot fill the memory with them.
    private bool IsNews(string path)
    {
        if (_refusedPaths.Count >= RefusedPathsMax)
        {
            _refusedPaths.Clear();
        }

        return _refusedPaths.Add(path);
    }
}
