using LogPilot.Aot.Options;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests.Options;

public sealed class OptionTableTests
{
    [Fact]
    public void All_Names_AreThereOnce() =>
        Assert.Equal(
            EnvironmentVariables.All.Count,
            EnvironmentVariables.All.Select(variable => variable.Name).Distinct().Count());

    // Then NAME_FILE could mean two things.
    [Fact]
    public void All_Names_DoNotEndAsFileForms() =>
        Assert.DoesNotContain(EnvironmentVariables.All, variable => variable.Name.EndsWith("_FILE", StringComparison.Ordinal));

    [Fact]
    public void All_Defaults_AreValidWhenTheyAreSet()
    {
        using var files = new OptionFiles();
        var environment = EnvironmentVariables.All
            .Where(variable => variable.Default.Length > 0 && variable.Kind is not VariableKind.FilePath)
            .Select(variable => (variable.Name, variable.Default))
            .ToArray();

        files.ReadValid(environment);
    }

    [Theory]
    [InlineData(VariableKind.Number)]
    [InlineData(VariableKind.Size)]
    [InlineData(VariableKind.Duration)]
    public void All_Limits_AreValidAndWhatIsBeyondIsNot(object kind)
    {
        using var files = new OptionFiles();
        foreach (var variable in EnvironmentVariables.All.Where(variable => variable.Kind.Equals(kind)))
        {
            // Enough batches for any number of senders, so that each variable stands alone.
            var batches = ("LOGPILOT_BATCHES", variable.Name == "ELASTICSEARCH_WORKER" ? "256" : "");
            (string, string)[] output = variable.Section == VariableSection.FileAndConsole
                ? [("LOGGING_OUTPUT", "file"), ("FILE_PATH", "/out")]
                : [("LOGGING_OUTPUT", "elasticsearch"), ("ELASTICSEARCH_HOSTS", "es"), ("ELASTICSEARCH_WORKER", "1")];
            (string, string)[] others = [batches, .. output];
            others = others.Where(item => item.Item1 != variable.Name).ToArray();

            files.ReadValid([.. others, (variable.Name, variable.Minimum)]);
            files.ReadValid([.. others, (variable.Name, variable.Maximum)]);
            Assert.Contains(
                $"it must be from {variable.Minimum} to {variable.Maximum}",
                files.ReadError([.. others, (variable.Name, "9" + variable.Maximum)]));
        }
    }

    [Fact]
    public void Help_EveryVariable_IsShownWithItsDefault()
    {
        using var help = new StringWriter();

        HelpText.WriteTo(help);

        var lines = help.ToString().Split('\n');
        foreach (var variable in EnvironmentVariables.All)
        {
            var line = Assert.Single(lines, line => $"{line} ".StartsWith($"  {variable.Name} ", StringComparison.Ordinal));
            Assert.Contains(variable.Default, line);
        }

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void Readme_OptionTable_HasEveryVariable()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));

        var missing = EnvironmentVariables.All.Select(Row).Where(row => !readme.Contains(row)).ToArray();
        Assert.True(missing.Length == 0,
            $"README.md lacks these rows:\n{string.Join('\n', missing)}\n\nThe whole section is:\n\n{Markdown()}");
    }

    private static string Markdown() => string.Join('\n', EnvironmentVariables.All
        .GroupBy(variable => variable.Section)
        .Select(section => $"### {HelpText.Title(section.Key)}\n\n| variable | default | values | what it does, and why so |\n"
            + $"| --- | --- | --- | --- |\n{string.Join('\n', section.Select(Row))}\n"));

    private static string Row(EnvironmentVariable variable)
    {
        var standard = variable.Default.Length == 0 ? "" : $"`{variable.Default}`";
        return $"| `{variable.Name}` | {standard} | {variable.Values} | {variable.Text} |";
    }
}
