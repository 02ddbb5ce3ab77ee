using LogPilot.Agent;
using LogPilot.Agent.Containers.Docker;
using LogPilot.Agent.Declarations;
using LogPilot.Agent.Shipping;
using LogPilot.Aot.Options;
using Microsoft.Extensions.Logging;

namespace LogPilot.Aot.Tests.Options;

public sealed class OptionsReaderTests : IDisposable
{
    private readonly OptionFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Read_EmptyEnvironment_GivesTheDefaultsOfTheRecords()
    {
        var options = _files.ReadValid();

        var expected = new AgentOptions();
        Assert.Equal([new DockerOptions { Host = new Uri($"unix://{_files.PathOf("docker.sock")}") }], options.Runtimes);
        Assert.Equal(expected.Tail, options.Tail);
        Assert.Equal(expected.Lines, options.Lines);
        Assert.Equal(expected.Records, options.Records);
        Assert.Equal(expected.Tracking with { StateDirectory = _files.PathOf("state") }, options.Tracking);
        Assert.Equal(expected.Shipping with { DeadLetterDirectory = _files.PathOf("state") }, options.Shipping);
        Assert.Equal(["aliyun"], options.Declarations.Prefixes);
        Assert.Null(options.Declarations.DefaultIndex);
        Assert.Equal(expected.StopDeadline, options.StopDeadline);
        Assert.Equal(LogLevel.Information, options.LogLevel);
    }

    [Fact]
    public void Read_DefaultsOfTheTableGivenForElasticsearchAndFile_AreThoseOfTheRecords()
    {
        var elasticsearch = _files.ReadValid(("LOGGING_OUTPUT", "elasticsearch"), ("ELASTICSEARCH_HOSTS", "es"));
        var file = _files.ReadValid(("LOGGING_OUTPUT", "file"), ("FILE_PATH", "/out"));

        Assert.Equal(
            new ElasticsearchOptions { Hosts = elasticsearch.Shipping.Elasticsearch.Hosts },
            elasticsearch.Shipping.Elasticsearch);
        Assert.Equal(new FileSinkOptions { Directory = "/out" }, file.Shipping.File);
    }

    [Fact]
    public void Read_EnvironmentOfTheOldDaemonSet_IsValid()
    {
        _files.CreateDirectory("host");
        _files.CreateDirectory("filebeat");

        var options = _files.ReadValid(
            ("PILOT_TYPE", "filebeat"), ("PILOT_LOG_PREFIX", "aliyun,custom"), ("NODE_NAME", "n1"),
            ("LOGGING_OUTPUT", "elasticsearch"), ("ELASTICSEARCH_HOSTS", "es-a:9200,es-b:9201"),
            ("ELASTICSEARCH_USER", "elastic"), ("ELASTICSEARCH_PASSWORD", "s3cret"),
            ("FILEBEAT_LOG_LEVEL", "info"), ("FILEBEAT_MAX_PROCS", "2"), ("PILOT_CREATE_SYMLINK", "true"),
            ("KUBERNETES_PORT", "tcp://10.0.0.1:443"));

        Assert.Equal(["aliyun", "custom"], options.Declarations.Prefixes);
        Assert.Equal("n1", options.Records.NodeName);
        Assert.Equal(OutputKind.Elasticsearch, options.Shipping.Output);
        Assert.Equal("elastic", options.Shipping.Elasticsearch.User);
        Assert.Equal("s3cret", options.Shipping.Elasticsearch.Password);
        Assert.Equal(_files.PathOf("host"), options.Tail.HostRoot);
        Assert.Equal(_files.PathOf("filebeat"), options.Tracking.StateDirectory);
    }

    [Fact]
    public void Read_SeveralErrors_ReportsAllOfThem()
    {
        var outcome = _files.Read(
            ("LOGPILOT_SCAN_INTERVAL", "5"), ("LOGPILOT_LINE_BYTES_MAX", "1"), ("LOGGING_OUTPUT", "elasticsearch"));

        Assert.Null(outcome.Options);
        Assert.Collection(
            outcome.Errors.Order(StringComparer.Ordinal),
            error => Assert.StartsWith("ELASTICSEARCH_HOST required", error),
            error => Assert.StartsWith("LOGPILOT_LINE_BYTES_MAX: '1' is out of range; it must be from 1KiB to 64MiB", error),
            error => Assert.StartsWith("LOGPILOT_SCAN_INTERVAL: '5' is not a duration", error));
    }

    [Theory]
    [InlineData("LOGPILOT_BATCHS", "LOGPILOT_BATCHES")]
    [InlineData("LOGPILOT_BATCH_AGES", "LOGPILOT_BATCH_AGE")]
    [InlineData("LOGPILOT_SCANINTERVAL", "LOGPILOT_SCAN_INTERVAL")]
    public void Read_MisspeltName_SuggestsTheNearest(string name, string nearest)
    {
        var error = _files.ReadError((name, "x"));

        Assert.StartsWith($"{name}: unknown variable; did you mean {nearest}?", error);
    }

