using System.Diagnostics;
using System.Globalization;
using LogPilot.Agent.Lines;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Fuzzing;

/// <summary>
/// Every parser of foreign bytes, on its corpus and on mutations of it. <c>LOGPILOT_FUZZ_SECONDS</c> says how long each is
/// tried, and <c>LOGPILOT_FUZZ_SEED</c> with what; an input that breaks something is kept in the corpus.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int SecondsOfTest = 2;

    // JSON's words, escapes that end early, halves of pairs, and bytes that are no UTF-8.
    private static readonly string[] JsonFileTokens =
    [
        "{\"log\":\"", "\",\"stream\":\"stdout\",\"time\":\"2024-02-29T12:00:00.123456789Z\"}\n", "\",\"stream\":\"stderr\",\"time\":\"", "\\n\"",
        "\\r\\n\"", "\\u0000", "\\ud800", "\\udc00", "\\u", "\\", "\"", "\"}\n", "\n", "\r\n", "\0", "\xff", "\xed\xa0\x80", "\xc3", "\"attrs\":{\"a\":\"b\"},",
        "\"log\":null", "{", "}", "2024-02-29T12:00:00+01:00", "9999-99-99T99:99:99Z", "\"time\":\"\"",
    ];

    private static readonly string[] CriFileTokens =
    [
        "2024-02-29T12:00:00.123456789Z stdout F ", "2024-02-29T12:00:00.123456789Z stderr P ", "2024-02-29T12:00:00+08:00 stdout P:TAG ", " stdout ", " stderr ",
        " F ", " P ", " F:TAG:", "\n", "\r\n", " ", "\0", "\xff", "\xed\xa0\x80", "\xc3", "Z", "-00:01", "9999-12-31T23:59:59", "\"", "\\",
    ];

    private static readonly string[] RawFileTokens =
        ["\n", "\r\n", "\r", "\0", "\xef\xbb\xbf", "\xff", "\xc3", "\xf0\x9f\x99", "\xed\xa0\x80", "\"", "\\", "\t", "\x1b[0m", "\xe2\x80\xa8", "{\"log\":\""];

    private readonly ScratchDirectory _scratch = new();

    public static TheoryData<string> Names => new(["json-file", "cri-file", "raw-file", "bulk-answer", "checkpoint", "docker", "cri", "declaration", "time", "json-record"]);

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Corpus_EachInput_Holds(string name)
    {
        var target = TargetOf(name);
        var corpus = target.Corpus();
        Assert.NotEmpty(corpus);
        foreach (var (file, input) in corpus)
        {
            Check(target, input, $"corpus/{name}/{file}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutations_ForTheirTime_Hold(string name)
    {
        var time = TimeSpan.FromSeconds(Number("LOGPILOT_FUZZ_SECONDS", SecondsOfTest));
        var seed = Number("LOGPILOT_FUZZ_SEED", 1);
        var target = TargetOf(name);
        var mutator = new Mutator(seed, [.. target.Corpus().Select(entry => entry.Input)], target.Tokens);
        var started = Stopwatch.GetTimestamp();
        var inputs = 0L;
        for (; Stopwatch.GetElapsedTime(started) < time; inputs++)
        {
            Check(target, mutator.Next(), $"seed {seed}, input {inputs}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {inputs} inputs in {time.TotalSeconds} s, seed {seed}");
        Assert.True(inputs > 0, "There was time for no input.");
    }

    private FuzzTarget TargetOf(string name) => name switch
    {
        "json-file" => new LineFileTarget(name, JsonFileTokens, options => new RuntimeFileReader<JsonFileFormat>(options)),
        "cri-file" => new LineFileTarget(name, CriFileTokens, options => new RuntimeFileReader<CriFormat>(options)),
        "raw-file" => new LineFileTarget(name, RawFileTokens, options => new RawReader(options)),
        "bulk-answer" => new BulkAnswerTarget(),
        "checkpoint" => new CheckpointTarget(_scratch),
        "docker" => new DockerTarget(),
        "cri" => new CriTarget(),
        "declaration" => new DeclarationTarget(),
        "time" => new TimeTarget(),
        "json-record" => new JsonRecordTarget(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No target has this name."),
    };

    private static void Check(FuzzTarget target, byte[] input, string what)
    {
        var given = Convert.ToHexString(input);
        try
        {
            target.Check(input);
        }
        catch (Exception failure)
        {
            Assert.Fail($"{target.Name}, {what}: keep it as a .hex file in the corpus: {given}\n{failure}");
        }
    }

    private static int Number(string variable, int standard) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : standard;
}
