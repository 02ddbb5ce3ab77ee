using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Lines;

namespace LogPilot.Agent.Tests.Lines;

public sealed class JsonFileFormatTests
{
    private const string Time = "2024-02-29T12:00:00.123456789Z";
    private const string End = "\",\"stream\":\"stdout\",\"time\":\"" + Time + "\"}";

    public static TheoryData<string, string> Golden => new()
    {
        { """hello\n""", "hello" },
        { """\n""", "" },
        { """a\r\n""", "a" },
        { """\r\n""", "" },
        { """a\\n\n""", """a\\n""" },
        { """a\\r\n""", """a\\r""" },
        { """a\\\r\n""", """a\\""" },

        // As Go's encoder writes them.
        { """\u003cb\u003e \u0026 \u2028\u2029 \ufffd\u0000\n""", """\u003cb\u003e \u0026 \u2028\u2029 \ufffd\u0000""" },
        { """tab\there \"quoted\" C:\\dir \/ \b\f\n""", """tab\there \"quoted\" C:\\dir \/ \b\f""" },
        { """ü 語 🙂\n""", "ü 語 🙂" },

        // Text that looks like the end of the line, as a program can write it.
        { """x\",\"stream\":\"stderr\",\"time\":\"2000-01-01T00:00:00Z\"}\n""", """x\",\"stream\":\"stderr\",\"time\":\"2000-01-01T00:00:00Z\"}""" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void TryParse_WrittenByTheEngine_TakesTheTextAsItIs(string text, string expected)
    {
        Assert.True(JsonFileFormat.TryParse(Encoding.UTF8.GetBytes("{\"log\":\"" + text + End), out var line));

        Assert.Equal(expected, Encoding.UTF8.GetString(line.Text));
        Assert.Equal(StandardStreams.Stdout, line.Stream);
        Assert.Equal(Time, Encoding.UTF8.GetString(line.Time));
        Assert.True(line.IsComplete);
    }

    [Theory]
    [InlineData("part", "part")]
    [InlineData("", "")]
    [InlineData("""a\\n""", """a\\n""")]
    [InlineData("""a\\\\n""", """a\\\\n""")]
    [InlineData("""a\r""", """a\r""")]
    [InlineData("n", "n")]
    public void TryParse_NoNewlineAtTheEnd_IsAPart(string text, string expected)
    {
        Assert.True(JsonFileFormat.TryParse(Encoding.UTF8.GetBytes("{\"log\":\"" + text + End), out var line));

        Assert.False(line.IsComplete);
        Assert.Equal(expected, Encoding.UTF8.GetString(line.Text));
    }

    [Theory]
    [InlineData("""{"log":"a\n","stream":"stderr","attrs":{"log":"x","n":["y"]},"time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"time":"2024-02-29T12:00:00Z","stream":"stderr","log":"a\n"}""")]
    [InlineData("""{"stream":"stderr","time":"2024-02-29T13:00:00+01:00","log":"a\n"}""", "2024-02-29T12:00:00Z")]
    [InlineData("""{ "log" : "a\n" , "stream" : "stderr" , "time" : "2024-02-29T12:00:00Z" } """)]
    [InlineData("""{"l\u006fg":"a\n","stream":"std\u0065rr","time":"2024-02-29T12:00:00Z"}""")]
    public void TryParse_OtherOrderOrFields_IsUnderstood(string text, string time = "2024-02-29T12:00:00Z")
    {
        Assert.True(JsonFileFormat.TryParse(Encoding.UTF8.GetBytes(text), out var line));

        Assert.Equal("a", Encoding.UTF8.GetString(line.Text));
        Assert.Equal(StandardStreams.Stderr, line.Stream);
        Assert.Equal(time, Encoding.UTF8.GetString(line.Time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("text")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"log":"}""")]
    [InlineData("""{"log":"a\n"}""")]
    [InlineData("""{"log":"a\n","stream":"stdout"}""")]
    [InlineData("""{"log":"a\n","stream":"stdout","time":""}""")]
    [InlineData("""{"log":"a\n","stream":"stdout","time":"yesterday"}""")]
    [InlineData("""{"log":"a\n","stream":"stdout","time":12}""")]
    [InlineData("""{"log":"a\n","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":5,"stream":"stdout","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\n","stream":5,"time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\n","stream":{"x":1},"time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\n","stream":null,"time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"\ud800":1,"log":"a\n","stream":"stdout","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\n","stream":"\ud800","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a"b\n","stream":"stdout","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\x\n","stream":"stdout","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\u12g4","stream":"stdout","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\","stream":"stdout","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\n","stream":"stdout","time":"2024-02-29T12:00:00Z"}x""")]
    [InlineData("""{"log":"a\n","stream":"stdout","time":"2024-02-29T12:00:00Z"}{"log":"b\n","stream":"stdout","time":"2024-02-29T12:00:00Z"}""")]
    [InlineData("""{"log":"a\n","stream":"stdo{"log":"b\n","stream":"stdout","time":"2024-02-29T12:00:00Z"}""")]
    public void TryParse_NothingThatTheEngineWrites_IsRefused(string text) =>
        Assert.False(JsonFileFormat.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void TryParse_AnyPrefix_IsRefused()
    {
        var whole = Encoding.UTF8.GetBytes("""{"log":"a \u003c \"b\" ü\r\n","stream":"stderr","time":"2024-02-29T12:00:00.5Z"}""");
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(JsonFileFormat.TryParse(whole.AsSpan(0, length), out _), $"The first {length} bytes were taken.");
        }
    }

    [Fact]
    public void TryParse_ControlCharacters_AreRefused()
    {
        for (var control = 0; control < 0x20; control++)
        {
            byte[] line = [.. "{\"log\":\"a"u8, (byte)control, .. Encoding.ASCII.GetBytes(End)];

            Assert.False(JsonFileFormat.TryParse(line, out _), $"Byte {control:x2} was taken.");
        }
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("c3")]
    [InlineData("c080")]
    [InlineData("eda080")]
    [InlineData("f8808080")]
    public void TryParse_InvalidUtf8_IsRefusedInAnyOrder(string hex)
    {
        byte[] text = [.. "{\"log\":\"a"u8, .. Convert.FromHexString(hex)];
        byte[] usual = [.. text, .. Encoding.ASCII.GetBytes(End)];
        byte[] other = [.. text, .. Encoding.ASCII.GetBytes("\",\"x\":1" + End[1..])];

        Assert.False(JsonFileFormat.TryParse(usual, out _));
        Assert.False(JsonFileFormat.TryParse(other, out _));
    }

    // What the whole path rests on: the text can go into another JSON string without being decoded.
    [Fact]
    public void TryParse_RandomText_CopyIsTheSameAsDecodingAndEncoding()
    {
        const int Seed = 20240229;
        var random = new Random(Seed);
        foreach (var encoder in (JavaScriptEncoder[])[JavaScriptEncoder.Default, JavaScriptEncoder.UnsafeRelaxedJsonEscaping])
        {
            var options = new JsonSerializerOptions { Encoder = encoder };
            for (var round = 0; round < 3000; round++)
            {
                var text = RandomText(random);
                var bytes = Encoding.UTF8.GetBytes($"{{\"log\":{JsonSerializer.Serialize(text + "\n", options)}{End[1..]}");

                Assert.True(JsonFileFormat.TryParse(bytes, out var line), $"Seed {Seed}, round {round}: {text} was refused.");
                byte[] copied = [(byte)'"', .. line.Text, (byte)'"'];
                Assert.Equal(text.EndsWith('\r') ? text[..^1] : text, JsonSerializer.Deserialize<string>(copied));
            }
        }
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var length = random.Next(20); length > 0; length--)
        {
            text.Append(random.Next(6) switch
            {
                0 => new Rune(random.Next(0x20)),
                1 => new Rune("\"\\/<>&'"[random.Next(7)]),
                2 => new Rune(random.Next(0x1_0000, 0x11_0000)),
                3 => new Rune(random.Next(0x80, 0xd800)),
                _ => new Rune(random.Next(0x20, 0x7f)),
            });
        }

        return text.ToString();
    }
}
