using LogPilot.Agent.Shipping;

namespace LogPilot.Aot.Tests.Options;

public sealed class ShippingReaderTests : IDisposable
{
    private readonly OptionFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("logstash")]
    [InlineData("kafka")]
    [InlineData("redis")]
    [InlineData("count")]
    [InlineData("graylog")]
    [InlineData("aliyun_sls")]
    [InlineData("syslog")]
    [InlineData("null")]
    [InlineData("flowcounter")]
    public void Read_OutputOfLogPilotThatIsNotBuilt_IsRefusedByName(string output) =>
        Assert.StartsWith(
            $"LOGGING_OUTPUT: '{output}' is an output of log-pilot that is not supported yet",
            _files.ReadError(("LOGGING_OUTPUT", output)));

    [Fact]
    public void Read_UnknownOutput_IsRefused() =>
        Assert.StartsWith("LOGGING_OUTPUT: 'elastic' is no output", _files.ReadError(("LOGGING_OUTPUT", "elastic")));

    [Theory]
    [InlineData("filebeat", OutputKind.Console)]
    [InlineData("", OutputKind.Console)]
    [InlineData("fluentd", OutputKind.File)]
    public void Read_OutputsOfBothEngines_TheTypeSelects(string type, object output)
    {
        var options = _files.ReadValid(
            ("PILOT_TYPE", type), ("LOGGING_OUTPUT", "kafka"), ("FILEBEAT_OUTPUT", "console"),
            ("FLUENTD_OUTPUT", "file"), ("FILE_PATH", "/out"));

        Assert.Equal(output, options.Shipping.Output);
    }

    [Fact]
    public void Read_UnknownPilotType_IsRefused() =>
        Assert.StartsWith("PILOT_TYPE: 'flume' is none of filebeat, fluentd", _files.ReadError(("PILOT_TYPE", "flume")));

    [Fact]
    public void Read_HostsWithoutOutput_WarnsThatTheyAreNotUsed()
    {
        var outcome = _files.Read(("ELASTICSEARCH_HOSTS", "es:9200"));

        Assert.Equal(OutputKind.Console, outcome.Options!.Shipping.Output);
        Assert.StartsWith("ELASTICSEARCH_HOSTS is not used: LOGGING_OUTPUT is not set", Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void Read_MoreWorkersThanBatches_RaisesBatchesThatAreNotSet()
    {
        var shipping = _files.ReadValid(("ELASTICSEARCH_WORKER", "8")).Shipping;

        Assert.Equal(8, shipping.Senders);
        Assert.Equal(9, shipping.BatchCount);
    }

    [Fact]
    public void Read_FewBatchesAndWorkersThatAreNotSet_LowersWorkers()
    {
        var shipping = _files.ReadValid(("LOGPILOT_BATCHES", "3")).Shipping;

        Assert.Equal((2, 3), (shipping.Senders, shipping.BatchCount));
    }

    [Fact]
    public void Read_MoreWorkersThanBatchesThatAreSet_IsAnError() =>
        Assert.EndsWith("set at least 9", _files.ReadError(("ELASTICSEARCH_WORKER", "8"), ("LOGPILOT_BATCHES", "8")));

    [Fact]
    public void Read_ShippingValues_AreKept()
    {
        var shipping = _files.ReadValid(
            ("LOGPILOT_BATCH_BYTES", "512KiB"), ("LOGPILOT_BATCH_AGE", "2s"), ("ELASTICSEARCH_BULK_MAX_SIZE", "2048"),
            ("LOGPILOT_DEAD_LETTER_BYTES_MAX", "1G"), ("CONSOLE_PRETTY", "true")).Shipping;

        Assert.Equal(512 * 1024, shipping.BatchBytes);
        Assert.Equal(TimeSpan.FromSeconds(2), shipping.BatchAge);
        Assert.Equal(2048, shipping.BatchItemsMax);
        Assert.Equal(1L << 30, shipping.DeadLetterBytesMax);
        Assert.True(shipping.ConsolePretty);
    }

    [Fact]
    public void Read_FileOutput_ReadsLogPilotsNames()
    {
        var file = _files.ReadValid(
            ("LOGGING_OUTPUT", "file"), ("FILE_PATH", "/out"), ("FILE_NAME", "all"), ("FILE_ROTATE_SIZE", "20"),
            ("FILE_NUMBER_OF_FILES", "3"), ("FILE_PERMISSIONS", "0644")).Shipping.File;

        Assert.Equal("/out", file.Directory);
        Assert.Equal("all", file.Name);
        Assert.Equal(20 * 1024, file.RotateBytes);
        Assert.Equal(3, file.FileCount);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            file.Permissions);
    }

    [Fact]
    public void Read_FileOutputWithoutPath_IsRequiredAsInLogPilot() =>
        Assert.StartsWith("FILE_PATH required", _files.ReadError(("LOGGING_OUTPUT", "file")));

    [Theory]
    [InlineData("FILE_PERMISSIONS", "0888")]
    [InlineData("FILE_PERMISSIONS", "rw")]
    [InlineData("FILE_PERMISSIONS", "4755")]
    [InlineData("FILE_NAME", "a/b")]
    [InlineData("FILE_NAME", "..")]
    [InlineData("FILE_NUMBER_OF_FILES", "1")]
    [InlineData("FILE_ROTATE_SIZE", "10MiB")]
    public void Read_FileOutputWithAWrongValue_IsAnError(string name, string value) =>
        Assert.StartsWith($"{name}: '{value}'", _files.ReadError(
            ("LOGGING_OUTPUT", "file"), ("FILE_PATH", "/out"), (name, value)));
}