    [Fact]
    public void Read_UnknownNameFarFromAll_SuggestsNothing()
    {
        var error = _files.ReadError(("LOGPILOT_TELEPORTATION", "x"));

        Assert.DoesNotContain("did you mean", error);
    }

    [Theory]
    [InlineData("LOGPILOT_SERVICE_HOST")]
    [InlineData("LOGPILOT_SERVICE_PORT")]
    [InlineData("LOGPILOT_SERVICE_PORT_HTTP")]
    [InlineData("LOGPILOT_PORT")]
    [InlineData("LOGPILOT_PORT_9100_TCP")]
    [InlineData("LOGPILOT_METRICS_PORT_9100_TCP_ADDR")]
    public void Read_NameThatKubernetesSetsForAService_IsNoError(string name) =>
        _files.ReadValid((name, "tcp://10.0.0.1:9100"));

    [Fact]
    public void Read_EmptyValue_CountsAsNotSet()
    {
        var options = _files.ReadValid(("LOGPILOT_BATCHES", ""), ("PILOT_LOG_PREFIX", ""), ("LOGGING_OUTPUT", ""));

        Assert.Equal(6, options.Shipping.BatchCount);
        Assert.Equal(["aliyun"], options.Declarations.Prefixes);
        Assert.Equal(OutputKind.Console, options.Shipping.Output);
    }

    [Fact]
    public void Read_FileForm_ReadsTheFileWithoutItsLineEnd()
    {
        var path = _files.Write("node", "n1\n");

        var options = _files.ReadValid(("NODE_NAME_FILE", path));

        Assert.Equal("n1", options.Records.NodeName);
    }

    [Fact]
    public void Read_ValueAndFileForm_IsAnError()
    {
        var path = _files.Write("node", "n1");

        var error = _files.ReadError(("NODE_NAME", "n1"), ("NODE_NAME_FILE", path));

        Assert.Equal("NODE_NAME_FILE: NODE_NAME is set too; remove one of the two", error);
    }

    [Fact]
    public void Read_FileFormOfAMissingFile_NamesTheFileOnce()
    {
        var error = _files.ReadError(("LOGGING_OUTPUT_FILE", _files.PathOf("absent")));

        Assert.StartsWith($"LOGGING_OUTPUT_FILE: '{_files.PathOf("absent")}' does not exist", error);
    }

    [Fact]
    public void Read_WrongValueInAFile_NamesTheFileForm()
    {
        var path = _files.Write("batches", "many");

        var error = _files.ReadError(("LOGPILOT_BATCHES_FILE", path));

        Assert.StartsWith("LOGPILOT_BATCHES_FILE: 'many'", error);
    }

    [Fact]
    public void Read_FileFormOfAnUnknownName_IsUnknown()
    {
        var error = _files.ReadError(("LOGPILOT_BATCHS_FILE", "/x"));

        Assert.StartsWith("LOGPILOT_BATCHS_FILE: unknown variable", error);
    }

