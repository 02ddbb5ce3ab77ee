using System.Globalization;
using System.Text;
using System.Text.Json;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogPilot.Agent.Tests;

/// <summary>
/// From a declaration and a log to its documents. Each folder of <c>Golden</c> holds <c>declaration.env</c>, what a container's environment
/// declares, <c>input.log</c>, and <c>expected.ndjson</c>: the index and the document of each record. A file <c>shape</c>
/// has the value of <c>LOGPILOT_DOCUMENT</c>. With <c>LOGPILOT_GOLDEN=write</c> what is expected is written anew, to be read by whoever
/// changed something.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Root = Path.Combine(RepositoryRoot.Path, "tests", "LogPilot.Agent.Tests", "Golden");
    private static readonly DocumentTarget Target = new(Actions: true, TypeName: null, TimeDigits: 9);

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Root).Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Documents_OfALog_AreAsExpected(string name)
    {
        var directory = Path.Combine(Root, name);
        var shape = Path.Combine(directory, "shape");
        var documents = Documents(
            File.ReadAllLines(Path.Combine(directory, "declaration.env")),
            File.ReadAllBytes(Path.Combine(directory, "input.log")),
            File.Exists(shape) ? Enum.Parse<DocumentShape>(File.ReadAllText(shape), ignoreCase: true) : DocumentShape.LogPilot);

        var expected = Path.Combine(directory, "expected.ndjson");
        if (Environment.GetEnvironmentVariable("LOGPILOT_GOLDEN") == "write")
        {
            File.WriteAllLines(expected, documents);
        }

        Assert.NotEmpty(documents);
        Assert.Equal(File.ReadAllLines(expected), documents);
    }

    private static List<string> Documents(IReadOnlyList<string> env, byte[] input, DocumentShape shape)
    {
        var container = new ContainerSnapshot
        {
            Id = "c1",
            Name = "app-1",
            Env = env,
            Mounts = [new ContainerMount("bind", "/srv/logs", "/logs")],
        };
        var declared = new DeclarationReader(new DeclarationOptions { ErrorOfTimeFormat = RecordFormats.ErrorOfTimeFormat }).Read(container);
        Assert.Empty(declared.Errors);
        var declaration = Assert.Single(declared.Logs);
        var isStdout = declaration.Path is null;
        var source = new FileSource
        {
            Container = container,
            Declaration = declaration,
            Layout = isStdout ? FileLayout.JsonFile : FileLayout.Raw,
            Pattern = new FilePattern("/logs", "app.log"),
        };
        var options = new AgentOptions { Records = new RecordOptions { Shape = shape, HostName = "node-1" } };
        var rules = new SourceRules(source, options, new RecordBuffers(), new ManualTime(), NullLogger.Instance);
        return Read(rules, source, isStdout ? AsEntries(input) : input);
    }

    private static List<string> Read(SourceRules rules, FileSource source, byte[] input)
    {
        var encoder = new DocumentEncoder(Target, source.Declaration.Index, "yyyy.MM.dd", "/logs/app.log", rules.Fields);
        var lines = rules.NewLines();
        var batch = new Batch(1024 * 1024);
        var documents = new List<string>();
        while (lines.TryFind(input.AsSpan((int)lines.Position), ChunkEnd.Final, out var line))
        {
            if (rules.Records.IsWanted(line))
            {
                var record = rules.Records.Read(line, line.Time.IsEmpty ? "2026-11-24T23:59:59.123Z"u8 : line.Time);
                batch.Reset(Target);
                Assert.True(encoder.TryWrite(batch, line, record, new RecordIds("c1", "app", 0), 0));
                documents.Add(Shown(batch));
            }

            lines.Take();
        }

        return documents;
    }

    private static string Shown(Batch batch)
    {
        var lines = Encoding.UTF8.GetString(batch.Content.Span).Split('\n');
        using var action = JsonDocument.Parse(lines[0]);
        using var document = JsonDocument.Parse(lines[1], new JsonDocumentOptions { AllowDuplicateProperties = false });
        return $"{action.RootElement.GetProperty("create").GetProperty("_index").GetString()} {lines[1]}";
    }

    // As the engine would have written them, a second after each other.
    private static byte[] AsEntries(byte[] input)
    {
        var time = new DateTime(2026, 11, 24, 10, 0, 0, DateTimeKind.Utc);
        var entries = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(input).TrimEnd('\n').Split('\n'))
        {
            var written = time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture);
            entries.Append(CultureInfo.InvariantCulture, $$"""{"log":{{JsonSerializer.Serialize(line + "\n")}},"stream":"stdout","time":"{{written}}89Z"}""").Append('\n');
            time = time.AddSeconds(1);
        }

        return Encoding.UTF8.GetBytes(entries.ToString());
    }
}
