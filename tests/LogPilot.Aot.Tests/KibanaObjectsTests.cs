using System.Text.Json;
using System.Text.RegularExpressions;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The saved objects of <c>deploy/kibana</c>, as far as they can be checked without a Kibana.</summary>
public sealed partial class KibanaObjectsTests
{
    private const string IndexReference = "kibanaSavedObjectMeta.searchSourceJSON.index";

    // What the formats of Kibana 7.10 and 8.8 are called in the objects themselves: newer servers bring them up to date, older ones refuse them.
    private static readonly Dictionary<string, (string Of7, string Of8)> Versions = new()
    {
        ["index-pattern"] = ("7.6.0", "8.0.0"),
        ["visualization"] = ("7.10.0", "8.5.0"),
        ["search"] = ("7.9.3", "8.0.0"),
        ["dashboard"] = ("7.9.3", "8.7.0"),
    };

    public static TheoryData<string, int> Files => new() { { "logpilot", 7 }, { "logpilot", 8 }, { "ecs", 7 }, { "ecs", 8 } };

    [Theory]
    [MemberData(nameof(Files))]
    public void Objects_References_AreOfTheSameFile(string shape, int major)
    {
        var objects = Read(shape, major);

        var known = objects.Select(one => (Text(one, "type"), Text(one, "id"))).ToList();
        Assert.Equal(known.Distinct(), known);
        Assert.Single(known, one => one.Item1 == "dashboard");
        Assert.All(objects.SelectMany(References), reference => Assert.Contains((reference.Type, reference.Id), known));
        var used = objects.SelectMany(References).Select(reference => (reference.Type, reference.Id)).ToHashSet();
        Assert.All(known.Where(one => one.Item1 != "dashboard"), one => Assert.Contains(one, used));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Objects_Versions_AreThoseOfTheirFormat(string shape, int major) =>
        Assert.All(Read(shape, major), one =>
        {
            var type = Text(one, "type");
            var version = major == 8 ? Text(one, "typeMigrationVersion") : one.GetProperty("migrationVersion").GetProperty(type).GetString();
            Assert.Equal(major == 8 ? Versions[type].Of8 : Versions[type].Of7, version);
        });

    [Theory]
    [MemberData(nameof(Files))]
    public void Dashboard_Panels_AreBesideEachOtherAndResolve(string shape, int major)
    {
        var dashboard = Read(shape, major).Single(one => Text(one, "type") == "dashboard");
        using var panels = JsonDocument.Parse(Text(dashboard.GetProperty("attributes"), "panelsJSON"));
        var names = References(dashboard).Select(reference => reference.Name).ToList();
        var taken = new HashSet<(int, int)>();

        foreach (var panel in panels.RootElement.EnumerateArray())
        {
            var index = Text(panel, "panelIndex");
            var name = Text(panel, "panelRefName");
            Assert.Contains(major == 8 ? $"{index}:{name}" : name, names);
            var grid = panel.GetProperty("gridData");
            Assert.Equal(index, Text(grid, "i"));
            var (x, y, width, height) = (Number(grid, "x"), Number(grid, "y"), Number(grid, "w"), Number(grid, "h"));
            Assert.InRange(x + width, 1, 48);
            foreach (var cell in Enumerable.Range(0, width * height))
            {
                Assert.True(taken.Add((x + (cell % width), y + (cell / width))), $"panel {index} covers another");
            }
        }

        Assert.Equal(names.Count, panels.RootElement.GetArrayLength());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Objects_Fields_AreMappedByTheTemplate(string shape, int major)
    {
        var mapped = MappedFields(shape);
        var numbers = mapped.Where(field => field.Value is "long" or "double" or "date_nanos").Select(field => field.Key).ToHashSet();
        var count = 0;
        foreach (var one in Read(shape, major))
        {
            foreach (var (field, use) in Fields(one))
            {
                count++;
                Assert.True(mapped.TryGetValue(field, out var type), $"{Text(one, "id")}: {field} is not in the template");
                Assert.True(use is "query" or "column" || type != "text", $"{Text(one, "id")}: {field} is a text and cannot be grouped by");
                Assert.True(use is not ("max" or "avg" or "date_histogram") || numbers.Contains(field), $"{Text(one, "id")}: {field} is no number");
            }
        }

        Assert.True(count > 20);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Visualizations_Orders_NameAMetric(string shape, int major)
    {
        foreach (var state in Read(shape, major).Where(one => Text(one, "type") == "visualization").Select(VisualState))
        {
            var metrics = state.GetProperty("aggs").EnumerateArray().Where(one => Text(one, "schema") == "metric").Select(one => Text(one, "id")).ToList();
            Assert.NotEmpty(metrics);
            Assert.All(
                state.GetProperty("aggs").EnumerateArray().Where(one => Text(one, "type") == "terms"),
                terms => Assert.Contains(Text(terms.GetProperty("params"), "orderBy"), metrics.Append("_key")));
        }
    }

    /// <summary>The two files of a shape differ in nothing but their format's version.</summary>
    [Theory]
    [InlineData("logpilot")]
    [InlineData("ecs")]
    public void Objects_OfBothFormats_AreTheSame(string shape)
    {
        static IEnumerable<string> Attributes(JsonElement one) => Text(one, "type") == "dashboard"
            ? one.GetProperty("attributes").EnumerateObject().Where(field => field.Name != "panelsJSON").Select(field => $"{field}")
            : one.GetProperty("attributes").EnumerateObject().Select(field => $"{field}");

        Assert.Equal(Read(shape, 7).SelectMany(Attributes), Read(shape, 8).SelectMany(Attributes));
    }

    /// <summary>Every field that the objects of a shape ask for, for the tests on real servers.</summary>
    internal static IEnumerable<string> FieldsOf(string shape) => Read(shape, 8).SelectMany(Fields).Select(one => one.Field).Distinct();

    private static List<JsonElement> Read(string shape, int major) =>
        [.. File.ReadLines(Path.Combine(RepositoryRoot.Path, "deploy", "kibana", $"{shape}-{major}.ndjson")).Select(line => JsonDocument.Parse(line).RootElement)];

    private static Dictionary<string, string> MappedFields(string shape)
    {
        using var template = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "deploy", "elasticsearch", $"{shape}-7.json")));
        return Flatten("", template.RootElement.GetProperty("template").GetProperty("mappings").Clone()).ToDictionary();

        static IEnumerable<KeyValuePair<string, string>> Flatten(string start, JsonElement mapping) =>
            mapping.GetProperty("properties").EnumerateObject().SelectMany(field => field.Value.TryGetProperty("properties", out _)
                ? Flatten($"{start}{field.Name}.", field.Value)
                : [KeyValuePair.Create(start + field.Name, Text(field.Value, "type"))]);
    }

