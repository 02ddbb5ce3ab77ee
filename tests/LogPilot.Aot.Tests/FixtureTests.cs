using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LogPilot.Aot.Tests.Support;

namespace LogPilot.Aot.Tests;

/// <summary>The stage itself, without the agent: when these fail, no other failure means anything.</summary>
public sealed class FixtureTests(TestMachine machine)
{
    [Fact]
    public async Task RunAsync_ContainerThatWrites_LeavesItsLinesInTheEnginesLog()
    {
        var engine = await machine.EngineAsync();

        var container = await engine.RunAsync(new ContainerRequest { Script = Lines.Write("line", 100) });
        await container.WaitForExitAsync();
        var log = await File.ReadAllLinesAsync(await container.LogPathAsync());
        await container.RemoveAsync();

        Assert.Equal(100, log.Length);
        Assert.Contains("\"log\":\"line 1\\n\",\"stream\":\"stdout\"", log[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestartAsync_Engine_KeepsItsContainersAndImages()
    {
        var engine = await machine.EngineAsync();
        var container = await engine.RunAsync(new ContainerRequest { Script = "sleep 600" });

        await engine.RestartAsync();
        var afterRestart = (await container.InspectAsync()).State.Running;
        await container.StartAsync();
        await engine.KillDaemonAsync();
        await engine.StartDaemonAsync();
        var afterCrash = (await container.InspectAsync()).State.Running;
        await container.RemoveAsync();

        Assert.False(afterRestart);
        Assert.False(afterCrash);
    }

    [Fact]
    public async Task SearchAllAsync_MoreThanOnePage_ReturnsEveryDocument()
    {
        var server = await machine.EmptyServerAsync(TestMachine.DefaultServer);
        var bulk = string.Concat(Lines.Numbered("line", 4500).Select(line => $"{{\"create\":{{\"_index\":\"a-1\",\"_id\":\"{line}\"}}}}\n{{\"message\":\"{line}\"}}\n"));

        using var answer = await server.Search.RequiredAsync(HttpMethod.Post, "/_bulk", bulk);
        await server.Search.WaitForCountAsync("a-*", 4500);
        var documents = await server.Search.SearchAllAsync("a-*");

        Lines.AssertEachOnce(Lines.Numbered("line", 4500), documents.Select(document => document.Message));
        Assert.Empty(await server.Search.SearchAllAsync("b-*"));
    }

    [Fact]
    public async Task StartAgainAsync_ServerThatWasKilled_HasItsDocuments()
    {
        var server = await machine.EmptyServerAsync(TestMachine.DefaultServer);
        using var answer = await server.Search.RequiredAsync(HttpMethod.Put, "/a-1/_create/1", "{\"message\":\"kept\"}");

        await server.KillAsync();
        await server.StartAgainAsync();

        await server.Search.WaitForCountAsync("a-*", 1);
        Assert.Equal("kept", (await server.Search.SearchAllAsync("a-*")).Single().Message);
    }

    [Fact]
    public async Task Nginx_PrefixWithPassword_ReachesTheServer()
    {
        var server = await machine.EmptyServerAsync(TestMachine.DefaultServer);
        await using var nginx = new Nginx(server.Address);
        await nginx.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await AskAsync(nginx, Nginx.Password, Nginx.PathPrefix));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(nginx, "wrong", Nginx.PathPrefix));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(nginx, Nginx.Password, ""));
    }

    [Fact]
    public void Fill_SmallTmpfs_TakesNoMoreUntilItIsRemounted()
    {
        using var scratch = new ScratchDirectory();
        using var disk = TmpfsMount.At(scratch.PathOf("disk"), "size=16k");
        var more = Path.Combine(disk.Path, "more");

        disk.Fill();

        Assert.Throws<IOException>(() => File.WriteAllText(more, "more"));
        disk.Remount("size=64k");
        File.WriteAllText(more, "more");
        disk.Remount("ro");
        Assert.Throws<IOException>(() => File.WriteAllText(more, "again"));
    }

    [Fact]
    public void Of_OwnProcess_HasMemoryTimeAndFiles()
    {
        var statistics = ProcessStatistics.Of(Environment.ProcessId);

        Assert.InRange(statistics.ResidentBytes, 1 << 20, statistics.ResidentBytesPeak);
        Assert.True(statistics.ProcessorTime > TimeSpan.Zero);
        Assert.True(statistics.OpenFiles > 2);
    }

    [Fact]
    public void AssertEachOnce_MissingAndRepeatedLines_Fails()
    {
        Lines.AssertEachOnce(["a", "b"], ["b", "a"]);

        Assert.ThrowsAny<Exception>(() => Lines.AssertEachOnce(["a", "b"], ["a"]));
        Assert.ThrowsAny<Exception>(() => Lines.AssertEachOnce(["a", "b"], ["a", "b", "a"]));
        Assert.ThrowsAny<Exception>(() => Lines.AssertEachOnce(["a"], ["a", "c"]));
    }

    /// <summary>Over TLS, with any certificate: what the agent accepts is the agent's test.</summary>
    private static async Task<HttpStatusCode> AskAsync(Nginx nginx, string password, string prefix)
    {
        using var handler = new HttpClientHandler();
        handler.ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate!.Issuer == "CN=LogPilot.Aot tests";
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{nginx.HttpsPort}{prefix}/");
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Nginx.User}:{password}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
