using LogPilot.Agent.Shipping;
using LogPilot.Aot.Options;

namespace LogPilot.Aot.Tests.Options;

public sealed class ElasticsearchReaderTests : IDisposable
{
    private readonly OptionFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("es", "http://es:9200/")]
    [InlineData("es:9201", "http://es:9201/")]
    [InlineData(" a , b:80,", "http://a:9200/ http://b/")]
    [InlineData("https://es", "https://es:9200/")]
    [InlineData("HTTPS://es:443", "https://es/")]
    [InlineData("http://es/proxy/", "http://es:9200/proxy/")]
    [InlineData("10.0.0.1", "http://10.0.0.1:9200/")]
    [InlineData("[::1]:9201", "http://[::1]:9201/")]
    [InlineData("[::1]", "http://[::1]:9200/")]
    public void Read_Hosts_CompletesEachAddress(string hosts, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(("ELASTICSEARCH_HOSTS", hosts)).Hosts.Select(host => host.AbsoluteUri)));

    [Theory]
    [InlineData("es", "https://es:9200/search/")]
    [InlineData("http://es/own", "http://es:9200/own/")]
    [InlineData("http://es/", "http://es:9200/search/")]
    public void Read_SchemeAndPath_FillWhatAnAddressLacks(string host, string expected) =>
        Assert.Equal(expected, Assert.Single(Read(
            ("ELASTICSEARCH_HOSTS", host), ("ELASTICSEARCH_SCHEME", "https"), ("ELASTICSEARCH_PATH", "search")).Hosts).AbsoluteUri);

    [Theory]
    [InlineData("es:port")]
    [InlineData("es:0")]
    [InlineData("es:65536")]
    [InlineData("::1")]
    [InlineData("a b")]
    [InlineData("ftp://es")]
    [InlineData("http://")]
    [InlineData("http://es?x=1")]
    public void Read_HostThatIsNoAddress_IsAnError(string host) =>
        Assert.StartsWith($"ELASTICSEARCH_HOSTS: '{host}'", ReadError(("ELASTICSEARCH_HOSTS", "good," + host)));

    [Fact]
    public void Read_HostWithCredentials_IsRefusedWithoutShowingThem()
    {
        var error = ReadError(("ELASTICSEARCH_HOSTS", "http://me:hunter2@es:9200"));

        Assert.StartsWith("ELASTICSEARCH_HOSTS: 'http://***@es:9200' holds a user or password", error);
    }

    [Fact]
    public void Read_HostAndPort_AreOneAddress() =>
        Assert.Equal("http://es:9300/", Assert.Single(Read(
            ("ELASTICSEARCH_HOST", "es"), ("ELASTICSEARCH_PORT", "9300")).Hosts).AbsoluteUri);

    [Fact]
    public void Read_HostsAndHost_HostsWin() =>
        Assert.Equal("http://a:9200/", Assert.Single(Read(
            ("ELASTICSEARCH_HOSTS", "a"), ("ELASTICSEARCH_HOST", "b"), ("ELASTICSEARCH_PORT", "tcp://10.0.0.1:9200")).Hosts).AbsoluteUri);

    [Fact]
    public void Read_NoHost_IsRequiredAsInLogPilot() => Assert.StartsWith("ELASTICSEARCH_HOST required", ReadError());

    [Fact]
    public void Read_HostWithoutPort_IsRequiredAsInLogPilot() =>
        Assert.StartsWith("ELASTICSEARCH_PORT required", ReadError(("ELASTICSEARCH_HOST", "es")));

    [Fact]
    public void Read_PortThatKubernetesSetForAService_SaysSo() =>
        Assert.Contains("comes from a Kubernetes service", ReadError(
            ("ELASTICSEARCH_HOST", "es"), ("ELASTICSEARCH_PORT", "tcp://10.0.0.1:9200")));

    [Fact]
    public void Read_PasswordOfAFile_LosesOneLineEndOnly()
    {
        var path = _files.Write("password", " pass:word \n\n");

        var options = Read(
            ("ELASTICSEARCH_HOSTS", "es"), ("ELASTICSEARCH_USER", "u"), ("ELASTICSEARCH_PASSWORD_FILE", path));

        Assert.Equal(" pass:word \n", options.Password);
    }

    [Fact]
    public void Read_CredentialFile_WinsAndIsSplitAtTheFirstColon()
    {
        _files.Write("es_credential", "elastic:a:b:c\n");

        var outcome = ReadOutcome(
            ("ELASTICSEARCH_HOSTS", "es"), ("ELASTICSEARCH_USER", "other"), ("ELASTICSEARCH_PASSWORD", "other"));

        Assert.Equal("elastic", outcome.Options!.Shipping.Elasticsearch.User);
        Assert.Equal("a:b:c", outcome.Options.Shipping.Elasticsearch.Password);
        Assert.Contains("are ignored", Assert.Single(outcome.Notices));
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData(":hunter2")]
    [InlineData("")]
    public void Read_CredentialFileWithoutUser_IsAnErrorThatDoesNotShowIt(string content)
    {
        _files.Write("es_credential", content);

        var error = ReadError(("ELASTICSEARCH_HOSTS", "es"));

        Assert.Contains("must hold user:password", error);
        Assert.DoesNotContain("hunter2", error);
    }

    [Fact]
    public void Read_PasswordWithoutUser_Warns() =>
        Assert.Contains("ELASTICSEARCH_USER is not set", Assert.Single(ReadOutcome(
            ("ELASTICSEARCH_HOSTS", "es"), ("ELASTICSEARCH_PASSWORD", "x")).Warnings));

    [Fact]
    public void Read_ApiKey_IsKept() =>
        Assert.Equal("aWQ6a2V5", Read(("ELASTICSEARCH_HOSTS", "es"), ("ELASTICSEARCH_API_KEY", "aWQ6a2V5")).ApiKey);

    [Fact]
    public void Read_ApiKeyThatIsNotBase64_IsAnErrorThatDoesNotShowIt() =>
        Assert.DoesNotContain("secret-id", ReadError(("ELASTICSEARCH_HOSTS", "es"), ("ELASTICSEARCH_API_KEY", "secret-id:key")));

    [Fact]
    public void Read_ApiKeyAndUser_IsAnError() =>
        Assert.Contains("together with a user", ReadError(
            ("ELASTICSEARCH_HOSTS", "es"), ("ELASTICSEARCH_API_KEY", "aWQ6a2V5"), ("ELASTICSEARCH_USER", "u")));

    [Fact]
    public void Read_PemFiles_AreKept()
    {
        var pem = _files.Write("a.pem", "-----BEGIN CERTIFICATE-----\n");

        var options = Read(
            ("ELASTICSEARCH_HOSTS", "https://es"), ("ELASTICSEARCH_SSL_CA", pem),
            ("ELASTICSEARCH_SSL_CERT", pem), ("ELASTICSEARCH_SSL_KEY", pem));

        Assert.Equal((pem, pem, pem), (options.CaFile, options.CertificateFile, options.KeyFile));
    }

    [Fact]
    public void Read_PemTextInsteadOfAPath_IsAnErrorThatDoesNotShowIt()
    {
        var path = _files.Write("key.pem", "-----BEGIN CERTIFICATE-----\nhunter2\n");

        var error = ReadError(("ELASTICSEARCH_HOSTS", "https://es"), ("ELASTICSEARCH_SSL_CA_FILE", path));

        Assert.StartsWith("ELASTICSEARCH_SSL_CA_FILE: holds PEM text where a path belongs; set ELASTICSEARCH_SSL_CA", error);
        Assert.DoesNotContain("hunter2", error);
    }

    [Fact]
    public void Read_CertificateWithoutKey_IsAnError()
    {
        var pem = _files.Write("a.pem", "-----BEGIN CERTIFICATE-----\n");

        Assert.StartsWith("ELASTICSEARCH_SSL_KEY required", ReadError(
            ("ELASTICSEARCH_HOSTS", "https://es"), ("ELASTICSEARCH_SSL_CERT", pem)));
    }

    [Fact]
    public void Read_AuthorityFileThatIsMissingOrNoPem_IsAnError()
    {
        var text = _files.Write("a.txt", "hello");

        Assert.Contains("does not exist", ReadError(("ELASTICSEARCH_HOSTS", "https://es"), ("ELASTICSEARCH_SSL_CA", text + ".x")));
        Assert.Contains("is not a PEM file", ReadError(("ELASTICSEARCH_HOSTS", "https://es"), ("ELASTICSEARCH_SSL_CA", text)));
    }

    [Fact]
    public void Read_VerifyFalse_Warns()
    {
        var outcome = ReadOutcome(("ELASTICSEARCH_HOSTS", "https://es"), ("ELASTICSEARCH_SSL_VERIFY", "false"));

        Assert.False(outcome.Options!.Shipping.Elasticsearch.VerifyCertificate);
        Assert.StartsWith("ELASTICSEARCH_SSL_VERIFY", Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void Read_Index_IsIgnoredWithANotice() =>
        Assert.Contains("ELASTICSEARCH_INDEX is ignored", Assert.Single(ReadOutcome(
            ("ELASTICSEARCH_HOSTS", "es"), ("ELASTICSEARCH_INDEX", "filebeat")).Notices));

    private ElasticsearchOptions Read(params (string Name, string Value)[] variables) =>
        _files.ReadValid([("LOGGING_OUTPUT", "elasticsearch"), .. variables]).Shipping.Elasticsearch;

    private string ReadError(params (string Name, string Value)[] variables) =>
        _files.ReadError([("LOGGING_OUTPUT", "elasticsearch"), .. variables]);

    private OptionsOutcome ReadOutcome(params (string Name, string Value)[] variables) =>
        _files.Read([("LOGGING_OUTPUT", "elasticsearch"), .. variables]);
}
