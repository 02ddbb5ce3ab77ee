using System.Diagnostics;
using System.Text;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>Records that are made to cost time or memory.</summary>
public sealed class HostileJsonTests
{
    private const int MebiByte = 1024 * 1024;

    // Far more than it takes, since machines are busy.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void TryParse_Depth_IsLimitedAsTheServerDoes(int depth, bool isRecord)
    {
        Assert.Equal(isRecord, IsRecord(Repeat("{\"a\":", depth) + "1" + Repeat("}", depth)));
        Assert.Equal(isRecord, IsRecord("{\"" + string.Join('.', Enumerable.Repeat("a", depth)) + "\":1}"));
        Assert.Equal(isRecord, IsRecord("{\"a.a.a.a.a\":" + Repeat("{\"a\":", depth - 5) + "1" + Repeat("}", depth - 5) + "}"));
        Assert.Equal(isRecord, IsRecord("{\"a\":" + Repeat("[", depth) + Repeat("]", depth) + "}"));
        Assert.Equal(isRecord, IsRecord(Repeat("{\"a\":[", depth) + "1" + Repeat("]}", depth)));

        // An object is one level more, even if it is empty.
        Assert.Equal(isRecord, IsRecord(Repeat("{\"a\":", depth - 1) + "{}" + Repeat("}", depth - 1)));
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void TryParse_Fields_AreLimited(int count, bool isRecord)
    {
        Assert.Equal(isRecord, IsRecord($"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"f{i}\":{i}"))}}}"));
        Assert.Equal(isRecord, IsRecord($"{{{string.Join(',', Enumerable.Repeat("\"a\":1", count))}}}"));
        Assert.Equal(isRecord, IsRecord($"{{\"a\":[{string.Join(',', Enumerable.Repeat("{\"a\":1}", count - 1))}]}}"));
    }

    [Fact]
    public void TryParse_AThousandEqualNames_LeaveOne() =>
        Assert.Equal("\"a\":999", JsonCase.Members($"{{{string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"a\":{i}"))}}}"));

    public static TheoryData<string> Kinds =>
    [
        "open-objects", "open-arrays", "brackets", "fields", "equal-names", "renamed-names", "blank-names", "string", "escapes", "controls", "invalid", "halves",
        "backslashes", "digits", "blanks", "long-name", "dots", "long-names-twice", "nested-twice", "commas", "quotes",
    ];

    // What takes time that grows with the square of the length takes minutes.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryParse_AMebibyteOfAnything_IsReadInTimeAndLeavesLittleMemory(string kind)
    {
        var record = Encoding.Latin1.GetBytes(Hostile(kind));
        var fields = new FieldWriter();
        var format = new JsonFormat("@timestamp", JsonCase.Names("env"));
        var started = Stopwatch.GetTimestamp();

        for (var i = 0; i < 2; i++)
        {
            fields.Clear();
            format.TryParse(record, fields);
        }

        Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"{Stopwatch.GetElapsedTime(started)} for twice {record.Length} bytes");
        Assert.True(fields.Length <= (record.Length * 6) + 64, "the members are bounded");
    }

    private static string Hostile(string kind) => kind switch
    {
        "open-objects" => Repeat("{\"a\":", MebiByte / 5),
        "open-arrays" => "{\"a\":" + Repeat("[", MebiByte),
        "brackets" => "{\"a\":[" + Repeat("[],{},", MebiByte / 6) + "1]}",
        "fields" => "{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"f{i}\":\"{new string('x', 90)}\"")) + "}",
        "equal-names" => "{" + string.Join(',', Enumerable.Repeat("\"a\":\"" + new string('x', 1000) + "\"", 1000)) + "}",
        "renamed-names" => "{" + string.Join(',', Enumerable.Range(0, 1000).Reverse().Select(i => $"\"offset{new string('_', i)}\":1")) + "}",
        "blank-names" => "{" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{new string(' ', i)}\":1")) + "}",
        "string" => "{\"a\":\"" + new string('x', MebiByte) + "\"}",
        "escapes" => "{\"a\":\"" + Repeat("\\u00e9\\n", MebiByte / 8) + "\"}",
        "controls" => "{\"a\":\"" + new string('\u0001', MebiByte) + "\"}",
        "invalid" => "{\"a\":\"" + new string('\u00ff', MebiByte) + "\"}",
        "halves" => "{\"a\":\"" + Repeat("\\ud800", MebiByte / 6) + "\"}",
        "backslashes" => "{\"a\":\"" + new string('\\', MebiByte),
        "digits" => "{\"@timestamp\":" + new string('9', MebiByte) + "}",
        "blanks" => "{" + new string(' ', MebiByte) + "\"a\":1}",
        "long-name" => "{\"" + Repeat("\\u0061", MebiByte / 6) + "\":1}",
        "dots" => "{\"" + new string('.', MebiByte) + "\":1}",
        "long-names-twice" => "{" + string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"{new string('n', 10_000)}{i % 2}\":1")) + "}",
        "nested-twice" => "{" + string.Join(',', Enumerable.Repeat("\"a\":{\"b\":[{\"c\":1,\"c\":2}],\"b\":" + new string('1', 4000) + "}", 190)) + "}",
        "commas" => "{\"a\":[" + new string(',', MebiByte),
        "quotes" => "{\"a\":[" + Repeat("\"\",", MebiByte / 3) + "1]}",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static bool IsRecord(string text) => JsonCase.Members(text) is not null;

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
