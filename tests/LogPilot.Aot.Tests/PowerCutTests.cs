using LogPilot.Agent.Tests.Support;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The state directory as a disk may hold it at any moment: an agent that starts on it loses nothing.</summary>
public sealed class PowerCutTests
{
    private const int Copies = 10;
    private const int LinesOfAStep = 2000;
    private const int LineCount = (Copies + 1) * LinesOfAStep;

    [Fact]
    public async Task Start_OnCopiesOfTheStateTakenWhileItWasWritten_EveryLineOnce()
    {
        await using var stage = new FakeStage();
        var agent = stage.StartAgent();
        var states = new List<(string Directory, KeyValuePair<string, string>[] Stored)>();
        for (var step = 0; step < Copies; step++)
        {
            // The copy is taken as soon as the server has some of the step's lines: the rest is on its way.
            stage.Append(FakeStage.TimedLines(LinesOfAStep, (step * LinesOfAStep) + 1));
            await FakeStage.WaitForCountAsync(stage.Server, (step * LinesOfAStep) + 1);
            states.Add((CopyState(stage, step), stage.Server.Documents.ToArray()));
        }

        await agent.KillAsync();
        stage.Append(FakeStage.TimedLines(LinesOfAStep, (Copies * LinesOfAStep) + 1));
        foreach (var (directory, stored) in states)
        {
            await using var server = new FakeElasticsearch();
            foreach (var (key, document) in stored)
            {
                server.Documents[key] = document;
            }

            stage.AgentEnvironment["LOGPILOT_STATE_DIR"] = directory;
            stage.AgentEnvironment["ELASTICSEARCH_HOSTS"] = server.Address.Authority;
            var next = stage.StartAgent();
            await FakeStage.WaitForCountAsync(server, LineCount);
            Assert.Equal(0, await next.StopAsync());

            Lines.AssertEachOnce(FakeStage.TimedLines(LineCount), FakeStage.Messages(server));
        }
    }

    private static string CopyState(FakeStage stage, int step)
    {
        var copy = stage.Scratch.CreateDirectory($"copy-{step}");
        foreach (var file in Directory.EnumerateFiles(stage.AgentEnvironment["LOGPILOT_STATE_DIR"]))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }
}