    private static IEnumerable<(string Field, string Use)> Fields(JsonElement one)
    {
        var attributes = one.GetProperty("attributes");
        if (attributes.TryGetProperty("timeFieldName", out var time))
        {
            yield return (time.GetString()!, "date_histogram");
        }

        if (attributes.TryGetProperty("columns", out var columns))
        {
            foreach (var column in columns.EnumerateArray())
            {
                yield return (column.GetString()!, "column");
            }
        }

        if (attributes.TryGetProperty("visState", out _))
        {
            foreach (var aggregation in VisualState(one).GetProperty("aggs").EnumerateArray())
            {
                if (aggregation.GetProperty("params").TryGetProperty("field", out var field))
                {
                    yield return (field.GetString()!, Text(aggregation, "type"));
                }
            }
        }

        if (attributes.TryGetProperty("kibanaSavedObjectMeta", out var meta))
        {
            using var source = JsonDocument.Parse(Text(meta, "searchSourceJSON"));
            var query = Text(source.RootElement.GetProperty("query"), "query");
            foreach (Match name in QueriedField().Matches(query))
            {
                yield return (name.Groups[1].Value, "query");
            }

            Assert.Equal(
                source.RootElement.TryGetProperty("indexRefName", out _) ? [IndexReference] : [],
                References(one).Select(reference => reference.Name).Where(name => name == IndexReference));
        }
    }

    private static JsonElement VisualState(JsonElement one) => JsonDocument.Parse(Text(one.GetProperty("attributes"), "visState")).RootElement;

    private static IEnumerable<(string Type, string Id, string Name)> References(JsonElement one) =>
        one.GetProperty("references").EnumerateArray().Select(reference => (Text(reference, "type"), Text(reference, "id"), Text(reference, "name")));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    [GeneratedRegex(@"([\w.@]+):")]
    private static partial Regex QueriedField();
}
