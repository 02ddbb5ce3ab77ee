using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LogPilot.Agent.Shipping;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class TlsTests : IAsyncDisposable
{
    private readonly SinkFixture _fixture = new();
    private readonly FakeElasticsearch _server;
    private readonly X509Certificate2 _authority = SelfSigned("CN=authority");

    public TlsTests()
    {
        var pem = Issue("CN=127.0.0.1");
        _server = new FakeElasticsearch(X509Certificate2.CreateFromPem(pem.Certificate, pem.Key));
        File.WriteAllText(PathOf("ca.pem"), _authority.ExportCertificatePem());
        var client = Issue("CN=agent");
        File.WriteAllText(PathOf("client.pem"), client.Certificate);
        File.WriteAllText(PathOf("client.key"), client.Key);
        _fixture.Options = _fixture.Options with { Hosts = [_server.Address] };
    }

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        await _server.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Ship_AuthorityAndClientCertificate_AreUsed()
    {
        _fixture.Options = _fixture.Options with
        {
            CaFile = PathOf("ca.pem"),
            CertificateFile = PathOf("client.pem"),
            KeyFile = PathOf("client.key"),
        };

        var outcomes = await _fixture.ShipAsync(TestBatch.Of(3));

        Assert.Equal(RangeOutcome.Delivered, outcomes[0]);
        Assert.Equal("CN=agent", _server.ClientSubject);
    }

    [Fact]
    public async Task Ship_VerificationIsOff_Delivers()
    {
        _fixture.Options = _fixture.Options with { VerifyCertificate = false };

        var outcomes = await _fixture.ShipAsync(TestBatch.Of(3));

        Assert.Equal(RangeOutcome.Delivered, outcomes[0]);
    }

    [Fact]
    public async Task Connect_UnknownAuthority_SaysWhatToSet()
    {
        using var stop = new CancellationTokenSource();

        var connecting = _fixture.Sink.ConnectAsync(stop.Token);
        while (_fixture.Status.Oldest() is null)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.Contains("is not trusted: give its authority in ELASTICSEARCH_SSL_CA", _fixture.Status.Oldest()!.Value.Text, StringComparison.Ordinal);
        Assert.Empty(_server.Bulks);
    }

    [Theory]
    [InlineData("missing.pem", null, "ELASTICSEARCH_SSL_CA: ")]
    [InlineData("empty.pem", null, "holds no certificate")]
    [InlineData(null, "empty.pem", "ELASTICSEARCH_SSL_CERT and ELASTICSEARCH_SSL_KEY: ")]
    public void TryCreate_UnusableFile_NamesTheVariable(string? ca, string? certificate, string told)
    {
        File.WriteAllText(PathOf("empty.pem"), "");
        var options = new ShippingOptions
        {
            Output = OutputKind.Elasticsearch,
            Elasticsearch = _fixture.Options with
            {
                CaFile = ca is null ? null : PathOf(ca),
                CertificateFile = certificate is null ? null : PathOf(certificate),
            },
        };

        var created = SinkFactory.TryCreate(options, Stream.Null, _fixture.Context, out _, out var error);

        Assert.False(created);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_fixture.DeadLetterDirectory, name);

    private (string Certificate, string Key) Issue(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_authority, _authority.NotBefore, _authority.NotAfter, [1, 2, 3]);
        return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Certificate2 SelfSigned(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
