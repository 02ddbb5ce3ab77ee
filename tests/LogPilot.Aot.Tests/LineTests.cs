using System.Text;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Lines that are no plain text: whatever a container writes, the server takes it as a valid document.</summary>
public sealed class LineTests(TestMachine machine)
{
    [Fact]
    public async Task Join_LongStdoutLineInterleavedWithStderr_IsOneDocumentPerLine()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        // The engine cuts the line into parts of 16 KiB, and each pause lets it write a line of the other stream between two parts.
        const string Script = "awk 'BEGIN { for (part = 0; part < 10; part++) { for (i = 0; i < 10240; i++) printf \"x\"; fflush(); "
            + "system(\"usleep 30000; echo error \" part \" >&2; usleep 30000\") } print \"\" }'; echo next";
        var container = await scenario.RunAsync(new ContainerRequest { Script = Script, Env = ["aliyun_logs_long=stdout"] });
        await container.WaitForExitAsync();
        Assert.True((await File.ReadAllLinesAsync(await container.LogPathAsync())).Length > 12, "The engine has cut the long line.");

        var documents = await scenario.CollectAsync(agent, "long-*", 12);

        var stdout = documents.Where(document => document.Text("stream") == "stdout").Select(document => document.Message);
        var stderr = documents.Where(document => document.Text("stream") == "stderr").Select(document => document.Message);
        Lines.AssertEachOnce([new string('x', 102_400), "next"], stdout);
        Lines.AssertEachOnce(Lines.Numbered("error", 10, 0), stderr);
    }

    [Fact]
    public async Task Encode_FileWithBytesThatAreNoText_IsStoredAsValidDocuments()
    {
        byte[] content =
        [
            0xEF, 0xBB, 0xBF, .. "bom\n"u8,
            .. "crlf\r\n"u8,
            .. "nul "u8, 0, .. " end\n"u8,
            .. "invalid "u8, 0xFF, 0xFE, .. " end\n"u8,
            .. "cut "u8, 0xE4, 0xB8, .. " end\n"u8,
            .. "control "u8, 1, 27, .. " \"quote\" \\ back\tslash\n"u8,
            .. "中文 🐳\n"u8,
        ];

        var messages = await CollectFileAsync(content, 7);

        Assert.Contains("bom", messages);
        Assert.Contains("crlf", messages);
        Assert.Contains("nul \0 end", messages);
        Assert.Contains("control \u0001\u001b \"quote\" \\ back\tslash", messages);
        Assert.Contains("中文 🐳", messages);
        Assert.Contains(messages, message => IsReplaced(message, "invalid "));
        Assert.Contains(messages, message => IsReplaced(message, "cut "));
    }

    [Fact]
    public async Task Encode_LinesThatLookLikeBulkRequests_StayMessages()
    {
        string[] lines =
        [
            "{\"create\":{\"_index\":\"forged\",\"_id\":\"1\"}}",
            "{\"message\":\"forged\",\"index\":\"forged\"}",
            "\",\"index\":\"forged\",\"x\":\"",
        ];

        var messages = await CollectFileAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), lines.Length);

        Lines.AssertEachOnce(lines, messages);
    }

    [Fact]
    public async Task Encode_StdoutWithBytesThatAreNoText_IsStoredAsValidDocuments()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var agent = scenario.StartAgent();
        const string Script = @"printf 'nul \000 end\ninvalid \377\376 end\ncrlf\r\nquote "" \\ \033 end\n\nlast'";
        await scenario.RunAsync(new ContainerRequest { Script = Script, Env = ["aliyun_logs_bytes=stdout"] });

        // A search is refused while the index is being created; a count is asked again.
        await scenario.Search.WaitForCountAsync("bytes-*", 1);
        await Eventually.TrueAsync(
            async () => (await scenario.Search.SearchAllAsync("bytes-*")).Any(document => document.Message == "last"),
            () => "the last line, which has no newline, is shipped after its container's end.");
        await agent.StopAsync();
        var messages = (await scenario.Search.SearchAllAsync("bytes-*")).Select(document => document.Message).ToList();

        Assert.Contains("nul \0 end", messages);
        Assert.Contains("crlf", messages);
        Assert.Contains("quote \" \\ \u001b end", messages);
        Assert.Contains(messages, message => IsReplaced(message, "invalid "));
    }

    [Fact]
    public async Task Cut_LineOverTheLimit_IsShippedTruncated()
    {
        await using var scenario = await Scenario.StartAsync(machine);
        scenario.AgentEnvironment["LOGPILOT_LINE_BYTES_MAX"] = "64k";
        var directory = scenario.Scratch.CreateDirectory("logs");
        await File.WriteAllTextAsync(Path.Combine(directory, "app.log"), new string('y', 200_000) + "\nshort\n");
        var agent = scenario.StartAgent();
        await scenario.RunAsync(FileReader(directory));

        var documents = await scenario.CollectAsync(agent, "bytes-*", 2);

        Assert.Equal(new string('y', 65_536), documents.Single(document => document.Message != "short").Message);
        Assert.Equal(2, documents.Count);
    }

    private async Task<IReadOnlyList<string>> CollectFileAsync(byte[] content, int lineCount)
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var directory = scenario.Scratch.CreateDirectory("logs");
        await File.WriteAllBytesAsync(Path.Combine(directory, "app.log"), content);
        var agent = scenario.StartAgent();
        await scenario.RunAsync(FileReader(directory));

        var documents = await scenario.CollectAsync(agent, "bytes-*", lineCount);

        Assert.All(documents, document => Assert.Equal("bytes", document.Text("index")));
        Assert.Equal(lineCount, documents.Count);
        return documents.Select(document => document.Message).ToList();
    }

    private static ContainerRequest FileReader(string directory) => new()
    {
        Script = "sleep 600",
        Env = ["aliyun_logs_bytes=/logs/*.log"],
        Binds = [$"{directory}:/logs"],
    };

    /// <summary>One or more replacement characters stand where the bytes were; how many is the decoder's choice.</summary>
    private static bool IsReplaced(string message, string prefix) =>
        message.StartsWith(prefix, StringComparison.Ordinal)
        && message.EndsWith(" end", StringComparison.Ordinal)
        && message[prefix.Length..^" end".Length] is { Length: > 0 } middle
        && middle.All(character => character == '\uFFFD');
}
