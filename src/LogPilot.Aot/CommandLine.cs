using System.Diagnostics.CodeAnalysis;

namespace LogPilot.Aot;

/// <summary>What the caller asked the executable to do.</summary>
internal sealed record CommandLine(CommandKind Command)
{
    /// <summary>Write JSON instead of text.</summary>
    public bool Json { get; init; }

    /// <summary>Show the status again and again.</summary>
    public bool Watch { get; init; }

    /// <summary>The host root, as log-pilot's entry script passes it with <c>-base</c>; null if it is not given.</summary>
    public string? HostRoot { get; init; }

    /// <summary>Reads the arguments; false with a message for what is not understood.</summary>
    /// <param name="invokedAs">The path or name the process was started by: links named <c>healthz</c> and <c>pilot</c> are commands.</param>
    /// <param name="arguments">The arguments behind it.</param>
    /// <param name="commandLine">What was asked for.</param>
    /// <param name="error">What was not understood and what to write instead.</param>
    public static bool TryParse(
        string invokedAs,
        IReadOnlyList<string> arguments,
        [NotNullWhen(true)] out CommandLine? commandLine,
        [NotNullWhen(false)] out string? error)
    {
        error = null;
        commandLine = new CommandLine(CommandKind.Run);
        var first = 0;
        if (Path.GetFileName(invokedAs) == "healthz")
        {
            commandLine = new CommandLine(CommandKind.Healthz);
        }
        else if (arguments.Count > 0 && ParseCommand(arguments[0]) is { } command)
        {
            commandLine = new CommandLine(command);
            first = 1;
        }
        else if (arguments.Count > 0 && !arguments[0].StartsWith('-'))
        {
            error = $"unknown command '{arguments[0]}'; try logpilot --help";
        }

        for (var i = first; error is null && i < arguments.Count; i++)
        {
            error = commandLine.ReadFlag(arguments, ref i, out commandLine);
        }

        return error is null;
    }

    private string? ReadFlag(IReadOnlyList<string> arguments, ref int i, out CommandLine next)
    {
        next = this;
        var argument = arguments[i];
        switch (argument)
        {
            case "--help" or "-h":
                next = new CommandLine(CommandKind.Help);
                return null;
            case "--json" when Command is CommandKind.Status or CommandKind.Check:
                next = this with { Json = true };
                return null;
            case "--watch" when Command is CommandKind.Status:
                next = this with { Watch = true };
                return null;
            default:
                return Command is CommandKind.Run && IsPilotFlag(argument, out var name, out var value)
                    ? ReadPilotFlag(arguments, name, value, ref i, out next)
                    : $"unknown argument '{argument}' of {Command.ToString().ToLowerInvariant()}; try logpilot --help";
        }
    }

    // log-pilot's entry script passes -template, -base and -log-level. Its debug level is not taken over: the script passes it always.
    private string? ReadPilotFlag(
        IReadOnlyList<string> arguments, string name, string? value, ref int i, out CommandLine next)
    {
        next = this;
        if (value is null && ++i == arguments.Count)
        {
            return $"the argument -{name} needs a value; try logpilot --help";
        }

        value ??= arguments[i];
        if (name == "base" && value.Length > 0)
        {
            next = this with { HostRoot = value };
        }

        return null;
    }

    // Go's flag package takes one dash or two, and the value behind a '=' or as the next argument.
    private static bool IsPilotFlag(string argument, out string name, out string? value)
    {
        var equals = argument.IndexOf('=');
        value = equals < 0 ? null : argument[(equals + 1)..];
        var flag = equals < 0 ? argument : argument[..equals];
        name = flag.StartsWith("--", StringComparison.Ordinal) ? flag[2..] : flag.StartsWith('-') ? flag[1..] : "";
        return name is "template" or "base" or "log-level";
    }

    private static CommandKind? ParseCommand(string argument) => argument switch
    {
        "run" => CommandKind.Run,
        "healthz" => CommandKind.Healthz,
        "status" => CommandKind.Status,
        "check" => CommandKind.Check,
        "resend" => CommandKind.Resend,
        "version" or "--version" => CommandKind.Version,
        "help" => CommandKind.Help,
        _ => null,
    };
}

/// <summary>The commands of the executable.</summary>
internal enum CommandKind
{
    Run,
    Healthz,
    Status,
    Check,
    Resend,
    Version,
    Help,
}
