using System.Text;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;
using LogPilot.Agent.Tests.Support;

namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>Names in the shape <c>ecs</c>, where a record and the agent have members in the same objects.</summary>
public sealed class EcsJsonTests
{
    private const int Version = 1;
    private const int Dataset = 2;
    private const int Service = 4;

    private static readonly AgentFields Agent = JsonCase.Agent(
        DocumentShape.Ecs, "host.name", "container.id", "orchestrator.type", "labels.docker_app", "labels.env", "labels.env_");

    [Theory]
    [InlineData("log.level")]
    [InlineData("log.logger")]
    [InlineData("log.origin.file.name")]
    [InlineData("log.files")]
    [InlineData("log.file_.path")]
    [InlineData("host.hostname")]
    [InlineData("host.os.name")]
    [InlineData("event.action")]
    [InlineData("service.version")]
    [InlineData("service.node.name")]
    [InlineData("labels.user")]
    [InlineData("error.stack_trace")]
    [InlineData("process.thread.name")]
    [InlineData("source.address")]
    [InlineData("offset")]
    [InlineData("index")]
    [InlineData("docker_container")]
    [InlineData("k8s_pod")]
    public void TryParse_NameOfARecord_StaysAsTextAndAsObjects(string name)
    {
        var (text, nested) = (Dotted(name), Nested(name));

        Assert.Equal((text, 0), Read(text));
        Assert.Equal((nested, 0), Read(nested));
    }

    [Theory]
    [InlineData("log.file.path", "log.file_.path")]
    [InlineData("log.file", "log.file_")]
    [InlineData("log.offset", "log.offset_")]
    [InlineData("log.offset.x.y", "log.offset_.x.y")]
    [InlineData("log.parse_error", "log.parse_error_")]
    [InlineData("log.index_error", "log.index_error_")]
    [InlineData("log.truncated", "log.truncated_")]
    [InlineData("host.name", "host.name_")]
    [InlineData("container.id", "container_.id")]
    [InlineData("container.x.y", "container_.x.y")]
    [InlineData("orchestrator.cluster.name", "orchestrator_.cluster.name")]
    [InlineData("labels.docker_app", "labels.docker_app_")]
    [InlineData("labels.env", "labels.env__")]
    [InlineData("stream", "stream_")]
    [InlineData("stream.x", "stream_.x")]
    [InlineData("@timestamp", "@timestamp_")]
    [InlineData("_id", "_id_")]
    [InlineData("_source.x", "_source_.x")]
    [InlineData("event.dataset.x", "event.dataset_.x")]
    [InlineData("service.name.x.y", "service.name_.x.y")]
    [InlineData("log", "log_")]
    [InlineData("host", "host_")]
    [InlineData("ecs", "ecs_")]
    [InlineData("labels", "labels_")]
    [InlineData("log..level", "log._.level")]
    public void TryParse_NameOfTheAgent_IsRenamedAsTextAndAsObjects(string name, string expected)
    {
        Assert.Equal((Dotted(expected), 0), Read(Dotted(name)));
        Assert.Equal((Nested(expected), 0), Read(Nested(name)));
    }

    [Theory]
    [InlineData(""" "log":{"file.path":1,"origin":{"file":{"path":2}}} """, """ "log":{"file_.path":1,"origin":{"file":{"path":2}}} """)]
    [InlineData(""" "log.file":{"path":1} """, """ "log.file_":{"path":1} """)]
    [InlineData(""" "l\u006fg":{"\u006fffset":1} """, """ "log":{"offset_":1} """)]
    [InlineData(""" "log" : {"offset" : 1, "level" : "x"} """, """ "log":{"offset_":1,"level":"x"} """)]
    [InlineData(""" "log":{"offset":1,"offset_":2,"offset":3} """, """ "log":{"offset__":2,"offset_":3} """)]
    [InlineData(""" "log":{},"service":{} """, """ "log":{},"service":{} """)]
    [InlineData(""" "log":["a"],"host":null,"service":true,"labels":[{"env":1}] """, """ "log_":["a"],"host_":null,"service_":true,"labels_":[{"env":1}] """)]
    [InlineData(""" "a":{"log":{"offset":1},"host.name":2},"b":[{"log":{"offset":1}}] """, """ "a":{"log":{"offset":1},"host.name":2},"b":[{"log":{"offset":1}}] """)]
    [InlineData(""" "host.os":{"name":1,"host.name":2} """, """ "host.os":{"name":1,"host.name":2} """)]
    [InlineData(""" "log":1,"log":{"level":2} """, """ "log_":{"level":2} """)]
    [InlineData(""" "log":{"level":2},"log":1 """, """ "log_":1 """)]
    [InlineData(""" "log":{"level":2},"log":1,"log":{"offset":3} """, """ "log_":{"offset":3} """)]
    [InlineData(""" "log":{"level":2},"log":{"level":3,"offset":4} """, """ "log":{"level":3,"offset_":4} """)]
    [InlineData(""" "log_":0,"log":1 """, """ "log_":0,"log__":1 """)]
    public void TryParse_Objects_AreFollowedWhereTheAgentHasMembers(string members, string expected) =>
        Assert.Equal((expected.Trim(), 0), Read(members));

