using System.Diagnostics;
using LogPilot.Load.Processes;

namespace LogPilot.Load.Sources;

/// <summary>
/// The named pipes through which a container is told what to write to its standard streams. They lie in a directory that it shares.
/// </summary>
/// <param name="directory">The directory on the host.</param>
internal sealed class Feed(string directory)
{
    /// <summary>Where the container has the directory.</summary>
    public const string Destination = "/feed";

    /// <summary>Makes the pipes and copies both streams to their end.</summary>
    public const string Script =
        $"cd {Destination}; /bin/busybox mkfifo stdout stderr; /bin/busybox cat stderr >&2 & /bin/busybox cat stdout; wait";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    public string Directory => directory;

    /// <summary>Returns when the container reads from the pipe.</summary>
    public FileStream OpenOutput() => Open("stdout");

    /// <inheritdoc cref="OpenOutput"/>
    public FileStream OpenError() => Open("stderr");

    private FileStream Open(string name)
    {
        var path = Path.Combine(directory, name);
        var started = Stopwatch.GetTimestamp();
        while (!File.Exists(path))
        {
            if (Stopwatch.GetElapsedTime(started) > StartDeadline)
            {
                throw new LoadException($"The container did not create {path}.");
            }

            Thread.Sleep(10);
        }

        return new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }
}
