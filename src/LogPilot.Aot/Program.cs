using System.Collections;
using System.Reflection;
using LogPilot.Aot;
using LogPilot.Aot.Commands;
using LogPilot.Aot.Options;
using Microsoft.Extensions.Logging;

if (!CommandLine.TryParse(Environment.GetCommandLineArgs()[0], args, out var commandLine, out var error))
{
    Console.Error.WriteLine($"logpilot: {error}");
    return ExitCode.WrongConfiguration;
}

switch (commandLine.Command)
{
    case CommandKind.Help:
        HelpText.WriteTo(Console.Out);
        return ExitCode.Done;
    case CommandKind.Version:
        Console.Out.WriteLine($"logpilot {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}");
        return ExitCode.Done;
}

var environment = ReadEnvironment();
var paths = new WellKnownPaths();
if (commandLine.Command is CommandKind.Healthz or CommandKind.Status)
{
    var tracking = OptionsReader.ReadTracking(environment, paths, out var trackingErrors);
    return tracking is null ? Refuse(trackingErrors)
        : commandLine.Command == CommandKind.Healthz ? HealthzCommand.Run(tracking, Console.Out, Console.Error)
        : StatusCommand.Run(tracking, commandLine.Json, commandLine.Watch, Console.Out, Console.Error);
}

var outcome = OptionsReader.Read(environment, paths, commandLine.HostRoot);
if (!outcome.IsValid)
{
    return Refuse(outcome.Errors);
}

using var logs = AgentLog.Create(outcome.Options);
OptionsLog.Write(logs.CreateLogger("LogPilot.Options"), outcome);
return commandLine.Command switch
{
    CommandKind.Check => await CheckCommand.RunAsync(outcome.Options, commandLine.Json, Console.Out, Console.Error),
    CommandKind.Resend => await ResendCommand.RunAsync(outcome.Options, logs, Console.Out, Console.Error),
    _ => await RunCommand.RunAsync(outcome.Options, logs),
};

// Every error, so that one start is enough to mend them all.
static int Refuse(IReadOnlyList<string> errors)
{
    foreach (var text in errors)
    {
        Console.Error.WriteLine($"logpilot: {text}");
    }

    return ExitCode.WrongConfiguration;
}

static Dictionary<string, string> ReadEnvironment()
{
    var environment = new Dictionary<string, string>(StringComparer.Ordinal);
    foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
    {
        environment[(string)entry.Key] = (string?)entry.Value ?? "";
    }

    return environment;
}
