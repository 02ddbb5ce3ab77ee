using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using LogPilot.Agent.Containers;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Files;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Lines;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>
/// A log file: it is read to its end, in pieces of any size and after a restart anywhere to the same lines, and each line makes
/// one document of valid JSON.
/// </summary>
internal sealed class LineFileTarget(string name, IReadOnlyList<string> tokens, Func<LineOptions, ILineReader> reader)
    : FuzzTarget(name)
{
    // The least that can be configured.
    private const int LineBytesMax = 1024;
    private const string Time = "2024-02-29T12:00:00Z";

    private static readonly LineOptions Options = new() { LineBytesMax = LineBytesMax };

    private static readonly HashSet<string> Known =
        ["@timestamp", "message", "source", "offset", "stream", "log", "index", "topic", "docker_container"];

    private readonly DocumentTarget _target = new(Actions: true, TypeName: null, TimeDigits: 9);
    private readonly RecordIds _ids = new("owner", "log", 0);
    private readonly AgentFields _fields = AgentFields.Of(
        new LogDeclaration { Name = "web", Index = "web", Topic = "web" },
        new ContainerSnapshot { Id = "c1", Name = "web-1" },
        new RecordOptions());

    public override IReadOnlyList<string> Tokens => tokens;

    protected override void Check(byte[] input, Random random)
    {
        var whole = reader(Options);
        var lines = SeenLine.Read(whole, input, ChunkEnd.Final);
        Expect(whole.Position == input.Length && whole.ResumeFrom == input.Length, "the end is reached with nothing left open");
        foreach (var line in lines)
        {
            Expect(line.Start >= 0 && line.Start < line.End && line.End <= input.Length, $"{line} is inside the file");
        }

        CheckPieces(input, random, lines);
        CheckRestart(input, random, lines);
        CheckDocuments(input, lines.Count);
    }

    private void CheckPieces(byte[] input, Random random, List<SeenLine> expected)
    {
        var pieces = reader(Options);
        var lines = new List<SeenLine>();
        for (var size = 0; size < input.Length; size += random.Next(1, input.Length))
        {
            lines.AddRange(SeenLine.Read(pieces, input.AsSpan(0, size)));
        }

        lines.AddRange(SeenLine.Read(pieces, input, ChunkEnd.Final));
        ExpectSame(expected, lines, "in pieces");
    }

    // As the pass does it: what ends at or before the checkpoint is read again for what is open behind it, and not sent again.
    private void CheckRestart(byte[] input, Random random, List<SeenLine> expected)
    {
        var before = reader(Options);
        var lines = SeenLine.Read(before, input.AsSpan(0, random.Next(input.Length + 1)));
        var acked = before.Position;
        var after = reader(Options);
        after.Seek(before.ResumeFrom);
        while (after.TryFind(input.AsSpan((int)after.Position), ChunkEnd.Final, out var line))
        {
            if (line.End > acked || line.End <= after.Position)
            {
                lines.Add(SeenLine.Of(line));
            }

            after.Take();
        }

        // What has the same offset and text has the same id: the server finds it there already.
        ExpectSame(expected, [.. lines.DistinctBy(line => (line.Start, line.Text))], $"with a restart at {acked} from {before.ResumeFrom}");
    }

    private void CheckDocuments(byte[] input, int count)
    {
        var batch = new Batch(4 << 20);
        batch.Reset(_target);
        var encoder = new DocumentEncoder(_target, "web", "yyyy.MM.dd", "/logs/web.log", _fields);
        var lines = reader(Options);
        while (lines.TryFind(input.AsSpan((int)lines.Position), ChunkEnd.Final, out var line))
        {
            var record = PlainRecords.Reader.Read(line, line.Time.IsEmpty ? Encoding.ASCII.GetBytes(Time) : line.Time);
            Expect(encoder.TryWrite(batch, line, record, _ids, 0), "there is room");
            lines.Take();
        }

        var content = batch.Content.Span;
        Expect(Utf8.IsValid(content), "documents are UTF-8");
        var written = Encoding.UTF8.GetString(content).Split('\n');
        Expect(written.Length == (count * 2) + 1 && written[^1].Length == 0, "each line makes an action and a document");
        for (var i = 0; i < count; i++)
        {
            using var action = JsonDocument.Parse(written[i * 2]);
            using var document = JsonDocument.Parse(written[(i * 2) + 1]);
            var create = action.RootElement.EnumerateObject().Single().Value;
            Expect(create.EnumerateObject().Count() == 2, "an action has index and id");
            Expect(create.GetProperty("_index").GetString()!.StartsWith("web-", StringComparison.Ordinal), "the index is the log's");
            var names = document.RootElement.EnumerateObject().Select(field => field.Name).ToList();
            Expect(names.Distinct().Count() == names.Count, "no field is there twice");
            Expect(names.TrueForAll(Known.Contains), $"no field is forged: {written[(i * 2) + 1]}");
        }
    }

    // Where the rest of a line that is too long ends is known only once it is there.
    private static void ExpectSame(List<SeenLine> expected, List<SeenLine> lines, string how)
    {
        var same = expected.Count == lines.Count
            && expected.Zip(lines).All(pair => pair.First with { End = 0 } == pair.Second with { End = 0 });
        Expect(same, $"{how} the lines are the same:\n{string.Join('\n', expected)}\nnot\n{string.Join('\n', lines)}");
    }
}
