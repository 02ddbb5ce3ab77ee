using System.Text.RegularExpressions;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests.Options;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("logpilot", "", CommandKind.Run)]
    [InlineData("/pilot/pilot", "", CommandKind.Run)]
    [InlineData("logpilot", "run", CommandKind.Run)]
    [InlineData("/pilot/healthz", "", CommandKind.Healthz)]
    [InlineData("logpilot", "healthz", CommandKind.Healthz)]
    [InlineData("logpilot", "status", CommandKind.Status)]
    [InlineData("logpilot", "check", CommandKind.Check)]
    [InlineData("logpilot", "resend", CommandKind.Resend)]
    [InlineData("logpilot", "version", CommandKind.Version)]
    [InlineData("logpilot", "--version", CommandKind.Version)]
    [InlineData("logpilot", "help", CommandKind.Help)]
    [InlineData("logpilot", "-h", CommandKind.Help)]
    [InlineData("logpilot", "--help", CommandKind.Help)]
    [InlineData("logpilot", "status --help", CommandKind.Help)]
    [InlineData("healthz", "-h", CommandKind.Help)]
    public void TryParse_NameAndArguments_GivesTheCommand(string name, string arguments, object command) =>
        Assert.Equal(new CommandLine((CommandKind)command), Parse(name, arguments));

    [Fact]
    public void TryParse_CommandsOfTheReadme_AreUnderstood()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));

        var commands = Regex.Matches(readme, @"^kubectl exec [^\n]* -- /pilot/logpilot (?<arguments>[^\n]*)$", RegexOptions.Multiline)
            .Select(match => match.Groups["arguments"].Value)
            .ToList();

        Assert.Contains("resend", commands);
        Assert.All(commands, arguments => Parse("/pilot/logpilot", arguments));
    }

    [Fact]
    public void TryParse_StatusFlags_AreKept()
    {
        Assert.Equal(new CommandLine(CommandKind.Status) { Json = true, Watch = true }, Parse("logpilot", "status --watch --json"));
        Assert.Equal(new CommandLine(CommandKind.Check) { Json = true }, Parse("logpilot", "check --json"));
    }

    [Theory]
    [InlineData("-template /pilot/filebeat.tpl -base /host -log-level debug")]
    [InlineData("run --template=/pilot/filebeat.tpl --base=/host --log-level=debug")]
    public void TryParse_FlagsOfLogPilot_TakesTheBase(string arguments) =>
        Assert.Equal(new CommandLine(CommandKind.Run) { HostRoot = "/host" }, Parse("/pilot/pilot", arguments));

    [Fact]
    public void TryParse_EmptyBase_IsNotGiven() =>
        Assert.Equal(new CommandLine(CommandKind.Run), Parse("pilot", "-base="));

    [Theory]
    [InlineData("logpilot", "start", "unknown command 'start'")]
    [InlineData("logpilot", "--verbose", "unknown argument '--verbose' of run")]
    [InlineData("logpilot", "run --json", "unknown argument '--json' of run")]
    [InlineData("logpilot", "check --watch", "unknown argument '--watch' of check")]
    [InlineData("logpilot", "resend --json", "unknown argument '--json' of resend")]
    [InlineData("logpilot", "status more", "unknown argument 'more' of status")]
    [InlineData("logpilot", "status -base /host", "unknown argument '-base' of status")]
    [InlineData("logpilot", "-base", "the argument -base needs a value")]
    [InlineData("healthz", "run", "unknown argument 'run' of healthz")]
    public void TryParse_WhatIsNotUnderstood_IsNamed(string name, string arguments, string message)
    {
        var parsed = CommandLine.TryParse(name, Split(arguments), out _, out var error);

        Assert.False(parsed);
        Assert.StartsWith(message, error);
        Assert.EndsWith("try logpilot --help", error);
    }

    private static CommandLine Parse(string name, string arguments)
    {
        Assert.True(CommandLine.TryParse(name, Split(arguments), out var commandLine, out var error), error);
        return commandLine;
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
