using System.Text;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>
/// Labels, env and mounts that a container comes with, one a line as <c>L key=value</c>, <c>E key=value</c> and
/// <c>M source:destination</c>: whatever is declared, nothing is thrown, and what is collected has a valid index, fields and a path inside its mount.
/// </summary>
internal sealed class DeclarationTarget() : FuzzTarget("declaration")
{
    private const string RefusedInIndex = "\\/*?\"<>| ,#:";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "L aliyun.logs.a=stdout\n", "L aliyun.logs.", "E aliyun_logs_", "M /srv:/data\n", ".tags=", "_tags=", ".format=", "_format=", ".target=",
        ".multiline.pattern=", ".multiline=java", ".stream=", ".include=", "_exclude=", "_max_bytes=10MB", "_encoding=gbk", "_format_keys=",
        "E aliyun_logs_custom_config=a.fields.x=", "a.multiline.pattern='", "_format_pattern=(?<a>", "stdout", "/data/**/*.log", "/data/../../etc/passwd", "[!a-", "\\", "**", "*", "{", "}",
        "=", ",", "index=", "topic=", "\0", "\xff", "\xed\xa0\x80", "\xc4\xb0", "\xf0\x9f\x99\x82", "json", "regexp", "nginx", "csv", "..", "/", "\n",
    ];

    protected override void Check(byte[] input, Random random)
    {
        var container = ContainerOf(Encoding.UTF8.GetString(input));
        foreach (var options in (DeclarationOptions[])[new(), new() { Strict = true, DefaultIndex = "all" }])
        {
            var reader = new DeclarationReader(options);
            CheckSet(reader.Read(container), container);
            CheckSet(reader.ReadHost(container.Env), null);
        }
    }

    private static ContainerSnapshot ContainerOf(string text)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var env = new List<string>();
        var mounts = new List<ContainerMount>();
        foreach (var line in text.Split('\n'))
        {
            var separator = line.IndexOf(line.StartsWith("M ", StringComparison.Ordinal) ? ':' : '=', StringComparison.Ordinal);
            if (line.StartsWith("E ", StringComparison.Ordinal))
            {
                env.Add(line[2..]);
            }
            else if (separator > 2 && line.StartsWith("L ", StringComparison.Ordinal))
            {
                labels[line[2..separator]] = line[(separator + 1)..];
            }
            else if (separator > 2)
            {
                mounts.Add(new ContainerMount("bind", line[2..separator], line[(separator + 1)..]));
            }
        }

        return new ContainerSnapshot { Id = new string('a', 64), Name = "app", Labels = labels, Env = env, Mounts = mounts };
    }

    private static void CheckSet(DeclarationSet set, ContainerSnapshot? container)
    {
        Expect(set.Logs.Count <= DeclarationKeys.LogsMax && set.Errors.Count <= DeclarationKeys.LogsMax + 1, "what is declared is bounded");
        Expect(set.Errors.All(error => error.Text.Length > 0 && error.Fix.Length > 0), "each error has a fix");
        foreach (var log in set.Logs)
        {
            CheckIndex(log.Index);
            CheckFields(log, container);
            Expect(log.Path is null == (log.Streams != StandardStreams.None), $"{log} is on a stream or in files");
            Expect(log.Path?.Pattern.Split('/').Contains("..") != true, $"{log.Path} stays below its root");
        }
    }

    private static void CheckIndex(string index)
    {
        Expect(Encoding.UTF8.GetByteCount(index) is > 0 and < 255 && index[0] is not ('-' or '_' or '+' or '.'), $"{index} is an index");
        Expect(!index.Any(one => RefusedInIndex.Contains(one, StringComparison.Ordinal) || char.IsControl(one)), $"{index} is an index");
    }

    // As they stand in a document.
    private static void CheckFields(LogDeclaration log, ContainerSnapshot? container)
    {
        foreach (var shape in Enum.GetValues<DocumentShape>())
        {
            var fields = AgentFields.Of(log, container, new RecordOptions { Shape = shape, HostName = "node" });
            using var json = JsonDocument.Parse("{\"message\":\"\"" + Encoding.UTF8.GetString(fields.Encoded(0)) + "}");
            var names = json.RootElement.EnumerateObject().Select(field => field.Name).ToList();
            Expect(names.Distinct().Count() == names.Count, $"no field is there twice: {string.Join(',', names)}");
            var places = new FieldNames(fields);
            foreach (var name in names.Skip(1))
            {
                var place = places.PlaceOf(Encoding.UTF8.GetBytes(name), FieldPlaces.Root);
                Expect(place == FieldPlaces.Own || places.DefaultOf(place) > 0, $"no record can set {name}");
            }
        }
    }
}
