using System.Text;
using System.Text.Json;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent.Tests.Shipping;

public sealed class PlainDocumentTests
{
    [Theory]
    [InlineData("""{"@timestamp":"t","message":"a\u001b","offset":1}""", """{"@timestamp":"t","offset":1,"message":"a\u001b","log":{"index_error":"why"}}""")]
    [InlineData("""{"n":{"a":[1]},"source":"/s"}""", """{"source":"/s","message":"{\"n\":{\"a\":[1]}}","log":{"index_error":"why"}}""")]
    [InlineData("""{"message":"m","log":{"truncated":true}}""", """{"message":"m","log":{"truncated":true,"index_error":"why"}}""")]
    [InlineData("""{"message":"m","log":{}}""", """{"message":"m","log":{"index_error":"why"}}""")]
    [InlineData("""{"message":{"x":1}}""", """{"message":"{\"message\":{\"x\":1}}","log":{"index_error":"why"}}""")]
    [InlineData("""{"message":"m","message":"n"}""", """{"message":"{\"message\":\"m\",\"message\":\"n\"}","log":{"index_error":"why"}}""")]
    [InlineData("""{"\ud800":1}""", """{"message":"{\"\\ud800\":1}","log":{"index_error":"why"}}""")]
    [InlineData("""{"message":"cut""", """{"message":"{\"message\":\"cut","log":{"index_error":"why"}}""")]
    [InlineData("""{"k8s_pod":"p","docker_x_":{"y":1}}""", """{"k8s_pod":"p","message":"{\"docker_x_\":{\"y\":1}}","log":{"index_error":"why"}}""")]
    [InlineData("{}", """{"message":"{}","log":{"index_error":"why"}}""")]
    public void Rewrite_WithReason_KeepsOwnFieldsAndLosesNoText(string document, string expected)
    {
        var plain = Encoding.UTF8.GetString(PlainDocument.Rewrite(Encoding.UTF8.GetBytes(document), "why"));

        Assert.Equal(expected + "\n", plain);
        JsonDocument.Parse(plain).Dispose();
    }

    [Theory]
    [InlineData(
        """{"@timestamp":"t","message":"m","log.file.path":"/s","log.offset":1,"stream":"stdout","log.truncated":true,"host.name":"n","ecs.version":"8"}""",
        """{"@timestamp":"t","log.file.path":"/s","log.offset":1,"stream":"stdout","log.truncated":true,"host.name":"n","ecs.version":"8","message":"m","log.index_error":"why"}""",
        """{"@timestamp":"t","stream":"stdout","host.name":"n","ecs.version":"8","message":"m"}""")]
    [InlineData(
        """{"@timestamp":"t","log":{"level":1},"source":"x","ecs.version":{},"log.file.path":"/s","event.dataset":"d","labels.stage":"p"}""",
        """{"@timestamp":"t","log.file.path":"/s","event.dataset":"d","message":"{\"log\":{\"level\":1},\"source\":\"x\",\"ecs.version\":{},\"labels.stage\":\"p\"}","log.index_error":"why"}""",
        """{"@timestamp":"t","event.dataset":"d","message":"{\"log\":{\"level\":1},\"source\":\"x\",\"ecs.version\":{},\"labels.stage\":\"p\"}"}""")]
    public void Rewrite_Ecs_KeepsWhatTheAgentWroteBehindTheLine(string document, string expected, string bare)
    {
        var bytes = Encoding.UTF8.GetBytes(document);

        Assert.Equal(
            (expected + "\n", bare + "\n"),
            (Encoding.UTF8.GetString(PlainDocument.Rewrite(bytes, "why")), Encoding.UTF8.GetString(PlainDocument.Rewrite(bytes, null))));
    }

    [Fact]
    public void Rewrite_Filebeat_KeepsItsObjectsAndNotARecords()
    {
        const string Document = """{"beat":{"x":1},"message":"m","source":"/s","prospector":{"type":"log"},"beat":{"name":"n"}}""";

        Assert.Equal(
            """{"source":"/s","prospector":{"type":"log"},"beat":{"name":"n"},"message":"{\"beat\":{\"x\":1},\"message\":\"m\"}"}""" + "\n",
            Encoding.UTF8.GetString(PlainDocument.Rewrite(Encoding.UTF8.GetBytes(Document), null)));
    }

    [Fact]
    public void Rewrite_WithoutReason_HasNoLog()
    {
        var plain = Encoding.UTF8.GetString(PlainDocument.Rewrite("""{"message":"m","log":{"truncated":true},"k8s_pod":"p"}"""u8, null));

        Assert.Equal("{\"k8s_pod\":\"p\",\"message\":\"m\"}\n", plain);
    }

    [Fact]
    public void Rewrite_InvalidUtf8_IsValidJsonAllTheSame()
    {
        var plain = PlainDocument.Rewrite([.. "{\"message\":\""u8, 0xff, .. "\"}"u8], "why");

        using var parsed = JsonDocument.Parse(plain);
        Assert.Contains('\ufffd', parsed.RootElement.GetProperty("message").GetString()!);
    }
}
