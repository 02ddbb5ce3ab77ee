using System.Text.Json;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>Containers that write what is costly or odd: each line is a document, and the agent's memory stays what it was.</summary>
public sealed class HostileOutputTests(TestMachine machine)
{
    private const int Mebibyte = 1024 * 1024;

    // The limit that the agent has at most while it drains a backlog.
    private const long ResidentBytesMax = 32L * Mebibyte;

    [Fact]
    public async Task Write_SixtyFourMebibytesWithoutNewline_IsOneCutDocumentOfEachSource()
    {
        var (documents, resident) = await CollectAsync(
            $"{{ busybox head -c {64 * Mebibyte} /dev/zero | busybox tr '\\000' x; echo; echo after; }}", 4);

        Assert.Equal(4, documents.Count);
        Assert.Equal(2, documents.Count(document => document.Message == "after"));
        Assert.All(documents.Where(document => document.Message != "after"), document =>
        {
            Assert.Equal(Mebibyte, document.Message.Length);
            Assert.True(document.Source.GetProperty("log").GetProperty("truncated").GetBoolean());
        });
        Assert.InRange(resident, 0, ResidentBytesMax);
    }

    [Fact]
    public async Task Write_DeepJson_StaysTheTextThatItIs()
    {
        const int Depth = 20_000;
        var (documents, _) = await CollectAsync(
            $"awk 'BEGIN {{ for (i = 0; i < {Depth}; i++) printf \"{{\\\"a\\\":[\"; print \"\"; print \"after\" }}'", 4);

        var deep = string.Concat(Enumerable.Repeat("{\"a\":[", Depth));
        Assert.Equal([deep, deep, "after", "after"], documents.Select(document => document.Message).OrderByDescending(text => text.Length));
        Assert.All(documents, document => Assert.False(document.Has("a")));
    }

    [Fact]
    public async Task Write_ManyShortLinesOfControlCharacters_AreDocumentsOfTheirOwn()
    {
        const int LineCount = 10_000;
        var (documents, resident) = await CollectAsync(
            $"awk 'BEGIN {{ for (i = 0; i < {LineCount}; i++) print i \"@\\033[2J\\007\\177\" }}' | busybox tr @ '\\000'", 2 * LineCount);

        var expected = Enumerable.Range(0, LineCount).Select(number => $"{number}\0\u001b[2J\a\u007f").ToList();
        Lines.AssertEachOnce(expected, documents.Where(document => document.Has("stream")).Select(document => document.Message));
        Lines.AssertEachOnce(expected, documents.Where(document => !document.Has("stream")).Select(document => document.Message));
        Assert.InRange(resident, 0, ResidentBytesMax);
    }

    /// <summary>Has a container write the same to stdout and to a file; what arrives of it, and the most memory that the agent had meanwhile.</summary>
    private async Task<(IReadOnlyList<StoredDocument> Documents, long ResidentBytes)> CollectAsync(string script, int documentCount)
    {
        await using var scenario = await Scenario.StartAsync(machine);
        var (volume, _) = await scenario.CreateVolumeAsync();
        var agent = scenario.StartAgent();
        var container = await scenario.RunAsync(new ContainerRequest
        {
            Script = $"{script} > /logs/app.log; {script}; sleep 600",
            Env = ["aliyun_logs_odd=stdout", "aliyun_logs_file=/logs/app.log", "aliyun_logs_file_target=odd"],
            Binds = [$"{volume}:/logs"],
        });

        await scenario.Search.WaitForCountAsync("odd-*", documentCount);
        var resident = agent.Statistics().ResidentBytesPeak;
        var documents = await scenario.CollectAsync(agent, "odd-*", documentCount);

        Assert.Equal(documentCount, documents.Count);
        Assert.All(documents, document => Assert.Equal(container.Name, document.Text("docker_container")));
        return (documents, resident);
    }
}
