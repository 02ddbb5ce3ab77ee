using System.Diagnostics;

namespace LogPilot.Aot.Tests.Support;

/// <summary>A server that a test has started, known by its process id, with its output in a file.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _logFile;

    private ChildProcess(Process process, string logFile)
    {
        _process = process;
        _logFile = logFile;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>
    /// The output goes to a file, appended to, and not through a pipe: grandchildren that outlive their parent would hold the pipe's end open.
    /// </summary>
    public static ChildProcess Start(string logFile, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        string[] words = ["-c", "log=$0; exec \"$@\" >>\"$log\" 2>&1", logFile, program, .. arguments];
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        RunningChildren.Add(process);
        return new ChildProcess(process, logFile);
    }

    public string Log => File.Exists(_logFile) ? File.ReadAllText(_logFile) : "";

    /// <summary>The end of the log, for a message.</summary>
    public string LogTail => string.Join('\n', Log.Split('\n').TakeLast(15));

    public void Send(Signal signal)
    {
        if (!_process.HasExited)
        {
            Signals.Send(_process.Id, signal);
        }
    }

    /// <summary>SIGTERM, then SIGKILL for who does not listen.</summary>
    public async Task StopAsync()
    {
        Send(Signal.Terminate);
        if (!await Eventually.TryAsync(() => Task.FromResult(_process.HasExited), StopDeadline))
        {
            await KillAsync();
        }
    }

    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await Eventually.TryAsync(() => Task.FromResult(_process.HasExited), StopDeadline);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        RunningChildren.Remove(_process);
        _process.Dispose();
    }
}
