using System.Text.RegularExpressions;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>What the documents say of the repository is true.</summary>
public sealed partial class TidyTests
{
    // The name of a file or a path in backquotes, such as `Pipeline.cs` or `src/LogPilot.Agent/Files`.
    [GeneratedRegex(@"`(?<name>[\w./-]+\.(?:cs|csproj|sln|props|md|json|sh|yaml|yml)|(?:src|tests|perf|deploy|scripts)/[\w./-]*)`")]
    private static partial Regex NamedFile();

    [Fact]
    public void Architecture_NamesOfFiles_AreThoseOfFiles()
    {
        var document = Path.Combine(RepositoryRoot.Path, "ARCHITECTURE.md");
        Assert.SkipUnless(File.Exists(document), "There is no ARCHITECTURE.md.");
        var all = AllFiles();

        var missing = NamedFile().Matches(File.ReadAllText(document))
            .Select(match => match.Groups["name"].Value.TrimEnd('/'))
            .Where(name => !all.Exists(path => path == name || path.EndsWith("/" + name, StringComparison.Ordinal)
                || path.Contains(name + "/", StringComparison.Ordinal)))
            .Distinct()
            .Select(name => $"ARCHITECTURE.md names {name}, which does not exist: correct the name.");

        Assert.Empty(missing);
    }

    private static List<string> AllFiles() =>
        Directory.EnumerateFiles(RepositoryRoot.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Path, path))
            .Where(path => !BuildOutput().IsMatch(path))
            .ToList();

    [GeneratedRegex(@"(^|/)(bin|obj|\.git)/")]
    private static partial Regex BuildOutput();
}