    [Theory]
    [InlineData(""" "ecs.version":"1.2.0","event.dataset":"a","service.name":"b" """, null, Version | Dataset | Service)]
    [InlineData(""" "ecs":{"version":"1.6.0"} """, null, Version)]
    [InlineData(""" "event":{"dataset":"a","action":"b"} """, null, Dataset)]
    [InlineData(""" "event":{"dataset":null} """, null, Dataset)]
    [InlineData(""" "service":{"name":"a"},"service":{"version":"1"} """, """ "service":{"version":"1"} """, 0)]
    [InlineData(""" "service":{"name":"a","name":"b"} """, """ "service":{"name":"b"} """, Service)]
    [InlineData(""" "service.name":"a","service":{"name":"b"},"service":{} """, """ "service.name":"a","service":{} """, Service)]
    [InlineData(""" "service.name":{"x":1},"ecs":{"version":[1]} """, """ "service.name_":{"x":1},"ecs":{"version_":[1]} """, 0)]
    [InlineData(""" "service.name":"a","service.name":[] """, """ "service.name_":[] """, 0)]
    [InlineData(""" "a":{"service":{"name":"b"}},"b":[{"service.name":"c"}] """, null, 0)]
    public void TryParse_WhatTheAgentLeavesToRecords_IsGiven(string members, string? expected, int given) =>
        Assert.Equal(((expected ?? members).Trim(), given), Read(members));

    [Fact]
    public void TryParse_RecordAfterRecord_KnowsNothingOfWhatWasGiven()
    {
        var fields = new FieldWriter();
        var format = new JsonFormat(null, new FieldNames(Agent));
        format.TryParse("""{"service":{"name":"a"},"ecs.version":"1"}"""u8, fields);

        fields.Clear();
        Assert.True(format.TryParse("""{"event.dataset":"b"}"""u8, fields));

        Assert.Equal(Dataset, fields.GivenDefaults);
    }

    [Fact]
    public void TryParse_RecordsOfEcsLibraries_AllocateNothing()
    {
        var corpus = Path.Combine(RepositoryRoot.Path, "tests", "LogPilot.Agent.Tests", "Fuzzing", "corpus", "json-record");
        byte[][] records = [.. Directory.EnumerateFiles(corpus, "ecs-*.txt").Select(File.ReadAllBytes)];
        var format = new JsonFormat("@timestamp", new FieldNames(Agent));
        var fields = new FieldWriter();
        Assert.Equal(5, records.Length);

        Allocations.AssertNone(() =>
        {
            foreach (var record in records)
            {
                fields.Clear();
                Assert.True(format.TryParse(record, fields));
            }
        });
    }

    [Fact]
    public void OfDeclared_Ecs_AreNamesForTextsEachOnce()
    {
        var names = new FieldNames(Agent);

        var given = names.OfDeclared(["log.offset", "log.offset_", "stream", "log", "log.level", "source", "service.name", "labels.env", "message"]);

        Assert.Equal(["log.offset_", "log.offset__", "stream_", "log_", "log.level", "source", "service.name", "labels.env__", "message"], given);
        Assert.Equal(Service, names.DefaultsOf(given));
    }

    [Fact]
    public void OfDeclared_LogPilot_AreThoseOfDeclarationsBesideTags()
    {
        var names = JsonCase.Names("env", "team.name");

        var given = names.OfDeclared(["offset", "log.level", "message", "env", "env_", "team", "docker_x", "docker_label_x", "time"]);

        Assert.Equal(["offset_", "log_.level", "message", "env_", "env__", "team_", "docker_x", "docker_label_x_", "time"], given);
        Assert.Equal(0, names.DefaultsOf(given));
    }

    private static (string? Members, int Given) Read(string members)
    {
        var fields = new FieldWriter();
        return new JsonFormat(null, new FieldNames(Agent)).TryParse(Encoding.UTF8.GetBytes($"{{{members}}}"), fields)
            ? (Encoding.UTF8.GetString(fields.Members), fields.GivenDefaults)
            : (null, 0);
    }

    private static string Dotted(string name) => $"\"{name}\":1";

    private static string Nested(string name) => $"\"{name.Replace(".", "\":{\"", StringComparison.Ordinal)}\":1{new string('}', name.Count(one => one == '.'))}";
}
