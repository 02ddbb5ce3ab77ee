using LogPilot.Agent.Records;

namespace LogPilot.Aot.Tests.Options;

public sealed class RecordOptionsTests : IDisposable
{
    private readonly OptionFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Read_Metadata_IsTakenItemByItem()
    {
        var metadata = _files.ReadValid(
            ("LOGPILOT_METADATA", "image, label:app.kubernetes.io/name ,env:APP_VERSION,label:team,image,env:APP_VERSION")).Records.Metadata;

        Assert.Equal((false, true, false), (metadata.ContainerId, metadata.Image, metadata.PodUid));
        Assert.Equal(["app.kubernetes.io/name", "team"], metadata.Labels);
        Assert.Equal(["APP_VERSION"], metadata.Env);
    }

    [Theory]
    [InlineData("container_id,imge", "imge", "none of container_id, image, pod_uid, label:NAME and env:NAME")]
    [InlineData("image,", "", "remove the comma")]
    [InlineData("label:", "label:", "names nothing")]
    [InlineData("env: ", "env:", "names nothing")]
    [InlineData("env:A=b", "env:A=b", "the name alone")]
    [InlineData("Label:x", "Label:x", "none of")]
    public void Read_WrongMetadata_IsAnErrorWithItsFix(string value, string item, string fix)
    {
        var error = _files.ReadError(("LOGPILOT_METADATA", value));

        Assert.StartsWith($"LOGPILOT_METADATA: '{item}' ", error, StringComparison.Ordinal);
        Assert.Contains(fix, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreMetadataThanTags_IsAnError() =>
        Assert.Contains(
            "at most 64",
            _files.ReadError(("LOGPILOT_METADATA", string.Join(',', Enumerable.Range(0, 65).Select(one => $"label:l{one}")))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("", DocumentShape.LogPilot)]
    [InlineData("logpilot", DocumentShape.LogPilot)]
    [InlineData("FILEBEAT", DocumentShape.Filebeat)]
    [InlineData("ecs", DocumentShape.Ecs)]
    public void Read_Document_ChoosesTheShape(string value, object shape) =>
        Assert.Equal(shape, _files.ReadValid(("LOGPILOT_DOCUMENT", value)).Records.Shape);

    [Fact]
    public void Read_HostName_IsTheNodesElseTheOneInTheHostsFile()
    {
        var root = _files.CreateDirectory("root");
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        File.WriteAllText(Path.Combine(root, "etc", "hostname"), "bare-metal-7\n");
        (string, string)[] variables = [("LOGPILOT_DOCUMENT", "ecs"), ("LOGPILOT_HOST_ROOT", root)];

        Assert.Equal("bare-metal-7", _files.ReadValid(variables).Records.HostName);
        Assert.Equal("", _files.ReadValid(variables).Records.NodeName);
        Assert.Equal("n1", _files.ReadValid([.. variables, ("NODE_NAME", "n1")]).Records.HostName);
        File.Delete(Path.Combine(root, "etc", "hostname"));
        Assert.Equal(Environment.MachineName, _files.ReadValid(variables).Records.HostName);
    }
}
