using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class ServerProbeTests : IAsyncDisposable
{
    private readonly SinkFixture _fixture = new();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData("""{"version":{"number":"5.6.16"}}""", "doc")]
    [InlineData("""{"version":{"number":"6.8.23","build_flavor":"oss"}}""", "doc")]
    [InlineData("""{"version":{"number":"7.17.28"}}""", null)]
    [InlineData("""{"name":"n","version":{"build_hash":"x","number":"10.0.0-SNAPSHOT"}}""", null)]
    [InlineData("""{"version":{"distribution":"opensearch","number":"2.19.6"}}""", null)]
    public async Task Connect_KnownVersion_DecidesTheType(string version, string? type)
    {
        _fixture.Server.Version = version;

        var target = await _fixture.Sink.ConnectAsync(CancellationToken.None);

        Assert.Equal(new DocumentTarget(true, type, 9), target);
    }

    // A user that may only write gets 403 from GET /; the bulk API's own words then decide, as each version says them.
    [Theory]
    [InlineData(400, """{"error":{"root_cause":[],"type":"action_request_validation_exception","reason":"Validation Failed: 1: type is missing;"},"status":400}""", "doc")]
    [InlineData(200, """{"errors":true,"items":[{"create":{"status":400}}]}""", null)]
    [InlineData(200, """{"errors":true,"items":[{"create":{"status":403}}]}""", null)]
    public async Task Connect_VersionIsForbidden_AsksTheBulkApi(int status, string answer, string? type)
    {
        _fixture.Server.VersionStatus = 403;
        _fixture.Server.Next.Enqueue(FakeReply.Json(status, answer));

        var target = await _fixture.Sink.ConnectAsync(CancellationToken.None);

        Assert.Equal(new DocumentTarget(true, type, 9), target);
        Assert.Empty(_fixture.Server.Documents);
    }

    [Theory]
    [InlineData(401, "{}", "set ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD")]
    [InlineData(200, "<html>", "is not Elasticsearch")]
    [InlineData(200, """{"version":"1.0"}""", "is not Elasticsearch")]
    [InlineData(503, "", "is not available (503)")]
    public async Task Connect_NoVersion_SaysWhyAndAsksAgain(int status, string body, string told)
    {
        (_fixture.Server.VersionStatus, _fixture.Server.Version) = (status, body);

        var connecting = _fixture.Sink.ConnectAsync(CancellationToken.None);
        while (_fixture.Status.Oldest() is null)
        {
            await Task.Yield();
        }

        var text = _fixture.Status.Oldest()!.Value.Text;
        (_fixture.Server.Version, _fixture.Server.VersionStatus) = ("""{"version":{"number":"9.2.0"}}""", 200);
        var target = await connecting;

        Assert.Contains(told, text, StringComparison.Ordinal);
        Assert.Null(target.TypeName);
        Assert.Null(_fixture.Status.Oldest());
    }

    [Fact]
    public async Task Connect_NobodyListens_NamesTheAddressWithoutThePassword()
    {
        _fixture.Options = _fixture.Options with { Hosts = [new Uri("http://logs:s3cret@127.0.0.1:1/es")] };
        using var stop = new CancellationTokenSource();

        var connecting = _fixture.Sink.ConnectAsync(stop.Token);
        while (_fixture.Status.Oldest() is null)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.StartsWith("Elasticsearch at http://127.0.0.1:1/es cannot be reached", _fixture.Status.Oldest()!.Value.Text, StringComparison.Ordinal);
    }
}
