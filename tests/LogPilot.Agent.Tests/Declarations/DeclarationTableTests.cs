using System.Text.RegularExpressions;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Declarations;

/// <summary>The README's table of properties is complete, and its examples work.</summary>
public sealed partial class DeclarationTableTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));

    // | `aliyun_logs_NAME_target=orders` | `aliyun.logs.NAME.target` | default | meaning |
    [GeneratedRegex(@"^\| `aliyun_logs_NAME(?<env>\w*)=(?<example>[^`]*)` \| `aliyun\.logs\.NAME(?<label>[\w.]*)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    // The text between the fences that begins with a line NAME.OPTION=VALUE.
    [GeneratedRegex(@"^```\n(?<text>catalina\.[^`]*)^```$", RegexOptions.Multiline)]
    private static partial Regex CustomConfigExample();

    [Fact]
    public void Readme_Table_HasEveryPropertyInBothForms()
    {
        var rows = Row().Matches(Readme).Select(row => (Env: row.Groups["env"].Value, Label: row.Groups["label"].Value)).ToList();

        Assert.Equal(
            DeclarationProperty.Known.Split(", ").Prepend("").Order(StringComparer.Ordinal),
            rows.Select(row => row.Label.TrimStart('.')).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(row.Label.Replace('.', '_'), row.Env));
    }

    [Fact]
    public void Readme_Examples_AreTaken()
    {
        foreach (Match row in Row().Matches(Readme))
        {
            var (property, example) = (row.Groups["label"].Value, row.Groups["example"].Value);
            var container = DeclaringContainer.OfLogA(property == ".encoding" ? "/var/log/app.log" : "stdout").Mount("/v", "/var/log");
            foreach (var (needed, value) in NeededBy(property))
            {
                container.Label("aliyun.logs.a" + needed, value);
            }

            var set = container.Label("aliyun.logs.a" + property, example).Read();

            Assert.True(
                set is { Errors: [], Notices: [], Logs.Count: 1 },
                $"{property}={example}: {string.Join(", ", set.Errors)}{string.Join(", ", set.Notices)}");
        }
    }

    [Fact]
    public void Readme_CustomConfig_IsTaken()
    {
        var text = Assert.Single(CustomConfigExample().Matches(Readme)).Groups["text"].Value;

        var set = new DeclaringContainer().Env("aliyun_logs_catalina=stdout", "aliyun_logs_custom_config=" + text).Read();

        var log = Assert.Single(set.Logs);
        Assert.Empty(set.Notices);
        Assert.Equal(new MultilineRule(@"^\[") { Negate = true }, log.Multiline);
        Assert.Equal(["^DBG", "^TRACE"], log.Exclude);
        Assert.Equal([KeyValuePair.Create("team", "web")], log.Tags);
    }

    // What must stand beside a property so that it means something.
    private static (string Property, string Value)[] NeededBy(string property) => property switch
    {
        ".format.pattern" => [(".format", "regexp")],
        ".format.keys" => [(".format", "csv")],
        ".format.time_key" or ".format.time_format" => [(".format", "json")],
        ".multiline.negate" or ".multiline.match" or ".multiline.max_lines" or ".multiline.timeout" => [(".multiline.pattern", "^x")],
        _ => [],
    };
}
