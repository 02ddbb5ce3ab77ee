using System.Diagnostics;

namespace LogPilot.Aot.Tests.Support;

/// <summary>What a command that ran to its end has left.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string Everything => Output + Error;
}

/// <summary>Short programs of the system, run to their end.</summary>
internal static class Command
{
    /// <summary>Long enough to fetch an image.</summary>
    private static readonly TimeSpan LongDeadline = TimeSpan.FromMinutes(5);

    /// <summary>Exit code -1 stands for a program that is not installed.</summary>
    public static CommandResult Run(string program, params string[] arguments)
    {
        var path = Path.IsPathRooted(program) ? program : InstalledPrograms.Find(program);
        return path is null
            ? new CommandResult(-1, "", $"{program} is not installed")
            : Run(new ProcessStartInfo(path, arguments), LongDeadline);
    }

    public static CommandResult Run(ProcessStartInfo start, TimeSpan deadline)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(deadline))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {deadline.TotalSeconds} s.");
        }

        return new CommandResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
