using System.Diagnostics;

namespace LogPilot.Load.Processes;

/// <summary>A program that runs until it is stopped or this one ends, and whose words go to a file.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int LogTailLines = 20;

    private readonly Process _process;
    private readonly string _logPath;

    private ChildProcess(Process process, string logPath)
    {
        _process = process;
        _logPath = logPath;
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The end of what it has said.</summary>
    public string LogTail => File.Exists(_logPath) ? string.Join('\n', File.ReadLines(_logPath).TakeLast(LogTailLines)) : "";

    /// <param name="logPath">Appended to by what it writes to its standard output and error.</param>
    /// <param name="environment">All of its environment; null to inherit this process's.</param>
    public static ChildProcess Start(
        string logPath, IReadOnlyDictionary<string, string>? environment, string program, params string[] arguments)
    {
        // The shell only opens the file, and its process becomes the program's.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" </dev/null >>\"$CHILD_LOG\" 2>&1", program, .. arguments]);
        if (environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
        }

        start.Environment["CHILD_LOG"] = logPath;
        return new ChildProcess(Process.Start(start)!, logPath);
    }

    public ProcessUsage Usage() => ProcessUsage.Of(Id);

    /// <summary>SIGTERM, and SIGKILL where that does not help in time; whether it ended by itself with exit code 0.</summary>
    public bool Stop(TimeSpan deadline)
    {
        Signals.SendTerminate(Id);
        if (_process.WaitForExit(deadline))
        {
            return _process.ExitCode == 0;
        }

        Kill();
        return false;
    }

    /// <summary>SIGKILL: the crash.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            Signals.SendKill(Id);
            _process.WaitForExit();
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        Kill();
        _process.Dispose();
    }

    private void KillAtExit(object? sender, EventArgs arguments) => Kill();
}
