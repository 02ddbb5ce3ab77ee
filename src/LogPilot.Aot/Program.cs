using System.Collections;
using System.Reflection;
using LogPilot.Aot;
using LogPilot.Aot.Options;
using Microsoft.Extensions.Logging;

const int wrongConfiguration = 2;

if (!CommandLine.TryParse(Environment.GetCommandLineArgs()[0], args, out var commandLine, out var error))
{
    Console.Error.WriteLine($"logpilot: {error}");
    return wrongConfiguration;
}

switch (commandLine.Command)
{
    case CommandKind.Help:
        HelpText.WriteTo(Console.Out);
        return 0;
    case CommandKind.Version:
        Console.Out.WriteLine($"logpilot {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}");
        return 0;
}

var outcome = OptionsReader.Read(ReadEnvironment(), new WellKnownPaths(), commandLine.HostRoot);
foreach (var text in outcome.Errors)
{
    Console.Error.WriteLine($"logpilot: {text}");
}

if (!outcome.IsValid)
{
    return wrongConfiguration;
}

using var log = AgentLog.Create(outcome.Options);
OptionsLog.Write(log.CreateLogger("LogPilot.Aot.Options"), outcome);
return 0;

static Dictionary<string, string> ReadEnvironment()
{
    var environment = new Dictionary<string, string>(StringComparer.Ordinal);
    foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
    {
        environment[(string)entry.Key] = (string?)entry.Value ?? "";
    }

    return environment;
}