    [Fact]
    public void Read_PrefixesWithSpaces_TrimsAndWarns()
    {
        var outcome = _files.Read(("PILOT_LOG_PREFIX", "aliyun, custom,"));

        Assert.Equal(["aliyun", "custom"], outcome.Options!.Declarations.Prefixes);
        Assert.Contains("is read as 'aliyun,custom'", Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void Read_PrefixesOfCommasOnly_IsAnError() =>
        Assert.StartsWith("PILOT_LOG_PREFIX: ',' names no prefix", _files.ReadError(("PILOT_LOG_PREFIX", ",")));

    [Fact]
    public void Read_HostLogs_KeepsThoseOfThePrefixesOnly()
    {
        var options = _files.ReadValid(
            ("PILOT_LOG_PREFIX", "custom"), ("custom_logs_b", "/b=.log"), ("custom_logs_a", "/a.log"),
            ("aliyun_logs_c", "/c.log"), ("custom_logsd", "/d.log"));

        Assert.Equal(["custom_logs_a=/a.log", "custom_logs_b=/b=.log"], options.HostEnv);
    }

    [Fact]
    public void Read_CollectAllStdout_SetsTheDefaultIndex()
    {
        Assert.Equal("logs", _files.ReadValid(("LOGPILOT_COLLECT", "all-stdout")).Declarations.DefaultIndex);
        Assert.Equal("rest", _files.ReadValid(
            ("LOGPILOT_COLLECT", "all-stdout"), ("LOGPILOT_DEFAULT_INDEX", "rest")).Declarations.DefaultIndex);
    }

    [Fact]
    public void Read_DefaultIndexWithoutCollect_Warns() =>
        Assert.Contains("LOGPILOT_DEFAULT_INDEX is not used", Assert.Single(_files.Read(("LOGPILOT_DEFAULT_INDEX", "x")).Warnings));

    [Theory]
    [InlineData("Logs")]
    [InlineData("-logs")]
    [InlineData(".logs")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("a/b")]
    public void Read_DefaultIndexThatElasticsearchRefuses_IsAnError(string name) =>
        Assert.StartsWith("LOGPILOT_DEFAULT_INDEX", _files.ReadError(
            ("LOGPILOT_COLLECT", "all-stdout"), ("LOGPILOT_DEFAULT_INDEX", name)));

    [Theory]
    [InlineData("yyyy.MM.dd")]
    [InlineData("yyyy.MM")]
    [InlineData("yyMMdd_HH")]
    [InlineData("yyyy-MM-dd")]
    public void Read_IndexDateFormat_IsKept(string format) =>
        Assert.Equal(format, _files.ReadValid(("LOGPILOT_INDEX_DATE_FORMAT", format)).Records.IndexDateFormat);

    [Theory]
    [InlineData("YYYY.MM.DD")]
    [InlineData("yyy")]
    [InlineData("yyyy.M.d")]
    [InlineData("yyyy/MM")]
    [InlineData("yyyy'w'")]
    [InlineData("...")]
    public void Read_IndexDateFormatWithOtherLetters_IsAnError(string format) =>
        Assert.StartsWith($"LOGPILOT_INDEX_DATE_FORMAT: '{format}'", _files.ReadError(("LOGPILOT_INDEX_DATE_FORMAT", format)));

    [Fact]
    public void Read_HostRoot_EnvironmentWinsOverCommandLine()
    {
        var environment = new Dictionary<string, string> { ["LOGPILOT_HOST_ROOT"] = _files.CreateDirectory("a") };
        var argument = _files.CreateDirectory("b");

        var both = OptionsReader.Read(environment, _files.Paths, argument);
        var one = OptionsReader.Read(new Dictionary<string, string>(), _files.Paths, argument);

        Assert.Equal(_files.PathOf("a"), both.Options!.Tail.HostRoot);
        Assert.Equal(argument, one.Options!.Tail.HostRoot);
    }

    [Fact]
    public void Read_HostRootWithASlashAtItsEnd_LosesIt()
    {
        var root = _files.CreateDirectory("a");

        Assert.Equal(root, _files.ReadValid(("LOGPILOT_HOST_ROOT", root + "/")).Tail.HostRoot);
        Assert.Equal("/", _files.ReadValid(("LOGPILOT_HOST_ROOT", "/")).Tail.HostRoot);
    }

    [Fact]
    public void Read_HostRootThatDoesNotExist_IsAnError() =>
        Assert.Contains("is not a directory", _files.ReadError(("LOGPILOT_HOST_ROOT", _files.PathOf("absent"))));

    [Fact]
    public void Read_BothStateDirectories_TakesOurs()
    {
        _files.CreateDirectory("state");
        _files.CreateDirectory("filebeat");

        Assert.Equal(_files.PathOf("state"), _files.ReadValid().Tracking.StateDirectory);
    }

    [Fact]
    public void Read_RelativeStateDirectory_IsAnError() =>
        Assert.StartsWith("LOGPILOT_STATE_DIR: 'state' is not an absolute path", _files.ReadError(("LOGPILOT_STATE_DIR", "state")));

    [Theory]
    [InlineData("DEBUG", LogLevel.Debug)]
    [InlineData("warn", LogLevel.Warning)]
    public void Read_LogLevel_IgnoresCase(string text, LogLevel level) =>
        Assert.Equal(level, _files.ReadValid(("LOGPILOT_LOG_LEVEL", text)).LogLevel);

    [Fact]
    public void Read_ControlCharactersAndLongValues_AreShownOnOneShortLine()
    {
        var error = _files.ReadError(("LOGPILOT_LOG_LEVEL", "a\nb" + new string('x', 5000)));

        Assert.StartsWith("LOGPILOT_LOG_LEVEL: 'a?bxx", error);
        Assert.True(error.Length < 300);
    }

    [Fact]
    public void ReadTracking_OtherVariablesWrong_StillAnswers()
    {
        var environment = new Dictionary<string, string>
        {
            ["LOGPILOT_STATE_DIR"] = "/s",
            ["LOGGING_OUTPUT"] = "nowhere",
            ["LOGPILOT_X"] = "",
        };

        var options = OptionsReader.ReadTracking(environment, _files.Paths, out var errors);

        Assert.Empty(errors);
        Assert.Equal("/s", options!.StateDirectory);
    }
}
