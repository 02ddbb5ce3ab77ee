using System.Diagnostics;

namespace LogPilot.Aot.Tests.Support;

/// <summary>The published executable, running as the agent or as one of its commands, with an environment of the test's choice only.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _log = [];

    private AgentProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The lines of standard output so far: documents, with the console output.</summary>
    public IReadOnlyList<string> Output => Copy(_output);

    /// <summary>The lines of standard error so far: the agent's own log.</summary>
    public IReadOnlyList<string> Log => Copy(_log);

    /// <summary>What runs: LOGPILOT_EXECUTABLE, else the build's result.</summary>
    public static string Executable()
    {
        var given = Environment.GetEnvironmentVariable("LOGPILOT_EXECUTABLE");
        var path = string.IsNullOrEmpty(given) ? Path.Combine(RepositoryRoot.Path, "artifacts", "logpilot") : given;
        Assert.True(File.Exists(path), $"{path} does not exist: run make build.");
        return path;
    }

    public static AgentProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartBy(Executable(), environment, arguments);

    /// <summary>Starts the agent by a script that turns into it.</summary>
    public static AgentProcess StartBy(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = StartInfo(program, environment, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = new Process { StartInfo = start };
        var agent = new AgentProcess(process);
        process.OutputDataReceived += (_, line) => agent.Add(agent._output, line.Data);
        process.ErrorDataReceived += (_, line) => agent.Add(agent._log, line.Data);
        process.Start();
        RunningChildren.Add(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return agent;
    }

    /// <summary>Runs a command such as <c>status --json</c> to its end.</summary>
    public static CommandResult Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Command.Run(StartInfo(Executable(), environment, arguments), StopDeadline);

    /// <summary>Runs the executable by another name, as the links of the image do.</summary>
    public static CommandResult RunLink(string link, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        File.CreateSymbolicLink(link, Executable());
        return Command.Run(StartInfo(link, environment, arguments), StopDeadline);
    }

    /// <summary>Waits for a line of the agent's log with all of the words in it, in any case; the line.</summary>
    public async Task<string> WaitForLogAsync(params string[] words)
    {
        string? found = null;
        await Eventually.TrueAsync(
            () => HasExited || (found = Log.FirstOrDefault(line => words.All(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)))) is not null,
            () => $"The agent logs a line with {string.Join(", ", words)}. It logged:\n{string.Join('\n', Log)}");
        Assert.True(found is not null, $"The agent has ended. It logged:\n{string.Join('\n', Log)}");
        return found;
    }

    /// <summary>SIGTERM, once the agent has said its first word: before that it cannot know what to do with it; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Eventually.TrueAsync(() => HasExited || Log.Count > 0, () => "The agent logs something.");
        Send(Signal.Terminate);
        return await WaitForExitAsync();
    }

    /// <summary>SIGKILL: the crash.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            Assert.Fail($"The agent did not end within {StopDeadline.TotalSeconds} s. It logged:\n{string.Join('\n', Log)}");
        }

        return _process.ExitCode;
    }

    public void Send(Signal signal)
    {
        if (!_process.HasExited)
        {
            Signals.Send(_process.Id, signal);
        }
    }

    /// <summary>Whether the agent has a file open, also one that is deleted by now.</summary>
    public bool HoldsOpen(string path) =>
        Directory.EnumerateFileSystemEntries($"/proc/{Id}/fd")
            .Select(entry => new FileInfo(entry).LinkTarget)
            .Any(target => target is not null && target.StartsWith(path, StringComparison.Ordinal));

    public ProcessStatistics Statistics() => ProcessStatistics.Of(Id);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        RunningChildren.Remove(_process);
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string program, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Add(List<string> lines, string? line)
    {
        if (line is not null)
        {
            lock (_gate)
            {
                lines.Add(line);
            }
        }
    }

    private List<string> Copy(List<string> lines)
    {
        lock (_gate)
        {
            return [.. lines];
        }
    }
}
