using System.Text;
using System.Text.Json;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Records;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class DocumentEncoderTests
{
    private const string Time = "2024-02-29T23:00:00.123456789Z";
    private const string Fields = ",\"index\":\"web\",\"topic\":\"web\"";

    private static readonly AgentFields None = new(DocumentShape.LogPilot, []);

    private static readonly DocumentTarget Bulk = new(Actions: true, TypeName: null, TimeDigits: 9);
    private static readonly DocumentTarget OldBulk = new(Actions: true, TypeName: "doc", TimeDigits: 3);
    private static readonly DocumentTarget Documents = new(Actions: false, TypeName: null, TimeDigits: 9);
    private static readonly RecordIds Ids = new("owner", "log", 0);

    [Theory]
    [InlineData(StandardStreams.Stdout, false, false, ",\"stream\":\"stdout\"")]
    [InlineData(StandardStreams.Stderr, false, false, ",\"stream\":\"stderr\"")]
    [InlineData(StandardStreams.None, false, false, "")]
    [InlineData(StandardStreams.None, true, false, ",\"log\":{\"truncated\":true}")]
    [InlineData(StandardStreams.None, false, true, ",\"log\":{\"parse_error\":\"json-file\"}")]
    [InlineData(StandardStreams.Stdout, true, true, ",\"stream\":\"stdout\",\"log\":{\"truncated\":true,\"parse_error\":\"json-file\"}")]
    public void TryWrite_FlagsOfALine_GiveTheirFields(object stream, bool isTruncated, bool isUndecodable, string expected)
    {
        var line = new Line
        {
            Text = "say \"hi\"\t"u8,
            Stream = (StandardStreams)stream,
            Start = 100,
            End = 110,
            IsTruncated = isTruncated,
            IsUndecodable = isUndecodable,
        };

        Assert.Equal(
            "{\"@timestamp\":\"" + Time + "\",\"message\":\"say \\\"hi\\\"\\t\",\"source\":\"/logs/a.log\",\"offset\":110" + expected + Fields + "}\n",
            Write(Documents, line));
    }

    [Theory]
    [InlineData(StandardStreams.Stderr, false, false, ",\"stream\":\"stderr\"")]
    [InlineData(StandardStreams.None, true, false, ",\"log.truncated\":true")]
    [InlineData(StandardStreams.None, false, true, ",\"log.parse_error\":\"json-file\"")]
    [InlineData(StandardStreams.Stdout, true, true, ",\"stream\":\"stdout\",\"log.truncated\":true,\"log.parse_error\":\"json-file\"")]
    public void TryWrite_Ecs_HasNoObjectLog(object stream, bool isTruncated, bool isUndecodable, string expected)
    {
        var line = new Line { Text = "hi"u8, Stream = (StandardStreams)stream, End = 110, IsTruncated = isTruncated, IsUndecodable = isUndecodable };

        Assert.Equal(
            "{\"@timestamp\":\"" + Time + "\",\"message\":\"hi\",\"log.file.path\":\"/logs/a.log\",\"log.offset\":110" + expected + ",\"host.name\":\"n\"}\n",
            Write(Documents, line, fields: new AgentFields(DocumentShape.Ecs, [RecordField.Text("host.name", "n")])));
    }

    [Fact]
    public void TryWrite_RecordWithDefaults_KeepsItsOwn()
    {
        var batch = NewBatch(Documents);
        var fields = new AgentFields(DocumentShape.Ecs, [], [RecordField.Text("ecs.version", "8"), RecordField.Text("event.dataset", "web")]);
        var encoder = new DocumentEncoder(Documents, "web", "yyyy", "/a", fields);
        var record = new Record { Time = "2024-02-29T23:00:00Z"u8, Members = "\"ecs.version\":\"1.2.0\""u8, GivenDefaults = 1 };

        Assert.True(encoder.TryWrite(batch, new Line { Text = "x"u8, End = 1 }, record, Ids, 0));

        Assert.Equal(
            """{"@timestamp":"2024-02-29T23:00:00Z","ecs.version":"1.2.0","log.file.path":"/a","log.offset":1,"event.dataset":"web"}""" + "\n",
            Encoding.UTF8.GetString(batch.Content.Span));
    }

    [Fact]
    public void TryWrite_EscapedText_IsCopied() =>
        Assert.Contains("\"message\":\"a\\u003cb\\n\"", Write(Documents, new Line { Text = "a\\u003cb\\n"u8, IsEscaped = true, End = 1 }));

    [Fact]
    public void TryWrite_Bulk_PutsTheActionBeforeTheDocument()
    {
        var id = new byte[RecordIds.Length];
        Ids.Write(100, Encoding.ASCII.GetBytes(Time), "text"u8, id);

        var lines = Write(Bulk, new Line { Text = "text"u8, Time = Encoding.ASCII.GetBytes(Time), Start = 100, End = 105 }).Split('\n');

        Assert.Equal($$$"""{"create":{"_index":"web-2024.02.29","_id":"{{{Encoding.ASCII.GetString(id)}}}"}}""", lines[0]);
        Assert.Equal(["", "3"], [lines[2], $"{lines.Length}"]);
    }

    [Fact]
    public void TryWrite_OldServer_HasTypeAndMilliseconds()
    {
        var lines = Write(OldBulk, new Line { Text = "text"u8, End = 5 }).Split('\n');

        Assert.StartsWith("""{"create":{"_index":"web-2024.02.29","_type":"doc","_id":""", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("""{"@timestamp":"2024-02-29T23:00:00.123Z",""", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-02-29T23:00:00Z", 9, "2024-02-29T23:00:00Z")]
    [InlineData("2024-02-29T23:00:00Z", 3, "2024-02-29T23:00:00Z")]
    [InlineData("2024-02-29T23:00:00.1Z", 3, "2024-02-29T23:00:00.1Z")]
    [InlineData("2024-02-29T23:00:00.123Z", 3, "2024-02-29T23:00:00.123Z")]
    [InlineData("2024-02-29T23:00:00.1234Z", 3, "2024-02-29T23:00:00.123Z")]
    [InlineData("2024-02-29T23:00:00.123456789Z", 9, "2024-02-29T23:00:00.123456789Z")]
    public void TryWrite_TimeOfAnyLength_HasTheDigitsThatTheServerTakes(string time, int digits, string expected) =>
        Assert.Contains(
            $"\"@timestamp\":\"{expected}\"", Write(Documents with { TimeDigits = digits }, new Line { Text = "x"u8, End = 1 }, time));

    [Theory]
    [InlineData("2024-02-29T23:59:59Z", "web-2024.02.29")]
    [InlineData("2024-03-01T00:00:00Z", "web-2024.03.01")]
    [InlineData("2024-13-41T00:00:00Z", "web-1970.01.01")]
    [InlineData("2023-02-29T00:00:00Z", "web-1970.01.01")]
    [InlineData("2024-02-29T24:00:00Z", "web-1970.01.01")]
    public void TryWrite_DateOfARecord_ChoosesItsIndex(string time, string index) =>
        Assert.Contains($"\"_index\":\"{index}\"", Write(Bulk, new Line { Text = "x"u8, End = 1 }, time));

    [Fact]
    public void TryWrite_NextHour_ChangesAnIndexOfHours()
    {
        var batch = NewBatch(Bulk);
        var encoder = new DocumentEncoder(Bulk, "web", "yyyy.MM.dd.HH", "/a", None);
        foreach (var time in (string[])["2024-02-29T22:59:59Z", "2024-02-29T23:00:00Z", "2024-02-29T22:00:00Z"])
        {
            Assert.True(encoder.TryWrite(batch, new Line { Text = "x"u8, End = 1 }, new Record { Time = Encoding.ASCII.GetBytes(time) }, Ids, 0));
        }

        Assert.Equal(
            ["web-2024.02.29.22", "web-2024.02.29.23", "web-2024.02.29.22"],
            Encoding.UTF8.GetString(batch.Content.Span).Split('\n').Where((_, at) => at % 2 == 0).SkipLast(1)
                .Select(action => JsonDocument.Parse(action).RootElement.GetProperty("create").GetProperty("_index").GetString()));
    }

    // A program that knows the format must not be able to write a document of its own.
    [Fact]
    public void TryWrite_HostileText_StaysOneDocument()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        byte[][] pieces = [[.. "\n"u8], [.. "\r\n"u8], [.. "\"}"u8], [.. "{\"create\":{\"_index\":\"x\"}}\n"u8], [.. "\\"u8], [.. "\0"u8], [0xff], [0xe2, 0x80], [.. "\u2028"u8]];
        for (var round = 0; round < 2000; round++)
        {
            var text = new List<byte>();
            for (var count = random.Next(1, 6); count > 0; count--)
            {
                text.AddRange(pieces[random.Next(pieces.Length)]);
            }

            var path = "/logs/" + Encoding.UTF8.GetString([.. text]);
            foreach (var target in (DocumentTarget[])[Bulk, OldBulk, Documents])
            {
                var written = Write(target, new Line { Text = text.ToArray(), Start = 1, End = 2 }, Time, path);
                var lines = written.Split('\n');
                if (lines.Length != (target.Actions ? 3 : 2))
                {
                    Assert.Fail($"Seed {Seed}, round {round}: {written}");
                }

                using var document = JsonDocument.Parse(lines[^2]);
                Assert.Equal(Encoding.UTF8.GetString([.. text]), document.RootElement.GetProperty("message").GetString());
                Assert.Equal(path, document.RootElement.GetProperty("source").GetString());
            }
        }
    }

    [Fact]
    public void TryWrite_NoRoom_WritesNothing()
    {
        var batch = NewBatch(Documents, capacity: 600);
        var encoder = new DocumentEncoder(Documents, "web", "yyyy", "/a", None);
        Assert.True(encoder.TryWrite(batch, new Line { Text = "first"u8, End = 1 }, new Record { Time = Encoding.ASCII.GetBytes(Time) }, Ids, 0));
        var length = batch.Length;

        Assert.False(encoder.TryWrite(batch, new Line { Text = new byte[300], End = 2 }, new Record { Time = Encoding.ASCII.GetBytes(Time) }, Ids, 0));

        Assert.Equal((length, 1), (batch.Length, batch.Items));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64 * 1024 - 1)]
    [InlineData(64 * 1024)]
    [InlineData(1024 * 1024)]
    public void TryWrite_EmptyBatch_TakesTheWorstTextOfAnyLength(int length)
    {
        var batch = NewBatch(Bulk, capacity: 16);
        var encoder = new DocumentEncoder(Bulk, new string('ü', 200), "yyyy.MM.dd", "/\"" + new string('\u0001', 255), new AgentFields(DocumentShape.LogPilot, [RecordField.Text("long", new string('x', 100))]));

        Assert.True(encoder.TryWrite(batch, new Line { Text = new byte[length], End = long.MaxValue, Stream = StandardStreams.Stderr, IsTruncated = true }, new Record { Time = Encoding.ASCII.GetBytes(Time), ParseError = "apache_error"u8 }, Ids, 0));

        Assert.True(batch.Length > length * JsonText.ExpansionMax);
    }

    private static string Write(
        DocumentTarget target, in Line line, string time = Time, string path = "/logs/a.log", AgentFields? fields = null)
    {
        var batch = NewBatch(target);
        var encoder = new DocumentEncoder(target, "web", "yyyy.MM.dd", path, fields ?? new AgentFields(DocumentShape.LogPilot, [RecordField.Text("index", "web"), RecordField.Text("topic", "web")]));
        Assert.True(encoder.TryWrite(batch, line, PlainRecords.Reader.Read(line, Encoding.ASCII.GetBytes(time)), Ids, 1));
        Assert.Equal(1, batch.Items);
        return Encoding.UTF8.GetString(batch.Content.Span);
    }

    private static Batch NewBatch(DocumentTarget target, int capacity = 64 * 1024)
    {
        var batch = new Batch(capacity);
        batch.Reset(target);
        return batch;
    }
}
