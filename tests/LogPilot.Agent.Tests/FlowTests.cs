using System.Text.RegularExpressions;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests;

/// <summary>The folders of the agent are its flow: each uses only itself and those before it.</summary>
public sealed partial class FlowTests
{
    private static readonly string Agent = Path.Combine(RepositoryRoot.Path, "src", "LogPilot.Agent");

    [Fact]
    public void Folders_OfTheAgent_UseOnlyThoseBeforeThem()
    {
        var wrong = new List<string>();
        foreach (var folder in Folders)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Agent, folder), "*.cs", SearchOption.AllDirectories))
            {
                wrong.AddRange(
                    from used in Used(File.ReadAllText(file))
                    where string.CompareOrdinal(used, folder) > 0
                    select $"{Path.GetRelativePath(RepositoryRoot.Path, file)} uses {used}, which comes after {folder}: hand the data over instead.");
            }
        }

        Assert.Empty(wrong);
    }

    // A namespace that is not its folder's could use what it likes.
    [Fact]
    public void Files_OfTheAgent_HaveTheNamespaceOfTheirFolder()
    {
        foreach (var folder in Folders)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Agent, folder), "*.cs", SearchOption.AllDirectories))
            {
                var expected = "LogPilot.Agent." + Path.GetRelativePath(Agent, Path.GetDirectoryName(file)!).Replace('/', '.');

                Assert.True(File.ReadAllText(file).Contains($"\nnamespace {expected};", StringComparison.Ordinal)
                    || File.ReadAllText(file).StartsWith($"namespace {expected};", StringComparison.Ordinal), $"{file} is not in {expected}.");
            }
        }
    }

    [Theory]
    [InlineData("using LogPilot.Agent.Tracking;", "Tracking")]
    [InlineData("var x = LogPilot.Agent.Files.Tailer.Make();", "Files")]
    [InlineData("global::LogPilot.Agent.Lines.Line", "Lines")]
    [InlineData("using Alias = LogPilot.Agent.Shipping.Batch;", "Shipping")]
    [InlineData("Containers.ContainerSnapshot container", "Containers")]
    [InlineData("namespace LogPilot.Agent;", null)]
    public void Used_AnyWayToNameAFolder_IsSeen(string code, string? folder) => Assert.Equal(folder, Used(code).SingleOrDefault());

    private static IEnumerable<string> Folders => Directory.EnumerateDirectories(Agent)
        .Select(path => Path.GetFileName(path)!)
        .Where(name => name is not ("bin" or "obj"));

    private static IEnumerable<string> Used(string code) => Comment().Replace(code, "").Split('\n')
        .SelectMany(line => FolderName().Matches(line))
        .Select(match => match.Groups["folder"].Value)
        .Where(Folders.Contains)
        .Distinct();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    // With the whole namespace, or from inside LogPilot.Agent with the folder's name before a type.
    [GeneratedRegex(@"LogPilot\.Agent\.(?<folder>[A-Z]\w*)|(?<![\w.""])(?<folder>[A-Z]\w*)\.[A-Z]\w*\s+[a-z_]")]
    private static partial Regex FolderName();
}
