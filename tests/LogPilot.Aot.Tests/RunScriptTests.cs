using System.Text.Json;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary><c>make run</c> behind its build: the first thing that a reader of the README tries.</summary>
public sealed class RunScriptTests(TestMachine machine)
{
    private const int LineCount = 100;

    [Fact]
    public async Task Run_WithoutAnOutput_PrintsDocumentsOnStandardOutputOnly()
    {
        var engine = await machine.EngineAsync();
        using var scratch = new ScratchDirectory();
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["DOCKER_HOST"] = engine.Endpoint.OriginalString,
            ["LOGPILOT_STATE_DIR"] = scratch.PathOf("state"),
        };
        await using var agent = AgentProcess.StartBy(Path.Combine(RepositoryRoot.Path, "scripts", "run"), environment);
        var container = await engine.RunAsync(new ContainerRequest
        {
            Script = $"{Lines.Write("hello", LineCount)}; sleep 600",
            Env = ["aliyun_logs_hello=stdout"],
        });
        try
        {
            await Eventually.TrueAsync(
                () => agent.Output.Count >= LineCount,
                () => $"{LineCount} documents are printed; {agent.Output.Count} are, and the log is\n{string.Join('\n', agent.Log)}");
            Assert.Equal(0, await agent.StopAsync());

            var documents = agent.Output.Select(line => JsonDocument.Parse(line).RootElement).ToList();
            Lines.AssertEachOnce(
                Lines.Numbered("hello", LineCount), documents.Select(document => document.GetProperty("message").GetString()!));
            Assert.All(documents, document => Assert.Equal(container.Name, document.GetProperty("docker_container").GetString()));
            Assert.DoesNotContain(agent.Log, line => line.StartsWith('{'));
        }
        finally
        {
            await container.RemoveAsync();
        }
    }
}
