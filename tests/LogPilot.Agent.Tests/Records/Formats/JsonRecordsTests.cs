using System.Text;
using System.Text.Json;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>Records as loggers write them: the files that the fuzzing begins with.</summary>
public sealed class JsonRecordsTests
{
    private static readonly string Corpus = Path.Combine(
        RepositoryRoot.Path, "tests", "LogPilot.Agent.Tests", "Fuzzing", "corpus", "json-record");

    private static readonly string[] OwnNames = ["index", "topic", "env", "docker_container"];

    public static TheoryData<string> Loggers =>
        [.. Directory.EnumerateFiles(Corpus, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Loggers))]
    public void TryParse_RecordOfALogger_BecomesWhatTheRulesSay(string logger)
    {
        var record = Read(logger);
        foreach (var timeKey in (string?[])[null, "@timestamp", "time", "instant.epochSecond"])
        {
            var fields = new FieldWriter();

            Assert.True(new JsonFormat(timeKey, JsonCase.Names(OwnNames)).TryParse(record, fields));

            var model = JsonModel.Read(record, timeKey, OwnNames)!.Value;
            using var json = Parse(fields);
            Assert.Equal($"{{{model.Members}}}", JsonModel.Canonical(json.RootElement));
            Assert.Equal(model.Time, Encoding.UTF8.GetString(fields.Time));
        }
    }

    [Theory]
    [MemberData(nameof(Loggers))]
    public void TryParse_EachPrefix_IsFalse(string logger)
    {
        var record = Read(logger).AsSpan().TrimEnd((byte)'\n');
        var format = new JsonFormat("@timestamp", JsonCase.Names(OwnNames));
        for (var length = 0; length < record.Length; length++)
        {
            Assert.False(format.TryParse(record[..length], new FieldWriter()), $"the first {length} bytes");
        }
    }

    [Theory]
    [InlineData("log4j2-template", "@timestamp", "2026-01-01T12:34:56.123Z", "log_.level,message,ecs.version,service.name,event.dataset,process.thread.name,log_.logger,error.type,error.message,error.stack_trace")]
    [InlineData("log4j2-layout", "instant.epochSecond", "1767270896", "instant,thread,level,loggerName,message,endOfBatch,loggerFqcn,contextMap,contextStack,threadId,threadPriority")]
    [InlineData("logback-logstash", "@timestamp", "2026-01-01T12:34:56.123+01:00", "@version,message,logger_name,thread_name,level,level_value,tags,mdc,offset_")]
    [InlineData("zap", "ts", "1767270896.1234567", "level,ts,caller,msg,url,attempt,backoff,stacktrace")]
    [InlineData("dotnet-console", "Timestamp", "2026-01-01T12:34:56.1234567+00:00", "Timestamp,EventId,LogLevel,Category,Message,State,Scopes")]
    [InlineData("docker", "time", "2026-01-01T12:34:56.123456789Z", "level,msg,time,source_,index_,docker_container_,_id_")]
    [InlineData("serilog-compact", "@t", "2026-01-01T12:34:56.1234567Z", "@t,@mt,@i,@l,@x,User,@tr,@sp")]
    [InlineData("twice", "@timestamp", "x", "b,a,offset_,offset__,_,__,a._.b,instant")]
    public void TryParse_RecordOfALogger_HasItsFieldsAndTime(string logger, string timeKey, string time, string names)
    {
        var fields = new FieldWriter();

        Assert.True(new JsonFormat(timeKey, JsonCase.Names(OwnNames)).TryParse(Read(logger), fields));

        using var json = Parse(fields);
        Assert.Equal(names, string.Join(',', json.RootElement.EnumerateObject().Select(field => field.Name)));
        Assert.Equal(time, Encoding.UTF8.GetString(fields.Time));
    }

    [Fact]
    public void TryParse_TenThousandRecords_AllocateNothing()
    {
        byte[][] records = [.. Directory.EnumerateFiles(Corpus).Select(File.ReadAllBytes)];
        var format = new JsonFormat("@timestamp", JsonCase.Names(OwnNames));
        var fields = new FieldWriter();

        Allocations.AssertNone(() => ReadAll(records, format, fields, count: 10_000));
    }

    private static void ReadAll(byte[][] records, JsonFormat format, FieldWriter fields, int count)
    {
        for (var i = 0; i < count; i++)
        {
            fields.Clear();
            format.TryParse(records[i % records.Length], fields);
        }
    }

    private static JsonDocument Parse(FieldWriter fields) =>
        JsonDocument.Parse($"{{{Encoding.UTF8.GetString(fields.Members)}}}", new JsonDocumentOptions { AllowDuplicateProperties = false });

    private static byte[] Read(string logger) => File.ReadAllBytes(Path.Combine(Corpus, logger + ".txt"));
}
